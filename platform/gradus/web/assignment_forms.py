"""Forms of assignments and of the rules of a course. What is allowed is decided by the services."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils import timezone

from gradus.catalog.models import Exercise
from gradus.catalog.selectors import usable_exercises
from gradus.courses.models import Assignment, AssignmentGroup, Course, Reveal
from gradus.courses.models.people import MOST_BANK, MOST_LATE_DAYS
from gradus.courses.services import Plan
from gradus.web.numbers import points as written

MOST_MINUTES = 24 * 60
COURSES_OWN = "Empty: as in the whole course"


class CommaDecimalField(forms.DecimalField):
    """Takes a comma as well as a point."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M:%S")


def moment(label: str, help_text: str) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, required=False, widget=Moment(), help_text=help_text)


def share(label: str, help_text: str, *, required: bool = False) -> CommaDecimalField:
    return CommaDecimalField(
        label=label, required=required, min_value=0, max_value=100, max_digits=5,
        decimal_places=2, help_text=help_text,
    )  # fmt: skip


class AssignmentForm(forms.Form):
    """An assignment that exists. Its fields are those of a plan."""

    title = forms.CharField(max_length=160)
    intro = forms.CharField(
        label="Introduction", required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="Markdown, shown above the exercises.",
    )  # fmt: skip
    opens_at = moment("Opens", "Empty: as soon as it is published.")
    due_at = moment("Due", "Empty: no deadline. What arrives at this second is in time.")
    late_until = moment("Late work until", "")
    solutions_at = moment("Solutions from", "Empty: never. Of code: the reference solution.")
    grace_minutes = forms.IntegerField(
        label="Grace in minutes", required=False, min_value=0, max_value=MOST_MINUTES
    )
    late_percent = share("Late: percent off a day", "")
    late_most_percent = share("Late: most percent off", "")
    most_late_days = forms.IntegerField(
        label="Late days that may be used here", required=False, min_value=0, max_value=MOST_BANK
    )
    group = forms.ModelChoiceField(
        AssignmentGroup.objects.none(), required=False, empty_label="None: counts by itself"
    )
    weight = CommaDecimalField(
        required=False, min_value=0, max_digits=6, decimal_places=3, initial=1,
        help_text="Within its group, or in the total. Empty: 1. 0: counts nowhere.",
    )  # fmt: skip
    counting = forms.ChoiceField(
        label="What counts", choices=Assignment.Counting.choices, initial=Assignment.Counting.BEST
    )
    reveal = forms.ChoiceField(
        label="Shown of hidden checks", choices=Reveal.choices, initial=Reveal.FULL
    )
    reveal_after_due = forms.ChoiceField(
        label="Shown after the deadline", choices=Reveal.choices, initial=Reveal.FULL
    )
    is_published = forms.BooleanField(label="Publish it now", required=False, initial=True)

    def __init__(self, course: Course, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course
        groups = self.fields["group"]
        assert isinstance(groups, forms.ModelChoiceField)
        groups.queryset = course.groups.order_by("name", "pk")
        for name, default in course_defaults(course).items():
            self.fields[name].help_text = f"{COURSES_OWN}, {default}."

    def clean_weight(self) -> Decimal:
        weight: Decimal | None = self.cleaned_data["weight"]
        return Decimal(1) if weight is None else weight

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens, due, late = (data.get(name) for name in ("opens_at", "due_at", "late_until"))
        if opens and due and opens >= due:
            self.add_error("due_at", "The assignment must open before it is due.")
        if late and (due is None or late < due):
            self.add_error("late_until", "Late work can be accepted only after a deadline.")
        return data

    @property
    def plan(self) -> Plan:
        names = Plan.__dataclass_fields__
        return Plan(**{name: value for name, value in self.cleaned_data.items() if name in names})


class NewAssignmentForm(AssignmentForm):
    max_attempts = forms.IntegerField(
        label="Attempts for each exercise", required=False, min_value=1, max_value=1000,
        help_text="Empty: no limit. Run costs no attempt.",
    )  # fmt: skip
    exercises = forms.ModelMultipleChoiceField(
        queryset=Exercise.objects.none(),
        error_messages={"required": "Choose at least one exercise."},
    )

    def __init__(self, course: Course, *args: Any, **kwargs: Any) -> None:
        super().__init__(course, *args, **kwargs)
        exercises = self.fields["exercises"]
        assert isinstance(exercises, forms.ModelMultipleChoiceField)
        exercises.queryset = usable_exercises(course.pk)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        due = data.get("due_at")
        if due and due <= timezone.now() and "due_at" not in self.errors:
            self.add_error("due_at", "This time is over; choose a later one.")
        return data


class CourseRulesForm(forms.Form):
    """What holds for every assignment that says nothing else."""

    time_zone = forms.ChoiceField(
        required=False, help_text="Days and deadlines follow its clock, also over summer time."
    )
    grace_minutes = forms.IntegerField(
        label="Grace in minutes", min_value=0, max_value=MOST_MINUTES,
        help_text="What arrives so long after a deadline is still in time.",
    )  # fmt: skip
    late_days = forms.IntegerField(
        label="Days in which late work is accepted", min_value=0, max_value=MOST_LATE_DAYS,
        help_text="0: nothing after the deadline.",
    )  # fmt: skip
    late_percent = share(
        "Percent off for each day", "Of the points. A day that has begun counts.", required=True
    )
    late_most_percent = share("Most percent off", "100: late work can lose all.", required=True)
    late_day_bank = forms.IntegerField(
        label="Late days of each student", min_value=0, max_value=MOST_BANK,
        help_text="Each covers one day of one assignment. They go by themselves to where they"
        " save the student most.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(z for z in available_timezones() if "/" in z and not z.startswith("Etc/"))
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", f"The site's ({settings.TIME_ZONE})"),
            *((z, z.replace("_", " ")) for z in zones),
        ]


def course_defaults(course: Course) -> Mapping[str, str]:
    """What an empty field of an assignment means."""
    days = course.late_days
    return {
        "late_until": f"{days} day{'' if days == 1 else 's'} after the deadline",
        "grace_minutes": f"{course.grace_minutes} minutes",
        "late_percent": f"{written(course.late_percent)} %",
        "late_most_percent": f"{written(course.late_most_percent)} %",
        "most_late_days": f"all {course.late_day_bank}",
    }
