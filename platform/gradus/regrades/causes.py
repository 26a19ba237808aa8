"""Why a submission got other points the second time, read off the two verdicts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_MACHINE = ("engine", "backend", "flavour", "image", "cpu", "device", "libraries")
_MOST_NAMED = 12


class Cause(StrEnum):
    CHECK = "check"  # the version grades otherwise
    POLICY = "policy"  # thresholds
    ENVIRONMENT = "environment"  # engine, libraries or machine
    NONDETERMINISM = "nondeterminism"  # nothing differs but the outcome
    FIRST = "first"  # it had no points


@dataclass(frozen=True, slots=True)
class Why:
    cause: Cause
    parts: tuple[str, ...] = ()  # titles of the checks and steps whose points changed
    differs: tuple[str, ...] = ()  # of the environment


def why(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Why:
    """The first cause that can be the reason: version, thresholds, environment, chance."""
    if old is None or old["status"] in ("error", "invalid"):
        return Why(Cause.FIRST)
    parts = _changed_parts(old, new)
    differs = tuple(
        name
        for name in _MACHINE
        if old.get("environment", {}).get(name) != new.get("environment", {}).get(name)
    )
    if old["version"] != new["version"]:
        return Why(Cause.CHECK, parts, differs)
    if _thresholds(old) != _thresholds(new):
        return Why(Cause.POLICY, parts, differs)
    return Why(Cause.ENVIRONMENT if differs else Cause.NONDETERMINISM, parts, differs)


def _changed_parts(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    before, after = _parts(old), _parts(new)
    changed = [
        title
        for key, (title, share) in after.items()
        if key not in before or before[key][1] != share
    ]
    gone = [title for key, (title, _) in before.items() if key not in after]
    return tuple((changed + gone)[:_MOST_NAMED])


def _parts(body: Mapping[str, Any]) -> dict[str, tuple[str, tuple[float, float]]]:
    """By id: title, and points of how many."""
    found = [*body.get("checks", ()), *body.get("steps", ())]
    return {
        part["id"]: (str(part.get("title") or part["id"]), (part["points"], part["max_points"]))
        for part in found
    }


def _thresholds(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        part["id"]: [list(pair) for pair in part["thresholds"]]
        for part in body.get("performance", ())
    }
