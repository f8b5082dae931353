import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0005_one_lead_that_was_not_handed_on'),
    ]

    operations = [
        migrations.AddField(
            model_name='part',
            name='handed_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='came_from', to='tasks.part'),
        ),
        migrations.RemoveConstraint(
            model_name='part',
            name='tasks_part_unit_once',
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('task', 'unit'), name='tasks_part_unit_once'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.CheckConstraint(condition=models.Q(('handed_to__isnull', True), ('status', 'transferred'), _connector='OR'), name='tasks_part_handed_on_is_transferred'),
        ),
    ]
