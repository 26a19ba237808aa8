"""What the frames say: the kinds, and the body of each as frozen data that checks itself.

One question at a time: the checker sends LOAD or CALL and gets READY, RESULT or RAISED with the
same call id; in between the runner may ask
(ASK) and gets ANSWER or ANSWER_ERROR. DROP has no answer. Anything else is a fault of the side
that sent it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from grader.frames.caps import FrameError
from grader.frames.values import RaisedException


class Kind(IntEnum):
    """Checker to runner below 16, runner to checker from 16."""

    LOAD = 1
    CALL = 2
    ANSWER = 3
    ANSWER_ERROR = 4
    DROP = 5
    READY = 16
    RESULT = 17
    RAISED = 18
    ASK = 19


class Op(StrEnum):
    """What a call does.

    `subject` is a handle's id, the name of a given module, or None for the student's file.
    """

    CALL = "call"  # name of subject; an empty name calls the handle itself
    GET = "get"  # attribute `name` of subject
    HAS = "has"  # whether subject has `name`, which may be dotted ("Net.forward")
    KEEP = "keep"  # args[0] stays in the session and comes back as a handle
    VALUE = "value"  # the handle's object by value
    ITER = "iter"  # an iterator over the handle's object, as a handle
    NEXT = "next"  # its next element; raises StopIteration at the end


@dataclass(frozen=True, slots=True)
class Call:
    """Body of CALL."""

    op: Op
    subject: int | str | None = None
    name: str = ""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    keep: bool = (
        False  # the result stays in the session, whatever it is, and comes back as a handle
    )
    light: bool = False  # no looking for changed arguments, aliases and warnings: for timed calls

    def body(self) -> tuple[Any, ...]:
        """Return what is sent."""
        return (
            self.op.value,
            self.subject,
            self.name,
            self.args,
            self.kwargs,
            self.keep,
            self.light,
        )

    @classmethod
    def parse(cls, body: object) -> Call:
        """Raises: FrameError for a body that is no call."""
        types = (str, (int, str, type(None)), str, tuple, dict, bool, bool)
        op, subject, name, args, kwargs, keep, light = _expect(body, types, "a call")
        if op not in _OPS or not all(type(key) is str for key in kwargs):
            raise FrameError("a call is none of this protocol")
        return cls(_OPS[op], subject, name, args, kwargs, keep, light)


@dataclass(frozen=True, slots=True)
class Load:
    """Body of LOAD: the student's file, and what lies beside it."""

    source: str | bytes
    filename: str = "solution.py"
    given: dict[str, bytes] = field(default_factory=dict)  # path below given/ -> content
    bans: tuple[str, ...] = ()  # "torch.softmax": replaced by functions that raise
    seed: int | None = None  # of random, numpy and torch; None: from the system
    device: str | None = None  # where tensors lie that name no device; None: on the CPU

    def body(self) -> tuple[Any, ...]:
        """Return what is sent."""
        return (self.source, self.filename, self.given, self.bans, self.seed, self.device)

    @classmethod
    def parse(cls, body: object) -> Load:
        """Raises: FrameError for a body that is no load."""
        types = ((str, bytes), str, dict, tuple, (int, type(None)), (str, type(None)))
        source, filename, given, bans, seed, device = _expect(body, types, "a load")
        names_and_bytes = all(type(k) is str and type(v) is bytes for k, v in given.items())
        if not names_and_bytes or not all(type(ban) is str for ban in bans):
            raise FrameError("a load is none of this protocol")
        return cls(source, filename, given, bans, seed, device)


@dataclass(frozen=True, slots=True)
class FloatWarning:
    """A floating-point warning that reached the caller, with the line of the student's file."""

    kind: str  # WARNING_KINDS
    line: int | None


@dataclass(frozen=True, slots=True)
class Meta:
    """What the runner saw around a call: a claim, like everything from the student's side."""

    changed: tuple[
        int | str, ...
    ] = ()  # positions or names of arguments that are not what they were
    aliases: tuple[int | str, ...] = ()  # arguments that share memory with the result
    earlier: bool = False  # the result shares memory with an earlier one
    warnings: tuple[FloatWarning, ...] = ()

    def body(self) -> tuple[Any, ...] | None:
        """Return what is sent; None where there is nothing to tell."""
        warnings = tuple((warning.kind, warning.line) for warning in self.warnings)
        if not (self.changed or self.aliases or self.earlier or warnings):
            return None
        return (self.changed, self.aliases, self.earlier, warnings)

    @classmethod
    def parse(cls, body: object) -> Meta:
        """Raises: FrameError for a body that is no meta."""
        if body is None:
            return NOTHING
        types = (tuple, tuple, bool, tuple)
        changed, aliases, earlier, warnings = _expect(body, types, "a meta")
        if any(type(name) not in (int, str) for name in changed + aliases):
            raise FrameError("a meta names no argument")
        for warning in warnings:
            _expect(warning, (str, (int, type(None))), "a warning")
            if warning[0] not in WARNING_KINDS:
                raise FrameError("a warning is of no known kind")
        return cls(changed, aliases, earlier, tuple(FloatWarning(*warning) for warning in warnings))


WARNING_KINDS = ("overflow", "invalid", "divide")
NAME_KINDS = ("function", "class", "value")
NOTHING = Meta()
_OPS: dict[str, Op] = {op.value: op for op in Op}


def parse_ready(body: object) -> dict[str, str]:
    """Read READY: public names of the student's file and what they are (NAME_KINDS)."""
    if type(body) is dict and all(map(_is_name, body.keys(), body.values())):
        return body
    raise FrameError("a ready is none of this protocol")


def parse_result(body: object) -> tuple[Any, Meta]:
    """Read RESULT: the value, as the hooks made it, and what was seen."""
    if type(body) is not tuple or len(body) != 2:
        raise FrameError("a result is none of this protocol")
    return body[0], Meta.parse(body[1])


def parse_raised(body: object) -> tuple[RaisedException, Meta]:
    """Read RAISED. The hooks' from_wire must leave a RaisedException as it is."""
    if type(body) is not tuple or len(body) != 2 or type(body[0]) is not RaisedException:
        raise FrameError("an exception is none of this protocol")
    return body[0], Meta.parse(body[1])


def parse_ask(body: object) -> tuple[int, tuple[Any, ...], dict[str, Any]]:
    """Read ASK: id of the callback, its arguments by position and by name."""
    callback, args, kwargs = _expect(body, (int, tuple, dict), "a question")
    if not all(type(key) is str for key in kwargs):
        raise FrameError("a question is none of this protocol")
    return callback, args, kwargs


def _expect(body: Any, types: tuple[Any, ...], what: str) -> tuple[Any, ...]:
    """Return the body. Raises: FrameError unless it is a tuple of exactly these types."""
    fits = type(body) is tuple and len(body) == len(types)
    if not fits or not all(map(_is_one, body, types)):
        raise FrameError(f"{what} is none of this protocol")
    return tuple(body)


def _is_name(name: object, kind: object) -> bool:
    return type(name) is str and type(kind) is str and kind in NAME_KINDS


def _is_one(part: object, kind: Any) -> bool:
    return type(part) in (kind if type(kind) is tuple else (kind,))
