"""The system calls of a container, as the engine takes them.

A list of what is allowed: what Python, numpy and torch use and, in zygote mode only, what makes
fresh namespaces. Inside, each session carries the runner's own filter on top, which takes the
latter back.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("seccomp.json")
ZYGOTE = "zygote:"


@cache
def profile(*, zygote: bool) -> str:
    """Return the profile as JSON; without what only a zygote needs, where it is none."""
    content = json.loads(FILE.read_text())
    if not zygote:
        content["syscalls"] = [
            rule for rule in content["syscalls"] if not rule["comment"].startswith(ZYGOTE)
        ]
    return json.dumps(content)
