"""What the terminal shows. Nothing that a site sends may steer the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

MARKS = {"passed": "✓", "failed": "✗", "skipped": "·", "pending": "…", "error": "!"}
STEP_MARKS = {"value": "✓", "follow-through": "~", "wrong": "✗"}
MANY = 60  # characters of an array in one line


def clean(text: object) -> str:
    """Replace control characters, so that no escape sequence gets through."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in str(text))


def points(value: float | None, most: float) -> str:
    """As `3.5/4`; a dash for what is not graded."""
    return f"{'–' if value is None else f'{value:g}'}/{most:g}"


def moment(text: str | None) -> str:
    """An ISO time in the zone of this computer."""
    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone().strftime("%a %d %b %Y, %H:%M")


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, *([clean(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def check_line(check: dict[str, Any]) -> str:
    """One check that has been decided."""
    worth = points(check.get("points"), check.get("max_points", 0))
    return f"  {MARKS.get(check['status'], ' ')} {worth:>7}  {clean(check['title'])}"


def verdict_lines(found: dict[str, Any], *, told: frozenset[str] = frozenset()) -> Iterator[str]:
    """What became of a submission; checks in `told` were shown while it ran."""
    verdict = found["verdict"]
    if verdict is None:
        yield f"{found['exercise']}: {phase(found)}"
        return
    if verdict.get("message"):
        yield indented(verdict["message"], 2)
    for check in verdict["checks"]:
        if check["id"] not in told:
            yield check_line(check)
        if check["status"] not in ("passed", "skipped"):
            yield from _why(check)
    for step in verdict["steps"]:
        yield from _step(step)
    for part in verdict["performance"]:
        if part.get("value") is not None:
            steps = ", ".join(f"{value:g} → {share:.0%}" for value, share in part["thresholds"])
            yield f"    {part['id']}: {part['metric']} {part['value']:.3g} ({steps})"
    yield (
        f"{clean(found['exercise'])}: {verdict['status']},"
        f" {points(verdict['points'], verdict['max_points'])} points"
    )


def phase(found: dict[str, Any]) -> str:
    """Where a submission without a verdict is."""
    if found["phase"] == "queued" and found.get("position"):
        return f"waits, number {found['position']} in the queue"
    if found["phase"] == "held":
        return "handed in; results are told when they are released"
    return str(found["phase"]).replace("-", " ")


def _why(check: dict[str, Any]) -> Iterator[str]:
    if check.get("mistake"):
        yield indented(f"Named mistake: {check['mistake']}", 12)
    if check.get("message"):
        yield indented(check["message"], 12)
    example = check.get("counterexample")
    if example:
        yield indented(f"The call that shows it: {example['call']}", 12)
        for number, value in enumerate(example["inputs"], start=1):
            named = isinstance(value, dict) and value.keys() == {"name", "value"}
            label = value["name"] if named else f"argument {number}"
            yield _value(label, value["value"] if named else value)
        for label in ("got", "expected"):
            if example.get(label) is not None:
                yield _value(label, example[label])
    if check.get("output"):
        yield indented(f"printed: {check['output'][:300]}", 12)


def _value(label: str, value: object) -> str:
    if isinstance(value, dict) and "array" in value:
        text = str(value["array"]).replace("], [", "],\n [")
        head = f"{label}  {value.get('dtype', '')}{tuple(value.get('shape', ()))}"
        if len(text) <= MANY:
            return indented(f"{head} = {text}", 14)
        return indented(f"{head}\n{text}", 14)
    return indented(f"{label} = {value}", 14)


def _step(step: dict[str, Any]) -> Iterator[str]:
    worth = points(step["points"], step["max_points"])
    mark = STEP_MARKS.get(step["status"], " ")
    yield f"  {mark} {worth:>7}  {clean(step['id'])} = {clean(step['given'])}"
    if step.get("message") and step["points"] < step["max_points"]:
        yield indented(step["message"], 12)


def indented(text: str, columns: int) -> str:
    pad = " " * columns
    return "\n".join(pad + line for line in clean(text).splitlines())
