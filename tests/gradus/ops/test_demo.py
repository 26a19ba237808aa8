from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from gradus.accounts.models import User
from gradus.catalog import services as catalog
from gradus.courses.models import Assignment, Item
from gradus.ops import demo
from gradus.ops.smoke.report import Line, latencies, percentile, table
from tests.people import owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(bank: Path, tmp_path: Path) -> Path:
    catalog.sync(bank)
    demo.make_demo(tmp_path)
    return tmp_path


def test_makes_one_assignment_per_unit_over_all_exercises(made: Path) -> None:
    titles = list(Assignment.objects.values_list("title", flat=True))
    assert sorted(titles) == ["First unit", "Second unit"]
    assert Item.objects.count() == 2


def test_each_unit_is_due_a_week_after_the_one_before(made: Path) -> None:
    first, second = Assignment.objects.order_by("order", "due_at")
    assert first.due_at is not None
    assert second.due_at is not None
    assert second.due_at - first.due_at == timedelta(weeks=1)
    assert timedelta(days=7) <= first.due_at - timezone.now() <= timedelta(days=14)


def test_what_is_past_due_comes_again_in_the_next_ten_weeks(made: Path) -> None:
    before = {one.pk: one.due_at for one in Assignment.objects.all()}
    past = timezone.now() - timedelta(weeks=11)
    Assignment.objects.filter(title="First unit").update(due_at=past)
    demo.make_demo(made)
    for one in Assignment.objects.all():
        again = past + timedelta(weeks=20) if one.title == "First unit" else before[one.pk]
        assert one.due_at == again
        assert not one.is_past_due(timezone.now())


def test_logins_work_and_are_private(made: Path) -> None:
    file = made / demo.LOGINS
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for login in demo.logins(made):
        user = User.objects.get(username=login.username)
        assert user.check_password(login.password)
        assert owner_of(login.token, timezone.now()) == user


def test_a_second_start_keeps_passwords_and_items(made: Path) -> None:
    before = (made / demo.LOGINS).read_text()
    demo.make_demo(made)
    assert (made / demo.LOGINS).read_text() == before
    assert Item.objects.count() == 2


def test_a_lost_file_makes_new_passwords_and_voids_the_old(made: Path) -> None:
    old = demo.logins(made)[0]
    (made / demo.LOGINS).unlink()
    demo.make_demo(made)
    new = demo.logins(made)[0]
    user = User.objects.get(username=old.username)
    assert not user.check_password(old.password)
    assert user.check_password(new.password)
    assert owner_of(old.token, timezone.now()) is None


def test_a_lost_database_makes_new_passwords(made: Path) -> None:
    from gradus.audit import append_only
    from gradus.audit.models import Entry
    from gradus.courses.models import Course, Enrolment

    Item.objects.all().delete()
    Assignment.objects.all().delete()
    with append_only.lifted():
        Entry.objects.all().delete()

    Enrolment.objects.all().delete()
    Course.objects.all().delete()
    User.objects.all().delete()
    demo.make_demo(made)
    login = demo.logins(made)[0]
    assert User.objects.get(username=login.username).check_password(login.password)


def test_a_broken_logins_file_is_named(made: Path) -> None:
    (made / demo.LOGINS).write_text(json.dumps({"people": [{"username": "ada"}]}))
    with pytest.raises(ValueError, match=r"demo-logins\.json cannot be read"):
        demo.make_demo(made)


def test_items_move_to_the_newest_version(made: Path, bank: Path) -> None:
    (bank / "first-unit" / "doubling" / "statement.md").write_text("Other words.\n")
    catalog.sync(bank)
    demo.make_demo(made)
    assert Item.objects.get(exercise__slug="doubling").version.statement == "Other words.\n"


def test_the_report_lines_up_and_counts() -> None:
    lines = [
        Line("doubling", "code", "solution.py", "passed", "10/10", 0.2),
        Line("sum", "by-hand", "answers", "failed", "0/3", 1.5, "failed, expected passed"),
    ]
    text = table(lines)
    assert "WRONG: failed, expected passed" in text
    assert latencies(lines).endswith("p50 0.20 s, p95 1.50 s")
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == 2.0
