from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """An item may be withdrawn, with a reason."""

    dependencies = [("courses", "0008_human_points")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="item",
            name="withdrawn_why",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                name="withdrawn_item_says_why",
                condition=Q(withdrawn_at__isnull=True, withdrawn_why="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
            ),
        ),
    ]
