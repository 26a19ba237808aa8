"""`python -m grader grade` and `answers`."""

from __future__ import annotations

import json
import secrets
from argparse import Namespace

from grader.commands.bench import Bench, CommandError, bench, find, numbers_of, read_submission
from grader.commands.text import verdict_lines
from grader.contracts import Answers, Op, Parts, Refused, VerdictLine
from grader.exercise.load import load
from grader.job.alone import Adopted, do
from grader.replay import Record, encode_submission, write_record
from grader.verdict import Status, from_json

NO_VERDICT = 2


def grade(options: Namespace) -> int:
    """Print a verdict. Return 0 where there is one, 2 where there could be none."""
    folder = find(options.exercise)
    exercise = load(folder)
    submission = read_submission(exercise, options.file)
    seed = options.seed or secrets.token_hex(16)
    with bench(options.backend) as at:
        adopted = at.adopt(folder)
        numbers = numbers_of(at, adopted, options.student_seed or seed, options.numbers)
        record = _graded(at, adopted, submission, seed, numbers, options.run)
    if options.record:
        write_record(options.record, record)
    verdict = from_json(record.verdict)
    if options.json:
        print(json.dumps(record.verdict, ensure_ascii=False))  # noqa: T201
    else:
        print("\n".join(verdict_lines(verdict)))  # noqa: T201
    return NO_VERDICT if verdict.status is Status.ERROR else 0


def regraded(at: Bench, record: Record, adopted: Adopted) -> Record:
    """Grade a record's submission again. Raises: CommandError where there was no verdict."""
    run = record.parts is Parts.VISIBLE
    parts = record.parts_bytes()
    return _graded(at, adopted, parts, record.seed, record.numbers, run, record)


def answers(options: Namespace) -> int:
    """Print the right answers for some numbers, or with one mistake made."""
    folder = find(options.exercise)
    with bench(options.backend) as at:
        adopted = at.adopt(folder)
        numbers = numbers_of(at, adopted, options.student_seed or "0", options.numbers)
        line = do(at.backend, adopted, Op.ANSWERS, {}, numbers=numbers)
    if not isinstance(line, Answers):
        raise CommandError(getattr(line, "why", "No answers came back."))
    sheet = line.wrong if options.wrong else line.right
    print(json.dumps(sheet, ensure_ascii=False, indent=None if options.json else 2))  # noqa: T201
    return 0


def _graded(
    at: Bench,
    adopted: Adopted,
    submission: dict[str, bytes],
    seed: str,
    numbers: dict[str, object] | None,
    run: bool,
    like: Record | None = None,
) -> Record:
    parts = Parts.VISIBLE if run else Parts.ALL
    fields = {"overrides": like.overrides, "parts": like.parts} if like else {"parts": parts}
    op = Op.RUN if run else Op.GRADE
    line = do(at.backend, adopted, op, submission, seed=seed, numbers=numbers, **fields)
    if isinstance(line, Refused):
        raise CommandError(line.why)
    assert isinstance(line, VerdictLine)
    return Record(
        exercise=line.verdict["exercise"],
        version=adopted.version,
        seed=seed,
        numbers=numbers,
        submission=encode_submission(submission),
        verdict=line.verdict,
        **fields,
    )
