from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """When a person was last told by mail how to get into a course."""

    dependencies = [("courses", "0009_withdrawn_items")]

    operations = [
        migrations.AddField(
            model_name="enrolment", name="invited_at", field=models.DateTimeField(null=True)
        ),
    ]
