"""Drafts: the latest text wins nothing by force, nothing is lost, and what is kept is bounded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from gradus.courses.models import Course
from gradus.submissions.drafts import rules, selectors
from gradus.submissions.drafts import services as drafts
from gradus.submissions.drafts.models import Draft, DraftState, Why
from gradus.submissions.drafts.services import Origin, Saved
from gradus.submissions.errors import MayNotSubmit, PartsRefused, PartsTooLarge, TooManySaves
from gradus.submissions.models import Job, Submission
from tests.people import NOON, Classroom

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def save(classroom: Classroom, text: str, **fields: Any) -> Saved:
    defaults: dict[str, Any] = {
        "enrolment": classroom.ada, "item": classroom.item, "parts": {"solution.py": text},
        "origin": Origin("laptop", 1), "now": NOON,
    }  # fmt: skip
    return drafts.save(**(defaults | fields))


def texts(draft: Draft) -> list[str]:
    """The kept states, newest first."""
    return [state.parts["solution.py"] for state in draft.states.order_by("-pk")]


def write_on(classroom: Classroom, count: int, *, apart: timedelta, size: int = 1) -> Draft:
    for k in range(count):
        text = f"{k:04}" * size
        draft = save(classroom, text, now=NOON + k * apart).draft
    return draft


def test_a_save_makes_no_submission_and_no_job(classroom: Classroom) -> None:
    save(classroom, "x = 1")
    assert Draft.objects.get().parts == {"solution.py": "x = 1"}
    assert (Submission.objects.count(), Job.objects.count()) == (0, 0)


def test_the_same_text_again_changes_nothing(classroom: Classroom) -> None:
    save(classroom, "x = 1")
    again = save(classroom, "x = 1", origin=Origin("phone", 77), now=NOON + MINUTE)
    assert (again.draft.revision, again.draft.saved_at, again.is_conflict) == (1, NOON, False)


def test_one_page_never_conflicts_with_itself(classroom: Classroom) -> None:
    save(classroom, "a")
    save(classroom, "ab")
    late = save(classroom, "abc", origin=Origin("laptop", 0))  # its answer had not come back
    assert (late.is_conflict, late.draft.revision) == (False, 3)


def test_another_device_goes_on_from_what_it_has_seen(classroom: Classroom) -> None:
    revision = save(classroom, "a").draft.revision
    on_phone = save(classroom, "ab", origin=Origin("phone", revision))
    assert (on_phone.is_conflict, on_phone.draft.parts) == (False, {"solution.py": "ab"})


def test_a_text_made_from_an_older_revision_is_set_aside_and_replaces_nothing(
    classroom: Classroom,
) -> None:
    save(classroom, "both")
    save(classroom, "from the phone", origin=Origin("phone", 1))
    late = save(classroom, "from the laptop", origin=Origin("laptop", 1))
    assert late.is_conflict
    assert late.draft.parts == {"solution.py": "from the phone"}
    assert late.aside is not None
    assert late.aside.parts == {"solution.py": "from the laptop"}


def test_a_text_that_another_device_has_gone_on_from_is_no_conflict(classroom: Classroom) -> None:
    save(classroom, "first")
    save(classroom, "last of the laptop")  # its answer never arrived: the laptop was closed
    save(classroom, "on the phone", origin=Origin("phone", 2))
    again = save(classroom, "last of the laptop", origin=Origin("laptop, opened again", 1))
    assert (again.is_conflict, again.is_outdated) == (False, True)
    assert again.draft.parts == {"solution.py": "on the phone"}
    assert texts(again.draft) == ["last of the laptop", "first"]


def test_a_conflict_that_is_asked_again_is_kept_once(classroom: Classroom) -> None:
    save(classroom, "both")
    save(classroom, "from the phone", origin=Origin("phone", 1))
    first = save(classroom, "from the laptop")
    assert save(classroom, "from the laptop").aside == first.aside


def test_keeping_ones_own_version_keeps_the_other_one_in_the_history(classroom: Classroom) -> None:
    save(classroom, "both")
    revision = save(classroom, "from the phone", origin=Origin("phone", 1)).draft.revision
    save(classroom, "from the laptop")
    kept = save(classroom, "from the laptop", origin=Origin("laptop", revision), why=Why.RESTORED)
    assert kept.draft.parts == {"solution.py": "from the laptop"}
    assert "from the phone" in texts(kept.draft)


def test_typing_keeps_one_state_in_five_minutes(classroom: Classroom) -> None:
    draft = write_on(classroom, 16, apart=MINUTE)
    assert texts(draft) == ["0010", "0005", "0000"]


@pytest.mark.parametrize("why", [Why.RESET, Why.UPLOAD, Why.NOTEBOOK, Why.RESTORED])
def test_an_act_keeps_what_it_replaces_and_what_it_made(classroom: Classroom, why: Why) -> None:
    write_on(classroom, 2, apart=MINUTE)
    save(classroom, "made", why=why, now=NOON + 2 * MINUTE)
    draft = save(classroom, "typed on", now=NOON + 2 * MINUTE).draft
    assert texts(draft)[:2] == ["made", "0001"]


def test_what_loses_a_quarter_is_kept_whenever_it_was_written(classroom: Classroom) -> None:
    save(classroom, "start")
    long = "y = 2\n" * 100
    save(classroom, long, now=NOON + MINUTE)
    assert long in texts(save(classroom, "", now=NOON + 2 * MINUTE).draft)


def test_at_most_twenty_states_stay_and_the_newest_do(classroom: Classroom) -> None:
    draft = write_on(classroom, 40, apart=rules.APART)
    assert texts(draft) == [f"{k:04}" for k in range(38, 38 - rules.MOST_STATES, -1)]


def test_large_states_are_fewer(classroom: Classroom) -> None:
    write_on(classroom, 12, apart=rules.APART, size=25_000)
    sizes = [state.size_bytes for state in DraftState.objects.all()]
    assert len(sizes) == rules.MOST_STATES_BYTES // 100_000
    assert sum(sizes) <= rules.MOST_STATES_BYTES


def test_one_state_that_is_too_large_for_the_history_is_kept_alone() -> None:
    assert rules.too_many([rules.MOST_STATES_BYTES + 1, 5, 5]) == 2
    assert rules.too_many([]) == 0


def test_restoring_is_undone_by_restoring(classroom: Classroom) -> None:
    save(classroom, "old")
    draft = save(classroom, "new", why=Why.UPLOAD).draft
    (old,) = draft.states.all()
    restored = drafts.restore(
        enrolment=classroom.ada, item=classroom.item, state_id=old.pk, now=NOON
    )
    assert restored is not None
    assert restored.parts == {"solution.py": "old"}
    assert texts(restored)[0] == "new"


def test_nobody_restores_a_state_of_somebody_else(classroom: Classroom) -> None:
    save(classroom, "old")
    (old,) = save(classroom, "new", why=Why.UPLOAD).draft.states.all()
    save(classroom, "of ben", enrolment=classroom.ben)
    found = drafts.restore(enrolment=classroom.ben, item=classroom.item, state_id=old.pk, now=NOON)
    assert found is None
    assert selectors.state_of(classroom.ben, classroom.item, old.pk) is None
    mine = selectors.draft_of(classroom.ben, classroom.item)
    assert mine is not None
    assert mine.parts == {"solution.py": "of ben"}


def test_a_page_that_saves_without_end_is_told_when_to_go_on(classroom: Classroom) -> None:
    for k in range(rules.MOST_PER_MINUTE):
        save(classroom, f"{k}")
    with pytest.raises(TooManySaves, match="Again in 50 s") as refusal:
        save(classroom, "once more", now=NOON + timedelta(seconds=10))
    assert refusal.value.retry_after_seconds == 50
    assert save(classroom, "later", now=NOON + MINUTE).draft.parts == {"solution.py": "later"}


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"solution.py": "#" * (settings.MAX_PART_BYTES + 1)}, "at most"),
        ({"solution.py": "a\nb\0"}, "line 2 has a NUL"),
        ({"solution.py": "\ud800"}, "half of a character"),
        ({"other.py": "x"}, "no part named 'other.py'"),
        ({"answers.json": "{}"}, "no part named 'answers.json'"),
    ],
)
def test_what_cannot_be_stored_is_refused(
    classroom: Classroom, parts: dict[str, str], why: str
) -> None:
    with pytest.raises((PartsRefused, PartsTooLarge), match=why):
        save(classroom, "", parts=parts)
    assert not Draft.objects.exists()


def test_an_empty_draft_is_a_draft(classroom: Classroom) -> None:
    assert save(classroom, "").draft.parts == {"solution.py": ""}


def test_who_cannot_submit_has_no_draft(classroom: Classroom) -> None:
    with pytest.raises(MayNotSubmit):
        save(classroom, "x", enrolment=classroom.otto)
    Course.objects.update(is_archived=True)
    classroom.item.assignment.course.refresh_from_db()
    with pytest.raises(MayNotSubmit):
        save(classroom, "x")


def test_after_the_deadline_one_still_writes(classroom: Classroom) -> None:
    later: datetime = NOON + timedelta(days=30)
    assert save(classroom, "x", now=later).draft.saved_at == later
