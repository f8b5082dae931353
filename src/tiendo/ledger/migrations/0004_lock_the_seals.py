from django.db import migrations

from tiendo.ledger.locks import lock, unlock

TABLES = ("ledger_seal", "ledger_sealed")


def lock_seals(apps, schema_editor):
    for table in TABLES:
        lock(table, schema_editor)


def unlock_seals(apps, schema_editor):
    for table in TABLES:
        unlock(table, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_seals")]
    operations = [migrations.RunPython(lock_seals, unlock_seals)]
