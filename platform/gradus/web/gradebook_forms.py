"""The form that changes a mark. Its rules are in `gradebook.overrides`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms

from gradus.gradebook.overrides import MOST_REASON


class OverrideForm(forms.Form):
    points = forms.CharField(
        label="New mark", max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason", max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="Stays beside the mark for ever.",
    )  # fmt: skip
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput())

    def clean_points(self) -> Decimal:
        """A comma or a point; at most three decimals, as the database keeps."""
        text = self.cleaned_data["points"].strip().replace(",", ".")
        try:
            points = Decimal(text)
        except InvalidOperation as error:
            raise forms.ValidationError(f"“{text}” is no number.") from error
        exponent = points.as_tuple().exponent
        if not isinstance(exponent, int) or exponent > 3:
            raise forms.ValidationError(f"“{text}” is no number.")
        if exponent < -3:
            raise forms.ValidationError("A mark has at most three decimals.")
        return points
