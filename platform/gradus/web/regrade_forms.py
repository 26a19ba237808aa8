"""The form that starts a regrade run. Its rules are in `regrades.services`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gradus.catalog.models import Version
from gradus.courses.models import Item
from gradus.regrades.models import Run
from gradus.regrades.scope import Scope, Target, students_named
from gradus.regrades.selectors import checks_that_failed
from gradus.regrades.services.running import MOST_REASON
from gradus.web import thresholds
from gradus.web.clock import moment

MOST_STUDENTS = 500
_SAME, _NEWEST = "same", "newest"
_OF_MANY = [
    (_SAME, _("The pinned versions again")),
    (_NEWEST, _("The newest version of each exercise")),
]


class RegradeForm(forms.Form):
    """For the items it is given: one, or all of an assignment; or one submission."""

    scope = forms.ChoiceField(
        label=_("Which submissions?"), widget=forms.RadioSelect,
        choices=[(s.value, s.label) for s in Run.Scope if s is not Run.Scope.ONE],
        initial=Run.Scope.ALL,
    )  # fmt: skip
    students = forms.CharField(
        label=_("Students"), required=False, max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("User names, e-mail addresses or id numbers, one a line. For chosen students."),
    )  # fmt: skip
    check_id = forms.ChoiceField(
        label=_("Failed check"),
        required=False,
        help_text=_("For one check. Named as in the verdict."),
    )
    version = forms.ChoiceField(label=_("Graded by"))
    thresholds = forms.CharField(
        label=_("Thresholds of speed"), required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("As “fast: 15 = 60 %, 60 = 100 %”. Empty: as the exercise says."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why?"), max_length=MOST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Students whose mark changes read it."),
    )  # fmt: skip

    def __init__(
        self, items: Sequence[Item], *args: Any, submission_id: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.submission_id = submission_id
        self.versions: dict[str, Version] = {}
        self._offer_versions()
        self._offer_checks()
        if submission_id is not None:
            for name in ("scope", "students", "check_id"):
                del self.fields[name]
        timed = [item for item in items if item.version.manifest.get("performance")]
        if len(items) != 1 or not timed:
            del self.fields["thresholds"]
        else:
            self.fields["thresholds"].initial = thresholds.written(items[0].thresholds)

    def _offer_versions(self) -> None:
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        if len(self.items) != 1:
            field.choices = _OF_MANY
            return
        item = self.items[0]
        again = gettext("The pinned version again ({version})")
        offered = [(_SAME, again.format(version=_short(item.version)))]
        versions = item.exercise.versions.exclude(pk=item.version_id).order_by("-pk")[:20]
        for version in versions:
            is_newest = version.pk == item.exercise.newest_id
            said = (
                gettext("{version} of {date}, the newest")
                if is_newest
                else gettext("{version} of {date}")
            )
            when = moment(version.created_at, version.created_at)
            offered.append((str(version.pk), said.format(version=_short(version), date=when)))
            self.versions[str(version.pk)] = version
        field.choices = offered

    def _offer_checks(self) -> None:
        field = self.fields["check_id"]
        assert isinstance(field, forms.ChoiceField)
        names = checks_that_failed(list(self.items))
        field.choices = [("", gettext("None")), *((name, name) for name in names)]

    def clean_students(self) -> list[int]:
        typed = [name for name in re.split(r"[\s,;]+", self.cleaned_data["students"]) if name]
        if len(typed) > MOST_STUDENTS:
            raise forms.ValidationError(
                gettext("At most {most} students can be named.").format(most=MOST_STUDENTS)
            )
        found, unknown = students_named(self.items[0].assignment.course_id, typed)
        if unknown:
            names = ", ".join(name[:80] for name in unknown[:10])
            raise forms.ValidationError(
                gettext("No single student of this course: {names}.").format(names=names)
            )
        return sorted({one.pk for one in found})

    def clean_thresholds(self) -> dict[str, list[list[float]]]:
        try:
            read = thresholds.read(self.cleaned_data["thresholds"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        unknown = sorted(read.keys() - self.items[0].version.manifest["performance"].keys())
        if unknown:
            raise forms.ValidationError(
                gettext("“{name}” is no timed check of this exercise.").format(name=unknown[0])
            )
        return {name: [list(pair) for pair in pairs] for name, pairs in read.items()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("scope")
        if (
            kind == Run.Scope.STUDENTS
            and not data.get("students")
            and "students" not in self.errors
        ):
            self.add_error("students", gettext("Name at least one student."))
        if kind == Run.Scope.CHECK and not data.get("check_id"):
            self.add_error("check_id", gettext("Choose the check."))
        return data

    @property
    def scope_chosen(self) -> Scope:
        data = self.cleaned_data
        if self.submission_id is not None:
            return Scope(Run.Scope.ONE, submission_id=self.submission_id)
        kind = data["scope"]
        return Scope(
            kind,
            check_id=data["check_id"] if kind == Run.Scope.CHECK else "",
            students=tuple(data["students"]) if kind == Run.Scope.STUDENTS else (),
        )

    @property
    def targets(self) -> list[Target]:
        chosen = self.cleaned_data["version"]
        return [
            Target(item, self._version(item, chosen), self._thresholds(item)) for item in self.items
        ]

    def _version(self, item: Item, chosen: str) -> Version:
        if chosen == _NEWEST and item.exercise.newest is not None:
            return item.exercise.newest
        return self.versions.get(chosen, item.version)

    def _thresholds(self, item: Item) -> dict[str, list[list[float]]]:
        own: dict[str, list[list[float]]] = self.cleaned_data.get("thresholds", item.thresholds)
        return own


def _short(version: Version) -> str:
    return gettext("version {digest}").format(digest=version.digest[7:15])
