"""What `checks.py` holds in its hands: the student's file, its names, objects and given modules.

Proxies have as few names of their own as they can, because the student's functions may be called
anything; everything that thinks is in `grader.checker.remote`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from grader.authoring.judging import Raised
from grader.frames import Call, Handle, Op

if TYPE_CHECKING:
    from grader.checker.remote import Remote


class Proxy:
    """`student` in a check: any name of the student's file, and keep, has, given."""

    __slots__ = ("_remote",)

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(self._remote, None, name, name)

    def has(self, name: str) -> bool:
        """Tell whether the file defines a name; "Net.forward" works too."""
        return bool(self._remote.quiet(Call(Op.HAS, self._remote.module, name), name))

    def keep(self, value: Any) -> RemoteObject:
        """Put a value into the session, to be passed again and again; `.value()` reads it back."""
        kept: RemoteObject = self._remote.quiet(Call(Op.KEEP, args=(value,)), "keep")
        return kept

    def given(self, module: str) -> RemoteModule:
        """Return a module of given/ as it lives in the session."""
        return RemoteModule(self._remote, module)


class RemoteModule:
    """A module of given/ in the session."""

    __slots__ = ("_module", "_remote")

    def __init__(self, remote: Remote, module: str) -> None:
        self._remote, self._module = remote, module

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(self._remote, self._module, name, f"{self._module}.{name}")


class RemoteName:
    """A name in the session: call it, read it with `.value()`, or pass it on as an argument."""

    __slots__ = ("_label", "_name", "_remote", "_subject")

    def __init__(
        self, remote: Remote, subject: RemoteObject | str | None, name: str, label: str
    ) -> None:
        self._remote, self._subject, self._name, self._label = remote, subject, name, label

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        call = Call(Op.CALL, self._target(), self._name, args, kwargs)
        key = None if isinstance(self._subject, str) else self._label
        found = self._remote.ask(call, self._label, key)
        if isinstance(found, RemoteObject) and self._subject is None:
            object.__setattr__(found, "_origin", self._name)
        return found

    def value(self) -> Any:
        """Return the attribute by value (or as an object, where it cannot cross)."""
        return self._remote.quiet(Call(Op.GET, self._target(), self._name), self._label)

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(self._remote, resolve(self), name, f"{self._label}.{name}")

    def __iter__(self) -> Iterator[Any]:
        return iter(resolve(self))

    def _target(self) -> int | str | None:
        if isinstance(self._subject, RemoteObject):
            return handle_of(self._subject, self._remote).id
        return self._remote.module if self._subject is None else self._subject


class RemoteObject:
    """An object that stays in the session: attributes, methods, calls, iteration, `.value()`."""

    __slots__ = ("__weakref__", "_handle", "_origin", "_remote")

    def __init__(self, remote: Remote, handle: Handle) -> None:
        self._remote, self._handle = remote, handle
        self._origin: str | None = None  # the name that made it, "Net" of Net(3)

    def __repr__(self) -> str:
        return f"<{self._handle.type_name} in the session>"

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        owner = self._origin or self._handle.type_name
        return RemoteName(self._remote, self, name, f"{owner}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        name = self._origin or self._handle.type_name
        call = Call(Op.CALL, handle_of(self, self._remote).id, "", args, kwargs)
        return self._remote.ask(call, name, f"{name}.__call__")

    def __len__(self) -> int:
        call = Call(Op.CALL, handle_of(self, self._remote).id, "__len__")
        try:
            found: int = self._remote.quiet(call, self._handle.type_name)
        except Raised as raised:  # what list() and iter() expect of an object without a length
            raise TypeError(f"{self!r} has no length") from raised
        return found

    def __getitem__(self, key: Any) -> Any:
        return self._method("__getitem__", key)

    def __iter__(self) -> Iterator[Any]:
        call = Call(Op.ITER, handle_of(self, self._remote).id)
        found: RemoteObject = self._remote.quiet(call, self._handle.type_name)
        return found

    def __next__(self) -> Any:
        call = Call(Op.NEXT, handle_of(self, self._remote).id)
        try:
            return self._remote.ask(call, f"next({self._handle.type_name})")
        except Raised as raised:
            if raised.classes[:1] == ("StopIteration",):
                raise StopIteration from None
            raise

    def value(self) -> Any:
        """Read the object back by value."""
        call = Call(Op.VALUE, handle_of(self, self._remote).id)
        return self._remote.quiet(call, self._handle.type_name)

    def _method(self, name: str, *args: Any) -> Any:
        label = f"{self._origin or self._handle.type_name}.{name}"
        call = Call(Op.CALL, handle_of(self, self._remote).id, name, args)
        return self._remote.ask(call, label)


def handle_of(found: RemoteObject, remote: Remote) -> Handle:
    """Return the handle. Raises: TypeError for an object of another session."""
    if found._remote is not remote:
        raise TypeError(f"{found!r} lives in another session")
    return found._handle


def resolve(name: RemoteName) -> RemoteObject:
    call = Call(Op.GET, name._target(), name._name, keep=True)
    found: RemoteObject = name._remote.quiet(call, name._label)
    return found


_REMOTE = (RemoteObject, RemoteName)


def stays(value: object) -> bool:
    return isinstance(value, _REMOTE) or callable(value)


def is_callback(value: object) -> bool:
    return callable(value) and not isinstance(value, _REMOTE)
