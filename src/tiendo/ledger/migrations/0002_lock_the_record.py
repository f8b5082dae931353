from django.db import migrations

from tiendo.ledger.locks import lock, unlock


def lock_entries(apps, schema_editor):
    lock("ledger_entry", schema_editor)


def unlock_entries(apps, schema_editor):
    unlock("ledger_entry", schema_editor)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(lock_entries, unlock_entries)]
