"""What all lines have in common: their limits, their base, the error for what is no line."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

PROTOCOL = 1
LINE_BYTES = 1 << 20
PART_BYTES = 1 << 20  # one named part of a submission
PARTS_BYTES = 2 << 20  # all parts together
BUNDLE_BYTES = 34 << 20  # a version of 32 MiB and the archive's own headers
ARTIFACT_BYTES = 256 << 10  # one figure
ARTIFACTS_BYTES = 2 << 20  # all figures of one job
PREPARED_BYTES = 64 << 10
EXAMPLES_BYTES = 256 << 10  # of one version, or of one student's numbers
ALIVE_SECONDS = 2.0  # the daemon says `alive` this often, whatever else it says


Version = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")]


class LineError(ValueError):
    """A line that is no valid line of this protocol; the message names the field."""


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @property
    def is_followed(self) -> bool:
        """Whether another line of the same job comes at once, so that both may be sent together."""
        return False

    @property
    def payload(self) -> int:
        """How many raw bytes follow the line."""
        return 0
