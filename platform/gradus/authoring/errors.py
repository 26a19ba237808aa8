"""Why something about an own exercise is refused."""

from __future__ import annotations

from gradus.lib.refusal import Refused


class AuthoringRefused(Refused):
    message = "This cannot be done with this exercise."


class FilesRefused(AuthoringRefused):
    """A file, or an archive of files, that cannot be a part of an exercise."""

    message = "These files cannot be an exercise."


class ChangedMeanwhile(AuthoringRefused):
    """Somebody else stored another text since this one was opened."""

    def __init__(self, path: str, who: str, theirs: bytes | None, sha256: str) -> None:
        self.theirs, self.sha256 = theirs, sha256  # none, and empty: the file is gone
        did = "deleted" if theirs is None else "changed"
        super().__init__(f"{who} {did} {path} after you had opened it. Nothing was stored.")
