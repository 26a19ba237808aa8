"""The form that changes a mark. Its rules are in `gradebook.overrides`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gradus.gradebook.overrides import MOST_REASON


class OverrideForm(forms.Form):
    points = forms.CharField(
        label=gettext_lazy("New mark"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Stays beside the mark for ever."),
    )  # fmt: skip
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput())

    def clean_points(self) -> Decimal:
        """A comma or a point; at most three decimals, as the database keeps."""
        text = self.cleaned_data["points"].strip().replace(",", ".")
        try:
            points = Decimal(text)
        except InvalidOperation as error:
            raise forms.ValidationError(_("“{text}” is no number.").format(text=text)) from error
        exponent = points.as_tuple().exponent
        if not isinstance(exponent, int) or exponent > 3:
            raise forms.ValidationError(_("“{text}” is no number.").format(text=text))
        if exponent < -3:
            raise forms.ValidationError(_("A mark has at most three decimals."))
        return points
