"""The form that gives an extension or an excuse."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gradus.courses.models import Allowance, Assignment, Enrolment, Item, Role, Section
from gradus.courses.services.allowances import MOST_REASON
from gradus.web.assignment_forms import moment

KINDS = [
    (Allowance.Kind.EXTENSION, _("Extension: a later deadline")),
    (Allowance.Kind.EXCUSE, _("Excuse: does not count")),
]


class _ItemField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for mypy only
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.version.title)


class AllowanceForm(forms.Form):
    kind = forms.ChoiceField(label=_("What"), choices=KINDS, initial=Allowance.Kind.EXTENSION)
    student = forms.CharField(
        label=_("Student"), required=False, max_length=150,
        help_text=_("User name, e-mail address or id number. Empty: the section below."),
    )  # fmt: skip
    section = forms.ModelChoiceField(
        Section.objects.none(), label=_("Section"), required=False, empty_label=_("No section")
    )
    due_at = moment(_("New deadline"), _("Of an extension. Late work is accepted as much longer."))
    item = _ItemField(
        Item.objects.none(),
        label=_("Exercise"),
        required=False,
        empty_label=_("The whole assignment"),
        help_text=_("Of an excuse."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=MOST_REASON, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Staff read it; it stays in the list for ever."),
    )  # fmt: skip

    def __init__(self, assignment: Assignment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = assignment.course
        sections, items = self.fields["section"], self.fields["item"]
        assert isinstance(sections, forms.ModelChoiceField)
        assert isinstance(items, forms.ModelChoiceField)
        sections.queryset = self.course.sections.order_by("name")
        items.queryset = assignment.items.select_related("version")

    def clean_student(self) -> Enrolment | None:
        typed = self.cleaned_data["student"].strip()
        if not typed:
            return None
        name = Q(user__username__iexact=typed) | Q(user__email__iexact=typed) | Q(id_number=typed)
        students = Enrolment.objects.filter(course=self.course, role=Role.STUDENT)
        found = list(students.filter(name).select_related("user")[:2])
        if not found:
            raise forms.ValidationError(
                gettext("No student of this course has this name, mail or number.")
            )
        if len(found) > 1:
            raise forms.ValidationError(gettext("Two students fit; type the e-mail address."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "student" in data and (data["student"] is None) == (data.get("section") is None):
            self.add_error("student", gettext("Name one student, or choose one section."))
        extends = data.get("kind") == Allowance.Kind.EXTENSION
        if extends and not data.get("due_at") and "due_at" not in self.errors:
            self.add_error("due_at", gettext("When is it due then?"))
        return data
