"""Why something about an own exercise is refused."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gradus.lib.refusal import Refused


class AuthoringRefused(Refused):
    message = gettext_noop("This cannot be done with this exercise.")


class FilesRefused(AuthoringRefused):
    """A file, or an archive of files, that cannot be a part of an exercise."""

    message = gettext_noop("These files cannot be an exercise.")


class ChangedMeanwhile(AuthoringRefused):
    """Somebody else stored another text since this one was opened."""

    def __init__(self, path: str, who: str, theirs: bytes | None, sha256: str) -> None:
        self.theirs, self.sha256 = theirs, sha256  # none, and empty: the file is gone
        said = _("{who} changed {path} after you had opened it. Nothing was stored.")
        if theirs is None:
            said = _("{who} deleted {path} after you had opened it. Nothing was stored.")
        super().__init__(said.format(who=who, path=path))
