"""Why a regrade run is refused."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from gradus.lib.refusal import Refused


class RegradeRefused(Refused):
    message = gettext_noop("This regrade is not possible.")


class PreviewChanged(RegradeRefused):
    message = gettext_noop(
        "The marks changed while you looked. Nothing was done; this is how it stands now."
    )
