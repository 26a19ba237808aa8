"""A verdict as text for a terminal, without the control codes that a student may have printed."""

from __future__ import annotations

from collections.abc import Iterator

from grader.commands.shown import value_lines
from grader.verdict import CheckResult, CheckStatus, Counterexample, StepResult, Verdict

MARKS = {"passed": "✓", "failed": "✗", "skipped": "·", "pending": "…", "error": "!"}
STEP_MARKS = {"value": "✓", "follow-through": "~", "wrong": "✗"}
_SHOWN = 300  # characters of what was printed


def verdict_lines(verdict: Verdict) -> Iterator[str]:
    """Yield the lines of a table of checks, with what a failed one says."""
    yield (
        f"{verdict.exercise}: {verdict.status}, "
        f"{verdict.points:g} of {verdict.max_points:g} points, {verdict.usage.seconds:.2f} s"
    )
    if verdict.message:
        yield _indented(verdict.message, 2)
    for check in verdict.checks:
        yield from _check(check)
    for step in verdict.steps:
        yield from _step(step)
    for part in verdict.performance:
        if part.value is not None:
            steps = ", ".join(f"{value:g} → {share:.0%}" for value, share in part.thresholds)
            yield f"  {part.id}: {part.metric} {part.value:.3g} ({part.pairs} pairs; {steps})"


def _check(check: CheckResult) -> Iterator[str]:
    points = f"{check.points:g}/{check.max_points:g}"
    yield f"  {MARKS[check.status]} {points:>7}  {check.title}"
    if check.status in (CheckStatus.PASSED, CheckStatus.SKIPPED):
        return
    if check.mistake:
        yield _indented(f"Named mistake: {check.mistake}", 12)
    if check.message:
        yield _indented(check.message, 12)
    if check.counterexample:
        yield from _counterexample(check.counterexample)
    if check.output:
        yield _indented(f"printed: {check.output[:_SHOWN]}", 12)


def _counterexample(example: Counterexample) -> Iterator[str]:
    yield _indented(f"The call that shows it: {example.call}", 12)
    for index, value in enumerate(example.inputs):
        yield from _shown(*_named(value, f"argument {index + 1}"))
    for label, value in (("got", example.got), ("expected", example.expected)):
        if value is not None:  # absent; a None that was returned is the text "None"
            yield from _shown(label, value)


def _named(value: object, otherwise: str) -> tuple[str, object]:
    if isinstance(value, dict) and value.keys() == {"name", "value"}:
        return str(value["name"]), value["value"]
    return otherwise, value


def _shown(label: str, value: object) -> Iterator[str]:
    for line in value_lines(label, value):
        yield _indented(line, 14)


def _step(step: StepResult) -> Iterator[str]:
    points = f"{step.points:g}/{step.max_points:g}"
    yield f"  {STEP_MARKS[step.status]} {points:>7}  {step.id} = {_clean(step.given)}"
    if step.message and step.points < step.max_points:
        yield _indented(step.message, 12)


def _indented(text: str, columns: int) -> str:
    pad = " " * columns
    return "\n".join(pad + line for line in _clean(text).splitlines())


def _clean(text: str) -> str:
    """Replace control characters: what a student printed must not steer the terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)
