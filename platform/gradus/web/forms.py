"""Forms of the pages. Rules of the domain are in services; here only what can be read at all."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gradus.accounts.models import User
from gradus.courses.models import Course
from gradus.web import numbers


class _TimeZoneSelect(forms.Select):
    """Names of time zones are the same in every language."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if option["value"]:
            option["attrs"]["translate"] = "no"
        return option


class TimeZoneField(forms.ChoiceField):
    """A time zone, or none for the site's."""

    widget = _TimeZoneSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, choices=_zones, **kwargs)


def _zones() -> list[tuple[str, str]]:
    sites = gettext("The site's ({zone})").format(zone=settings.TIME_ZONE)
    return [("", sites), *((name, name.replace("_", " ")) for name in _zone_names())]


@cache
def _zone_names() -> list[str]:
    names = available_timezones()  # reads the disk
    return sorted(name for name in names if "/" in name and not name.startswith("Etc/"))


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
            told = gettext("{file} has {size}; at most {most} are allowed.")
            size, most = numbers.size(upload.size or 0), numbers.size(settings.MAX_PART_BYTES)
            raise forms.ValidationError(told.format(file=upload.name, size=size, most=most))
        if str(upload.name).lower().endswith(".ipynb"):
            told = gettext(
                "{file} is a notebook. Choose its cells first:"
                " put it into the editor, then run or submit."
            )
            raise forms.ValidationError(told.format(file=upload.name))
        upload.seek(0)  # one request may read it twice
        try:
            text = str(upload.read().decode("utf-8-sig")).replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            told = gettext("{file} is no text in UTF-8: byte {place} cannot be read.")
            raise forms.ValidationError(told.format(file=upload.name, place=error.start)) from error
        if "\0" in text:
            told = gettext("{file} is no text: it holds a null character.")
            raise forms.ValidationError(told.format(file=upload.name))
        return text

    @property
    def text(self) -> str:
        """The code that was sent."""
        return str(self.cleaned_data.get("file") or self.cleaned_data.get("source") or "")


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    class Meta:
        model = Course
        fields = ["title", "term"]
        labels = {"title": _("Title"), "term": _("Term")}
        help_texts = {"term": _("Such as “autumn 2026”. Optional.")}


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = TimeZoneField(label=_("Time zone"))

    class Meta:
        model = User
        fields = ["theme", "time_zone", "wants_mail"]
        labels = {"theme": _("Colours"), "wants_mail": _("Mail me about my courses")}
        help_texts = {"wants_mail": _("Answers to your questions, changed marks, moved deadlines.")}
