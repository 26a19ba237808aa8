"""`python -m grader`: arguments, dispatch, and one clear line for whatever cannot be done."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.errors import GraderError
from grader.version import engine

CANNOT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        return _dispatch(options)
    except GraderError as error:
        print(f"grader: {error}", file=sys.stderr)  # noqa: T201
        return CANNOT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output is gone
        sys.stderr.close()
        return CANNOT


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(prog="python -m grader", description="Grade deep learning code.")
    top.add_argument("--version", action="version", version=engine())
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _grade(commands.add_parser("grade", help="grade one submission"))
    _verify(commands.add_parser("verify", help="run the gates of exercises"))
    _coverage(commands.add_parser("coverage", help="which exercises cover which concept"))
    _replay(commands.add_parser("replay", help="grade a record again"))
    _answers(commands.add_parser("answers", help="right answers for some numbers"))
    _doctor(commands.add_parser("doctor", help="which guarantees this host holds"))
    _gpu(commands.add_parser("gpu", help="the GPUs of this host, and their quarantine"))
    _serve(commands.add_parser("serve", help="the grader daemon"))
    return top


def _grade(command: argparse.ArgumentParser) -> None:
    _common(command)
    command.add_argument("exercise", metavar="EXERCISE", help="folder, or id in ./exercises")
    command.add_argument("file", metavar="FILE", nargs="+", help=".py, or .json with answers")
    command.add_argument("--seed", type=_hexadecimal, help="hexadecimal; drawn where not given")
    command.add_argument("--student-seed", type=_hexadecimal, help="whose numbers; hexadecimal")
    command.add_argument("--numbers", metavar="FILE", help="stored numbers, as JSON")
    command.add_argument("--record", metavar="FILE", type=Path, help="write what replay needs")
    command.add_argument("--run", action="store_true", help="only the visible checks")


def _verify(command: argparse.ArgumentParser) -> None:
    _common(command)
    command.add_argument("path", metavar="PATH", nargs="*", help="folders or ids; default: all")
    command.add_argument("--seeds", type=_count, default=5, help="draws of each gate (5)")
    command.add_argument("--write", action="store_true", help="refresh derived.json")
    command.add_argument("--no-timing", dest="timing", action="store_false", help="time nothing")
    command.add_argument("--slots", type=_count, help="jobs at once; default: one per core")


def _coverage(command: argparse.ArgumentParser) -> None:
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="JSON on standard output")
    form.add_argument("--markdown", action="store_true", help="the page of all exercises")
    command.add_argument("--bank", metavar="FOLDER", default="exercises")


def _replay(command: argparse.ArgumentParser) -> None:
    _common(command)
    command.add_argument("record", metavar="RECORD", help="written by grade --record")
    command.add_argument("--exercise", help="folder of that version; default: found by its id")


def _answers(command: argparse.ArgumentParser) -> None:
    _common(command)
    command.add_argument("exercise", metavar="EXERCISE", help="folder, or id in ./exercises")
    command.add_argument("--numbers", metavar="FILE", help="stored numbers, as JSON")
    command.add_argument("--student-seed", type=_hexadecimal, help="whose numbers; hexadecimal")
    command.add_argument("--wrong", action="store_true", help="with a mistake made")


def _doctor(command: argparse.ArgumentParser) -> None:
    _common(command)


def _gpu(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="JSON on standard output")
    actions = command.add_subparsers(dest="action", metavar="ACTION")
    release = actions.add_parser("release", help="end a quarantine, once the device was looked at")
    release.add_argument("uuid", metavar="UUID")


def _serve(command: argparse.ArgumentParser) -> None:
    _backend(command)
    command.add_argument("--socket", metavar="PATH", required=True)
    command.add_argument("--slots", type=_count, help="jobs at once; default: one per core")
    command.add_argument("--cache", metavar="DIR", default="var/grader", help="exercise versions")
    command.add_argument("--allow-uid", type=int, action="append", default=[], metavar="UID")


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="JSON on standard output")
    _backend(command)


def _backend(command: argparse.ArgumentParser) -> None:
    default = os.environ.get("GRADUS_BACKEND") or "bubblewrap"
    command.add_argument("--backend", default=default, help="bubblewrap or docker")


def _hexadecimal(text: str) -> str:
    digits = text.lower().removeprefix("0x")
    if not 1 <= len(digits) <= 64 or set(digits) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"{text!r} is no hexadecimal number of up to 64 digits")
    return digits


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 1000")
    return int(text)


def _dispatch(options: argparse.Namespace) -> int:
    """Import only what the command needs: `--help` is quick."""
    if options.command in ("grade", "answers"):
        from grader.commands import grade

        return grade.grade(options) if options.command == "grade" else grade.answers(options)
    if options.command in ("verify", "coverage"):
        from grader.commands import verify

        verify_command = options.command == "verify"
        return verify.verify(options) if verify_command else verify.coverage(options)
    if options.command == "replay":
        from grader.commands import replay

        return replay.replay(options)
    if options.command == "gpu":
        from grader.commands import gpu

        return gpu.gpu(options)
    from grader.commands import serve

    return serve.doctor(options) if options.command == "doctor" else serve.serve(options)
