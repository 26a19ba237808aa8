"""The operators' table of settings and the settings agree, both ways."""

from __future__ import annotations

import re

from gradus import settings
from tests.house.syntax import ROOT

PAGE = ROOT / "docs" / "operators" / "running.md"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \|", re.MULTILINE)


def rows() -> dict[str, str]:
    return dict(ROW.findall(PAGE.read_text()))


def shown(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, list) else str(default)


def test_every_setting_is_on_the_page_and_the_page_names_no_other() -> None:
    assert set(rows()) == set(settings.env.defaults)


def test_the_page_gives_the_true_defaults() -> None:
    stated = {name: text[1:-1] for name, text in rows().items() if re.fullmatch("`[^`]+`", text)}
    own_paths = {"GRADER_SOCKET"}
    wrong = {
        name: text
        for name, text in stated.items()
        if name not in own_paths and text != shown(settings.env.defaults[name])
    }
    assert not wrong
    assert len(stated) > 12


def test_a_default_that_the_page_calls_empty_is() -> None:
    empty = {name for name, text in rows().items() if text.startswith("empty")}
    assert empty == {n for n in rows() if settings.env.defaults[n] in ("", []) and n in empty}
    assert {"EMAIL_URL", "STATIC_ROOT", "CSRF_TRUSTED_ORIGINS"} <= empty
