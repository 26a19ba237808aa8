"""Gates as a table for people: one line for each file of an exercise, over all seeds."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from grader.contracts import Gate, Verified

PASS, FAIL = "✓", "✗"
_WIDTH = 44


def rows(gates: Iterable[Gate]) -> list[str]:
    """Return the lines of one exercise."""
    gates = list(gates)
    if not gates:
        return []
    red = sum(not gate.passed for gate in gates)
    lines = [f"{FAIL if red else PASS} {gates[0].exercise}"]
    single = [gate for gate in gates if not gate.subject]
    good = ", ".join(gate.gate for gate in single if gate.passed)
    if good:
        lines.append(f"    {PASS} {good}")
    lines += [f"    {FAIL} {gate.gate}: {gate.message}" for gate in single if not gate.passed]
    tried = [gate for gate in gates if gate.subject]
    order = {name: place for place, name in enumerate(dict.fromkeys(g.subject for g in tried))}
    tried.sort(key=lambda gate: order[gate.subject])
    for subject, group in groupby(tried, key=lambda gate: gate.subject):
        lines += _row(subject, list(group))
    return lines


def summary(verified: Verified, seconds: float) -> str:
    """Return the last line."""
    state = "all green" if not verified.red else f"{verified.red} RED"
    return f"{verified.gates} gates, {state}, {seconds:.1f} s"


def _row(subject: str, gates: list[Gate]) -> list[str]:
    passed = [gate for gate in gates if gate.passed]
    mark = PASS if len(passed) == len(gates) else FAIL
    line = f"    {mark} {subject:{_WIDTH}} {len(passed)}/{len(gates)}"
    checks = list(dict.fromkeys(check for gate in passed for check in gate.killed_by[:1]))
    if checks:
        line += f"  at {', '.join(checks[:3])}"
    told = list(dict.fromkeys(gate.told for gate in passed if gate.told))
    if gates[0].gate in ("wrong", "mistake"):
        line += f"  told: {'; '.join(told) if told else '-'}"
    elif gates[0].gate == "slow":
        line += f"  {gates[0].message}"
    red = [gate for gate in gates if not gate.passed]
    return [line, *(f"        seed {gate.seed}: {_first_line(gate.message)}" for gate in red[:3])]


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
