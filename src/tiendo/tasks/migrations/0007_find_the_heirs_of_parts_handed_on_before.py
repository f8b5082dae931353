from django.db import migrations


def find(apps, schema_editor):
    """The heir's first step and the old part's last one were taken in the same instant."""
    Part, Move = apps.get_model('tasks', 'Part'), apps.get_model('tasks', 'Move')
    for part in Part.objects.filter(status='transferred', handed_to__isnull=True):
        last = part.moves.order_by('-pk').first()
        if last is None:
            continue
        first = Move.objects.filter(
            part__task=part.task_id, part__role=part.role, at=last.at, was='draft', status='issued'
        ).exclude(part=part.pk).first()
        if first is not None:
            Part.objects.filter(pk=part.pk).update(handed_to=first.part_id)


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0006_say_whom_a_part_was_handed_to'),
    ]

    operations = [migrations.RunPython(find, migrations.RunPython.noop)]
