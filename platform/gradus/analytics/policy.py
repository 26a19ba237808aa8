"""Who may see statistics. Deny by default."""

from __future__ import annotations

from gradus.courses.models import Enrolment


def may_see_statistics(enrolment: Enrolment) -> bool:
    """Those who may read every submission; students and observers see none of it."""
    return enrolment.is_staff
