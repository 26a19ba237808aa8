"""Findings of the verdicts that are there already."""

from typing import Any

from django.db import migrations

from gradus.submissions.findings.reading import SCORED, findings_of

AT_ONCE = 500


def note(apps: Any, schema_editor: Any) -> None:
    Verdict = apps.get_model("submissions", "Verdict")
    Finding = apps.get_model("submissions", "Finding")
    fields = ("pk", "body", "submission__item_id", "submission__enrolment_id")
    rows = Verdict.objects.filter(submission__mode="submit", status__in=SCORED).order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last).values_list(*fields)[:AT_ONCE]):
        Finding.objects.bulk_create(
            [
                Finding(verdict_id=pk, item_id=item_id, enrolment_id=enrolment_id, **found)
                for pk, body, item_id, enrolment_id in chunk
                for found in findings_of(body)
            ],
            ignore_conflicts=True,
            batch_size=1000,
        )
        last = chunk[-1][0]


class Migration(migrations.Migration):
    dependencies = [("submissions", "0004_findings")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop, elidable=True)]
