"""Forms of the pages. Rules of the domain are in services; here only what can be read at all."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from gradus.accounts.models import User
from gradus.courses.models import Course
from gradus.web import numbers


class SourceForm(forms.Form):
    """Code as text, or as a file, which then wins."""

    source = forms.CharField(required=False, strip=False)
    file = forms.FileField(required=False)

    def clean_source(self) -> str:
        # A browser sends line ends as CR LF, whatever the editor holds.
        return str(self.cleaned_data["source"]).replace("\r\n", "\n")

    def clean_file(self) -> str:
        upload: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if upload is None:
            return ""
        if (upload.size or 0) > settings.MAX_PART_BYTES:
            raise forms.ValidationError(
                f"{upload.name} has {numbers.size(upload.size or 0)};"
                f" at most {numbers.size(settings.MAX_PART_BYTES)} are allowed."
            )
        if str(upload.name).lower().endswith(".ipynb"):
            raise forms.ValidationError(
                f"{upload.name} is a notebook. Choose its cells first:"
                " put it into the editor, then run or submit."
            )
        upload.seek(0)  # one request may read it twice
        try:
            text = str(upload.read().decode("utf-8-sig")).replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                f"{upload.name} is no text in UTF-8: byte {error.start} cannot be read."
            ) from error
        if "\0" in text:
            raise forms.ValidationError(f"{upload.name} is no text: it holds a null character.")
        return text

    @property
    def text(self) -> str:
        """The code that was sent."""
        return str(self.cleaned_data.get("file") or self.cleaned_data.get("source") or "")


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    class Meta:
        model = Course
        fields = ["title", "term"]
        help_texts = {"term": "Such as “autumn 2026”. Optional."}


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.ChoiceField(label="Time zone", required=False)

    class Meta:
        model = User
        fields = ["theme", "time_zone", "wants_mail"]
        labels = {"theme": "Colours", "wants_mail": "Mail me about my courses"}
        help_texts = {"wants_mail": "Answers to your questions, changed marks, moved deadlines."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(z for z in available_timezones() if "/" in z and not z.startswith("Etc/"))
        choices = [
            ("", f"The site's ({settings.TIME_ZONE})"),
            *((z, z.replace("_", " ")) for z in zones),
        ]
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
