"""Opens the sessions of one job: student, reference and known-wrong solutions, each a `Remote`."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from grader.checker.engine_checks import Rules
from grader.checker.inside import InsideLink
from grader.checker.link import Budget, Link
from grader.checker.remote import Remote
from grader.checker.session_link import SessionLink
from grader.exercise.limits import Limits
from grader.exercise.load import Exercise
from grader.frames import Load
from grader.sandbox.device import CHECKERS_OWN, CUDA
from grader.sandbox.session import Session

OpenSession = Callable[..., Session]  # (flavour, limits, timed=False) -> Session


class Sessions:
    """Makes remotes for one exercise. Time spent on opening is given back to the job's budget."""

    def __init__(
        self,
        exercise: Exercise,
        limits: Limits,
        open_session: OpenSession,
        *,
        seed: str = "",
        device: str | None = None,
    ) -> None:
        """`device`: where the tensors of a GPU exercise lie; None: on the CPU, in flavour torch."""
        self.exercise, self.limits = exercise, limits
        # What a file draws for itself is the same in a replay; nothing of the job's seed enters.
        digest = hashlib.sha256(f"session/{seed}".encode()).digest()
        self.seed = int.from_bytes(digest[:6], "big")
        self.budget = Budget(limits.job_seconds)
        flavour = exercise.manifest.flavour
        self.device = device if flavour == CUDA else None
        self.flavour = "torch" if flavour == CUDA and device is None else flavour
        self._open = open_session

    @cached_property
    def reference_source(self) -> str:
        return self.exercise.read("solution.py")

    @cached_property
    def rules(self) -> Rules:
        return Rules(self.exercise.manifest.functions, self.reference_source, self.given)

    @cached_property
    def given(self) -> dict[str, bytes]:
        folder = self.exercise.folder
        names = self.exercise.given
        return {name.removeprefix("given/"): (folder / name).read_bytes() for name in names}

    def remote(self, role: str, source: str | bytes, *, watch: bool = True) -> Remote:
        """Return a remote over a file; its session opens at the first call."""
        bans = self.exercise.manifest.bans if role != "reference" else ()
        load = Load(source=source, given=self.given, bans=bans, seed=self.seed, device=self.device)
        inside = role == "reference" and self.reference_runs_inside
        return Remote(role, load, self.inside if inside else self.link, self.rules, watch=watch)

    @property
    def reference_runs_inside(self) -> bool:
        """Whether the reference needs no session: this process has the same libraries as one, and
        nothing lies beside the file.
        """
        return self.flavour == CHECKERS_OWN and not self.exercise.given

    def inside(self, remote: Remote) -> Link:
        """Let a remote's file run in this process."""
        return InsideLink(self.limits, self.budget, remote)

    def link(
        self, remote: Remote, *, timed: bool = False, seconds: float | None = None
    ) -> SessionLink:
        """Open a session for a remote; `seconds` is another wall limit than the exercise's."""
        began = time.monotonic()
        session = self._open(self.flavour, self.limits, timed=timed)
        self.budget.end += time.monotonic() - began
        limits = self.limits if seconds is None else replace(self.limits, wall_seconds=seconds)
        return SessionLink(session, limits, self.budget, remote)
