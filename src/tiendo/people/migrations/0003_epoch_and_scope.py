from django.db import migrations, models

import tiendo.kit.dates


class Migration(migrations.Migration):
    dependencies = [("people", "0002_token")]

    operations = [
        migrations.AddField("person", "epoch", models.PositiveIntegerField(default=0)),
        migrations.AddField("token", "used_on", tiendo.kit.dates.DayField(blank=True, null=True)),
        # a key opened before scopes could do whatever its person may
        migrations.AddField(
            "token",
            "scope",
            models.CharField(
                choices=[
                    ("read", "Look only"),
                    ("report", "Look, and report on tasks"),
                    ("all", "All that I may do"),
                ],
                default="all",
                max_length=8,
                verbose_name="what it may do",
            ),
        ),
        migrations.AlterField(
            "token",
            "scope",
            models.CharField(
                choices=[
                    ("read", "Look only"),
                    ("report", "Look, and report on tasks"),
                    ("all", "All that I may do"),
                ],
                default="read",
                max_length=8,
                verbose_name="what it may do",
            ),
        ),
        migrations.AddConstraint(
            "token",
            models.CheckConstraint(
                condition=models.Q(("scope__in", ["read", "report", "all"])),
                name="people_token_known_scope",
            ),
        ),
    ]
