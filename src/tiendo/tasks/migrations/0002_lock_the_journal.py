from django.db import migrations

from tiendo.ledger.locks import lock, unlock


def lock_moves(apps, schema_editor):
    lock("tasks_move", schema_editor)


def unlock_moves(apps, schema_editor):
    unlock("tasks_move", schema_editor)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial")]
    operations = [migrations.RunPython(lock_moves, unlock_moves)]
