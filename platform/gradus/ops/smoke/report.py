"""The table of a smoke test, and its latencies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One submission."""

    exercise: str
    kind: str
    submitted: str
    verdict: str
    points: str
    seconds: float | None  # from submit to verdict
    complaint: str = ""


def table(lines: Iterable[Line]) -> str:
    heads = ("exercise", "kind", "submitted", "verdict", "points", "seconds", "")
    rows = [heads, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def latencies(lines: Iterable[Line]) -> str:
    """p50 and p95 over all submissions, in one sentence."""
    seconds = sorted(line.seconds for line in lines if line.seconds is not None)
    if not seconds:
        return "no verdict, no latency"
    return (
        f"{len(seconds)} verdicts, from submit to verdict:"
        f" p50 {percentile(seconds, 50):.2f} s, p95 {percentile(seconds, 95):.2f} s"
    )


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that at least this share of the values do not exceed."""
    place = -(-len(ordered) * percent // 100) - 1
    return ordered[max(0, place)]


def _cells(line: Line) -> tuple[str, ...]:
    seconds = "" if line.seconds is None else f"{line.seconds:.2f}"
    state = f"WRONG: {line.complaint}" if line.complaint else "ok"
    return (
        line.exercise, line.kind, line.submitted, line.verdict, line.points, seconds, state,
    )  # fmt: skip
