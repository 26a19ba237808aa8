"""What the items of an assignment are worth, and how often they may be tried."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gradus.courses import services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Assignment, Enrolment, Item
from gradus.courses.services import ItemRules
from gradus.web import thresholds
from gradus.web.assignment_edit import changed_or_refused
from gradus.web.assignment_forms import CommaDecimalField
from gradus.web.effects import Prompt, confirmed
from gradus.web.http import SignedInRequest
from gradus.web.roster import around

MOST_COOLDOWN = 7 * 24 * 60  # minutes


class ItemForm(forms.Form):
    """One line of the table. Its labels are read out with the title of the exercise."""

    points = CommaDecimalField(
        label=gettext_lazy("Points"),
        min_value=Decimal("0.001"),
        max_value=9999,
        max_digits=7,
        decimal_places=3,
    )
    is_extra = forms.BooleanField(label=gettext_lazy("Extra credit"), required=False)
    max_attempts = forms.IntegerField(
        label=gettext_lazy("Attempts"), required=False, min_value=1, max_value=1000
    )
    cooldown = forms.IntegerField(
        label=gettext_lazy("Minutes between attempts"),
        required=False,
        min_value=0,
        max_value=MOST_COOLDOWN,
    )

    thresholds = forms.CharField(
        label=gettext_lazy("Thresholds"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, item: Item, data: Any) -> None:
        initial = {
            "points": item.points, "is_extra": item.is_extra, "max_attempts": item.max_attempts,
            "cooldown": -(-item.cooldown_seconds // 60) or None,
            "thresholds": thresholds.written(item.thresholds),
        }  # fmt: skip
        super().__init__(data, prefix=f"i{item.pk}", initial=initial)
        self.item = item
        self.known = item.version.manifest.get("performance") or {}
        if not self.known:
            del self.fields["thresholds"]
        label = _("{field} of {exercise}")
        for field in self.fields.values():
            told = label.format(field=field.label, exercise=item.version.title)
            field.widget.attrs |= {"aria-label": told, "class": "short"}

    @property
    def own_thresholds(self) -> str:
        """Those of the exercise, in the form in which they are typed."""
        return thresholds.written({name: one["thresholds"] for name, one in self.known.items()})

    def clean_thresholds(self) -> dict[str, list[tuple[float, float]]]:
        try:
            return thresholds.read(self.cleaned_data["thresholds"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def rules(self) -> ItemRules:
        data = self.cleaned_data
        seconds = self.item.cooldown_seconds
        if "cooldown" in self.changed_data:
            seconds = 60 * (data["cooldown"] or 0)
        return ItemRules(
            points=data["points"],
            is_extra=data["is_extra"],
            max_attempts=data["max_attempts"],
            cooldown_seconds=seconds,
            thresholds=data.get("thresholds", {}),
        )


@login_required
@require_http_methods(["GET", "POST"])
def items_edit(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    assignment, viewer = changed_or_refused(request, assignment_id)
    items = assignment.items.select_related("version").order_by("order", "pk")
    forms_ = [ItemForm(item, request.POST or None) for item in items]
    refused, status = "", 200
    if request.method == "POST":
        wrong = [form for form in forms_ if not form.is_valid()]
        if not wrong:
            try:
                return _save(request, assignment, viewer, forms_)
            except CourseRefused as refusal:
                refused, status = refusal.message, 409
        else:
            status = 422
    context = {**around(viewer), "tab": "assignments", "assignment": assignment}
    context |= {"forms": forms_, "refused": refused}
    return render(request, "web/items_edit.html", context, status=status)


def _save(
    request: SignedInRequest, assignment: Assignment, viewer: Enrolment, forms_: list[ItemForm]
) -> HttpResponse:
    rules = {form.item.pk: form.rules for form in forms_}
    change = partial(services.change_items, assignment=assignment, rules=rules)
    prompt = Prompt(
        heading=_("Change the exercises"),
        verb=_("Change them"),
        done=_("The exercises are changed."),
        back=resolve_url("web:assignment", assignment.pk),
    )
    return confirmed(request, viewer, change, prompt)
