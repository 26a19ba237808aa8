"""Why a regrade run is refused."""

from __future__ import annotations

from gradus.lib.refusal import Refused


class RegradeRefused(Refused):
    message = "This regrade is not possible."


class PreviewChanged(RegradeRefused):
    message = "The marks changed while you looked. Nothing was done; this is how it stands now."
