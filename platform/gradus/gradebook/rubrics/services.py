"""Set a rubric, mark by it, tell students. Rows are only added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from gradus.accounts import letters
from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.courses.models import Enrolment, Item, Role
from gradus.gradebook.models import GradeEvent, HumanMark, Rubric, RubricRelease
from gradus.gradebook.rubrics import criteria as lines
from gradus.gradebook.rubrics.errors import MarkedMeanwhile, RubricRefused
from gradus.gradebook.rubrics.selectors import newest_marks, newest_rubric
from gradus.submissions.models import Submission

log = structlog.get_logger(__name__)

MOST_COMMENT = 4_000  # characters
MOST_ITEM = Decimal(9999)  # points


@dataclass(frozen=True, slots=True)
class Choice:
    """What a marker chose."""

    levels: Sequence[int]  # of each criterion, counted from 0
    comment: str
    seen: int  # the mark that was there when the page was opened, 0 for none


@transaction.atomic
def set_rubric(
    *, item: Item, text: str, is_anonymous: bool, actor: User, seen: int, now: datetime
) -> Rubric:
    """Add a version, and its points to the item's; an empty text ends the part that people mark.

    `seen` is the number of the version that the person saw, 0 for none.

    Raises: RubricRefused: lines that cannot be read, too many points, a newer version.
    """
    own = Item.objects.select_for_update(of=("self",)).select_related("version").get(pk=item.pk)
    old = newest_rubric(own)
    if (old.number if old else 0) != seen:
        raise RubricRefused(
            _("Somebody else changed the rubric meanwhile. Open the page again to see it.")
        )
    try:
        criteria = lines.read(text)
    except ValueError as error:
        raise RubricRefused(str(error)) from error
    points = lines.total(criteria)
    whole = own.automatic_points + points
    if whole > MOST_ITEM:
        raise RubricRefused(_("An exercise has at most {most} points.").format(most=MOST_ITEM))
    rubric = Rubric.objects.create(
        item=own, number=seen + 1, criteria=lines.to_json(criteria), points=points,
        is_anonymous=is_anonymous, author=actor, created_at=now,
    )  # fmt: skip
    Item.objects.filter(pk=own.pk).update(points=whole, human_points=points)
    record(
        Action.RUBRIC_SET,
        course_id=item.assignment.course_id,
        about=own.version.title,
        old={"points": own.points, "rubric": lines.written(_criteria(old))},
        new={"points": whole, "rubric": lines.written(criteria)},
        actor=actor,
    )
    return rubric


@transaction.atomic
def mark(
    *,
    rubric: Rubric,
    student: Enrolment,
    submission: Submission,
    choice: Choice,
    actor: User,
    now: datetime,
) -> HumanMark:
    """Add a mark.

    Once students are told, it counts at once, and its student gets a mail.

    Raises: RubricRefused: levels that do not fit, another student's submission, an own one;
        MarkedMeanwhile, when there is a newer mark.
    """
    comment = choice.comment.strip()
    _refuse_other(rubric, student, submission, actor)
    if len(comment) > MOST_COMMENT:
        raise RubricRefused(
            _("The comment may have at most {most} characters.").format(most=f"{MOST_COMMENT:,}")
        )
    try:
        points = lines.points_of(_criteria(rubric), choice.levels)
    except ValueError as error:
        raise RubricRefused(str(error)) from error
    Item.objects.select_for_update(of=("self",)).get(pk=rubric.item_id)  # nor a release meanwhile
    last = newest_marks(rubric.item_id, [student.pk]).get(student.pk)
    if (last.pk if last else 0) != choice.seen:
        raise MarkedMeanwhile
    if rubric.number != Rubric.objects.filter(item=rubric.item_id).latest("number").number:
        raise RubricRefused(_("The rubric was changed meanwhile. Open the page again to see it."))
    made = HumanMark.objects.create(
        rubric=rubric, item_id=rubric.item_id, enrolment=student, submission=submission,
        levels=list(choice.levels), points=points, comment=comment, marker=actor, replaces=last,
        created_at=now,
    )  # fmt: skip
    log.info("marked by people", human_mark_id=made.pk, user_id=actor.pk)
    if RubricRelease.objects.filter(item=rubric.item_id).exists():
        GradeEvent.objects.create(**_event(made, last, actor, now))
        _tell([made], now, is_new=last is None)
        _record_change(made, last, actor)
    return made


@transaction.atomic
def release(*, item: Item, actor: User, now: datetime) -> int:
    """Tell students what people marked; how many have a mark.

    Raises: RubricRefused, where there is nothing to tell, or it was told already.
    """
    Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if RubricRelease.objects.filter(item=item).exists():
        raise RubricRefused(_("Students have been told already."))
    marks = list(newest_marks(item.pk).values())
    if not marks or not item.human_points:
        raise RubricRefused(_("Nothing is marked yet, so there is nothing to tell."))
    RubricRelease.objects.create(item=item, actor=actor, created_at=now)
    GradeEvent.objects.bulk_create(
        GradeEvent(**_event(one, None, one.marker, now)) for one in marks
    )
    _tell(marks, now, is_new=True)
    record(
        Action.RUBRIC_RELEASED,
        course_id=item.assignment.course_id,
        about=item.version.title,
        new={"marks": len(marks)},
        actor=actor,
    )
    return len(marks)


def _refuse_other(rubric: Rubric, student: Enrolment, submission: Submission, actor: User) -> None:
    fits = submission.item_id == rubric.item_id and submission.enrolment_id == student.pk
    if not fits or submission.mode != Submission.Mode.SUBMIT or student.role != Role.STUDENT:
        raise RubricRefused(_("This is no submission that is marked here."))
    if student.user_id == actor.pk:
        raise RubricRefused(_("Nobody marks the own work."))
    if not rubric.criteria:
        raise RubricRefused(_("This exercise has no part that people mark."))


def _criteria(rubric: Rubric | None) -> lines.Criteria:
    return lines.from_json(rubric.criteria) if rubric else ()


def _event(
    mark: HumanMark, last: HumanMark | None, actor: User, now: datetime
) -> dict[str, object]:
    return {
        "enrolment_id": mark.enrolment_id,
        "item_id": mark.item_id,
        "source": GradeEvent.Source.RUBRIC,
        "submission_id": mark.submission_id,
        "human_mark": mark,
        "points": mark.points,
        "old_points": last.points if last else None,
        "max_points": mark.rubric.points,
        "actor": actor,
        "created_at": now,
    }


def _tell(marks: Sequence[HumanMark], now: datetime, *, is_new: bool) -> None:
    """Mail that there is something to read, without the mark; `marks` are of one item."""
    item = marks[0].item
    if item.assignment.is_held:
        return  # students learn their results with the release of the assignment
    if is_new:
        subject = _("What people marked in {title} is there")
        text = _(
            "The staff of your course read your work for “{title}”."
            " What they gave and wrote is there on the page of your grades."
        )
    else:
        subject = _("What people marked in {title} changed")
        text = _(
            "The staff of your course read your work for “{title}”."
            " What they gave and wrote changed on the page of your grades."
        )
    title = item.version.title
    letters.write_to_all(
        users=[one.enrolment.user for one in marks if one.enrolment.is_active],
        subject=subject.format(title=title),
        text=text.format(title=title),
        path=reverse("web:human_part", args=[item.pk]),
        now=now,
    )


def _record_change(mark: HumanMark, last: HumanMark | None, actor: User) -> None:
    record(
        Action.MARK_SET,
        course_id=mark.enrolment.course_id,
        about=f"{mark.item.version.title}, {mark.enrolment.user.username}, by rubric",
        person=mark.enrolment.user,
        old={"points": last.points if last else None},
        new={"points": mark.points, "comment": mark.comment},
        actor=actor,
    )
