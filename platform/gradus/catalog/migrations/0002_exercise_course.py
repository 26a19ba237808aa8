from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An exercise may belong to a course."""

    dependencies = [("catalog", "0001_initial"), ("courses", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="exercise",
            name="course",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="own_exercises",
                to="courses.course",
            ),
        ),
    ]
