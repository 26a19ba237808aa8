"""A learning platform's file between its upload and the download of the filled one."""

from __future__ import annotations

from datetime import datetime, timedelta

from gradus.accounts.models import User
from gradus.courses.models import Course
from gradus.gradebook.exports import lms_file
from gradus.gradebook.models import FillInFile

KEEP = timedelta(days=1)


def keep(*, course: Course, uploader: User, name: str, data: bytes, now: datetime) -> FillInFile:
    """Keep a file for its preview. Raises: FillInRefused, when it cannot be filled in."""
    lms_file.read(data)
    FillInFile.objects.filter(created_at__lt=now - KEEP).delete()
    return FillInFile.objects.create(
        course=course, uploader=uploader, name=name[:120], data=data, created_at=now
    )
