"""Forms of the people's pages. Rules are in `courses.roster`; here only what can be read at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gradus.courses.models import Enrolment, Section
from gradus.courses.roster.file import MOST_BYTES
from gradus.lib.spreadsheets import begins_formula
from gradus.web import numbers

INVITE = _("Write to those who are new here, how to get in")


class RosterFileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV or Excel file"),
        help_text=_(
            "CSV in UTF-8 with commas, semicolons or tabs, or .xlsx, of which the first sheet"
            " is read. At most 2 MiB and 5,000 students."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv,text/plain"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > MOST_BYTES:
            size = numbers.size(upload.size or 0)
            told = gettext("{file} has {size}; at most 2 MiB are read.")
            raise forms.ValidationError(told.format(file=upload.name, size=size))
        if str(upload.name).lower().endswith((".xls", ".ods", ".numbers")):
            told = gettext(
                "{file} cannot be read. Save it as .xlsx or “CSV UTF-8” and upload that."
            )
            raise forms.ValidationError(told.format(file=upload.name))
        return upload


class StudentForm(forms.Form):
    email = forms.CharField(
        label=_("Email address"), required=False, max_length=254,
        widget=forms.EmailInput(), help_text=_("Needed where there is no account yet."),
    )  # fmt: skip
    username = forms.CharField(
        label=_("Username"), required=False, max_length=150,
        help_text=_("Empty: a new account gets the email address."),
    )  # fmt: skip
    id_number = forms.CharField(
        label=_("Id number"), required=False, max_length=64,
        help_text=_("The registrar's; exports carry it."),
    )  # fmt: skip
    first_name = forms.CharField(label=_("First name"), required=False, max_length=150)
    last_name = forms.CharField(label=_("Last name"), required=False, max_length=150)
    section = forms.CharField(
        label=_("Section"), required=False, max_length=80,
        help_text=_("A new name makes a new section."),
    )  # fmt: skip
    invite = forms.BooleanField(label=INVITE, required=False, initial=True)


class EnrolmentForm(forms.Form):
    section = forms.ModelChoiceField(
        Section.objects.none(), label=_("Section"), required=False, empty_label=_("No section")
    )
    id_number = forms.CharField(
        label=_("Id number"), required=False, max_length=64,
        help_text=_("The registrar's; exports carry it."),
    )  # fmt: skip

    def __init__(self, enrolment: Enrolment, data: Any = None) -> None:
        initial = {"section": enrolment.section_id, "id_number": enrolment.id_number}
        super().__init__(data, initial=initial)
        field = self.fields["section"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Section.objects.filter(course=enrolment.course_id).order_by("name")

    def clean_id_number(self) -> str:
        return plain_text(self.cleaned_data["id_number"])


class SectionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)

    def clean_name(self) -> str:
        return plain_text(self.cleaned_data["name"])


class JoinForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def plain_text(text: str) -> str:
    """Raises: ValidationError for what a spreadsheet would run or nobody can see."""
    if begins_formula(text):
        told = gettext("It begins with “{character}”, which a spreadsheet would run.")
        raise forms.ValidationError(told.format(character=text[0]))
    if not text.isprintable():
        raise forms.ValidationError(gettext("It holds an invisible character."))
    return text
