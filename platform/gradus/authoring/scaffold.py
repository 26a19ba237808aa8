"""What a new exercise of each kind begins with: a small example that verifies green."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from gradus.authoring.errors import AuthoringRefused

KINDS = ("code", "performance", "by-hand", "quiz")
_ROOT = Path(__file__).parent / "scaffolds"


def files(kind: str, slug: str, title: str) -> dict[str, bytes]:
    """The example under another id and title. Raises: AuthoringRefused."""
    if kind not in KINDS:
        raise AuthoringRefused(_("Choose what kind of exercise it is."))
    title = " ".join(title.split())
    if (
        not title
        or len(title) > 120
        or any(sign in title for sign in '"\\')
        or not title.isprintable()
    ):
        raise AuthoringRefused(_('A title has 1 to 120 characters, and neither " nor \\.'))
    root = _ROOT / kind
    paths = [path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(paths)}
    manifest = found["exercise.toml"].decode().replace("@ID@", slug).replace("@TITLE@", title)
    return {**found, "exercise.toml": manifest.encode()}
