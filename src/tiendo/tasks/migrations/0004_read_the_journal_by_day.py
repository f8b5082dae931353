from django.db import migrations, models


class Migration(migrations.Migration):
    """Figures ask where each part stood, known by an instant and true by a day."""

    dependencies = [("tasks", "0003_report_says_nothing_new")]

    operations = [
        migrations.RemoveIndex(model_name="move", name="tasks_move_part_at"),
        migrations.AddIndex(
            model_name="move",
            index=models.Index(fields=["part", "id", "at", "true_on"], name="tasks_move_stood"),
        ),
        migrations.AddIndex(
            model_name="move", index=models.Index(fields=["at"], name="tasks_move_at")
        ),
        migrations.AddIndex(
            model_name="move", index=models.Index(fields=["true_on"], name="tasks_move_true_on")
        ),
        migrations.AddIndex(
            model_name="part",
            index=models.Index(
                fields=["task", "unit", "status", "due_on", "first_due_on", "done_on"],
                name="tasks_part_leads",
                condition=models.Q(role="lead"),
            ),
        ),
    ]
