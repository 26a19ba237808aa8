"""Forms of assignments and of the rules of a course. What is allowed is decided by the services."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gradus.catalog.models import Exercise
from gradus.catalog.selectors import usable_exercises
from gradus.courses.models import Assignment, AssignmentGroup, Course, Reveal
from gradus.courses.models.people import MOST_BANK, MOST_LATE_DAYS
from gradus.courses.services import Plan
from gradus.web.forms import TimeZoneField
from gradus.web.numbers import points as written

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_MINUTES = 24 * 60


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


def moment(label: StrOrPromise, help_text: StrOrPromise = "") -> forms.DateTimeField:
    return forms.DateTimeField(label=label, required=False, widget=Moment(), help_text=help_text)


def share(
    label: StrOrPromise, help_text: StrOrPromise = "", *, required: bool = False
) -> CommaDecimalField:
    return CommaDecimalField(
        label=label, required=required, min_value=0, max_value=100, max_digits=5,
        decimal_places=2, help_text=help_text,
    )  # fmt: skip


class AssignmentForm(forms.Form):
    """An assignment that exists. Its fields are those of a plan."""

    title = forms.CharField(label=_("Title"), max_length=160)
    intro = forms.CharField(
        label=_("Introduction"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Markdown, shown above the exercises."),
    )
    opens_at = moment(_("Opens"), _("Empty: as soon as it is published."))
    due_at = moment(_("Due"), _("Empty: no deadline. What arrives at this second is in time."))
    late_until = moment(_("Late work until"))
    solutions_at = moment(_("Solutions from"), _("Empty: never. Of code: the reference solution."))
    grace_minutes = forms.IntegerField(
        label=_("Grace in minutes"), required=False, min_value=0, max_value=MOST_MINUTES
    )
    late_percent = share(_("Late: percent off a day"))
    late_most_percent = share(_("Late: most percent off"))
    most_late_days = forms.IntegerField(
        label=_("Late days that may be used here"), required=False, min_value=0, max_value=MOST_BANK
    )
    group = forms.ModelChoiceField(
        AssignmentGroup.objects.none(), label=_("Group"), required=False,
        empty_label=_("None: counts by itself"),
    )  # fmt: skip
    weight = CommaDecimalField(
        label=_("Weight"), required=False, min_value=0, max_digits=6, decimal_places=3, initial=1,
        help_text=_("Within its group, or in the total. Empty: 1. 0: counts nowhere."),
    )  # fmt: skip
    counting = forms.ChoiceField(
        label=_("What counts"),
        choices=Assignment.Counting.choices,
        initial=Assignment.Counting.BEST,
    )
    reveal = forms.ChoiceField(
        label=_("Shown of hidden checks"), choices=Reveal.choices, initial=Reveal.FULL
    )
    reveal_after_due = forms.ChoiceField(
        label=_("Shown after the deadline"), choices=Reveal.choices, initial=Reveal.FULL
    )
    is_published = forms.BooleanField(label=_("Publish it now"), required=False, initial=True)

    def __init__(self, course: Course, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course
        groups = self.fields["group"]
        assert isinstance(groups, forms.ModelChoiceField)
        groups.queryset = course.groups.order_by("name", "pk")
        for name, told in course_defaults(course).items():
            self.fields[name].help_text = told

    def clean_weight(self) -> Decimal:
        weight: Decimal | None = self.cleaned_data["weight"]
        return Decimal(1) if weight is None else weight

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens, due, late = (data.get(name) for name in ("opens_at", "due_at", "late_until"))
        if opens and due and opens >= due:
            self.add_error("due_at", gettext("The assignment must open before it is due."))
        if late and (due is None or late < due):
            self.add_error(
                "late_until", gettext("Late work can be accepted only after a deadline.")
            )
        return data

    @property
    def plan(self) -> Plan:
        names = Plan.__dataclass_fields__
        return Plan(**{name: value for name, value in self.cleaned_data.items() if name in names})


class NewAssignmentForm(AssignmentForm):
    max_attempts = forms.IntegerField(
        label=_("Attempts for each exercise"), required=False, min_value=1, max_value=1000,
        help_text=_("Empty: no limit. Run costs no attempt."),
    )  # fmt: skip
    exercises = forms.ModelMultipleChoiceField(
        queryset=Exercise.objects.none(),
        label=_("Exercises"),
        error_messages={"required": _("Choose at least one exercise.")},
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
            self.add_error("due_at", gettext("This time is over; choose a later one."))
        return data


class CourseRulesForm(forms.Form):
    """What holds for every assignment that says nothing else."""

    time_zone = TimeZoneField(
        label=_("Time zone"),
        help_text=_("Days and deadlines follow its clock, also over summer time."),
    )
    grace_minutes = forms.IntegerField(
        label=_("Grace in minutes"), min_value=0, max_value=MOST_MINUTES,
        help_text=_("What arrives so long after a deadline is still in time."),
    )  # fmt: skip
    late_days = forms.IntegerField(
        label=_("Days in which late work is accepted"), min_value=0, max_value=MOST_LATE_DAYS,
        help_text=_("0: nothing after the deadline."),
    )  # fmt: skip
    late_percent = share(
        _("Percent off for each day"), _("Of the points. A day that has begun counts."),
        required=True,
    )  # fmt: skip
    late_most_percent = share(
        _("Most percent off"), _("100: late work can lose all."), required=True
    )
    late_day_bank = forms.IntegerField(
        label=_("Late days of each student"),
        min_value=0,
        max_value=MOST_BANK,
        help_text=_(
            "Each covers one day of one assignment. They go by themselves to where they"
            " save the student most."
        ),
    )


def course_defaults(course: Course) -> Mapping[str, str]:
    """What an empty field of an assignment means."""
    days, minutes, bank = course.late_days, course.grace_minutes, course.late_day_bank
    percent = gettext("Empty: as in the whole course, {percent} %.")
    return {
        "late_until": ngettext(
            "Empty: as in the whole course, {days} day after the deadline.",
            "Empty: as in the whole course, {days} days after the deadline.",
            days,
        ).format(days=days),
        "grace_minutes": ngettext(
            "Empty: as in the whole course, {minutes} minute.",
            "Empty: as in the whole course, {minutes} minutes.",
            minutes,
        ).format(minutes=minutes),
        "late_percent": percent.format(percent=written(course.late_percent)),
        "late_most_percent": percent.format(percent=written(course.late_most_percent)),
        "most_late_days": gettext("Empty: as in the whole course, all {days}.").format(days=bank),
    }
