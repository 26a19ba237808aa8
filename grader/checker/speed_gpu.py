"""Ratios on a GPU: pairs by a clock that starts before the inputs, and proof that it did the work.

What proves it: while the student's function is called again and again, the driver's samples must
show a kernel of this very session's processes. They are read outside of the sandbox, and that this
host takes such samples is known from the reference's session, which computes on the device too. It
does not prove that the outputs came of those kernels; that they are right, lie on the device and
were not there before the inputs is checked beside it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.authoring.judging import CheckFailed
from grader.authoring.registry import CheckSpec
from grader.checker.link import CallRaised, SessionLost
from grader.checker.proxies import RemoteObject
from grader.checker.session_link import SessionLink
from grader.checker.speed import (
    SHARE_OF_JOB,
    Baseline,
    Party,
    Progress,
    Speed,
    Trial,
    Wrong,
    is_time_over,
    not_importable,
    teller,
)
from grader.exercise.manifest import Performance
from grader.frames import Call, Op, TensorArray
from grader.sandbox.device import DeviceUse
from grader.timing import device
from grader.timing.pairs import Args, Measurement

WORK_SECONDS = 1.5  # of calls for the driver to see; it samples some times a second
SEEN_SECONDS = 3.0  # until its samples are there
LOOK_SECONDS = 0.25
IDENTICAL = "every output has the very bits of the baseline's: is it the library's own function?"
SLOWED = "the baseline was slower beside this file than alone: does it leave work on the GPU?"
UNPROVEN = "this host's driver did not show whose work the GPU did"
NO_WORK = (
    f"While {{}} was called for {WORK_SECONDS:g} s, the driver saw no work of your code on the GPU."
    " Keep the tensors on the device that they are on, and compute there."
)


class GpuSpeed(Speed):
    """Measures performance checks on a device."""

    def _measure(self, spec: CheckSpec, table: Performance, progress: Progress) -> Measurement:
        """Measure once with two fresh sessions on the device. Raises: Wrong, ExerciseError."""
        sessions, trial = self.sessions, Trial(self, spec, table)
        remote = sessions.remote("reference", sessions.reference_source)
        alike = Alike()
        link = sessions.link(remote, timed=True)
        try:
            try:
                link.load(remote.load)
            except (CallRaised, SessionLost) as error:
                if is_time_over(error):
                    raise
                raise not_importable(error) from error

            def verify(args: Args, output: Any, theirs: Any) -> None:
                trial.verify(args, output)
                alike.look(output, theirs)

            found = device.measure(
                self._student(trial),
                Baseline(link, str(table.baseline)),
                trial.fresh,
                verify,
                device.Rules(
                    thresholds=table.thresholds,
                    seconds=SHARE_OF_JOB * max(0.0, sessions.budget.left()),
                ),
                teller(progress),
            )
        except (CallRaised, SessionLost, CheckFailed) as error:
            raise Wrong(self.finding(error, trial)) from error
        finally:
            link.close()
        self.flags |= {SLOWED} if found.slowed else set()
        self.flags |= {IDENTICAL} if alike.always else set()
        return found.measured

    @contextmanager
    def _student(self, trial: Trial) -> Iterator[Party]:
        """Open the student's session; before it ends, have the device show its work.

        Raises: CheckFailed, where it shows none; CallRaised, SessionLost.
        """
        remote = self.sessions.remote("student", self.source)
        link = self.sessions.link(remote, timed=True)
        try:
            link.load(remote.load)
            party = Party(link, trial.function)
            yield party
            proven = is_proven(self._work(party, trial.fresh()), self._control())
            if proven is None:
                self.flags.add(UNPROVEN)
            elif not proven:
                raise CheckFailed(NO_WORK.format(trial.function))
        finally:
            link.close()

    def _work(self, party: Party, args: Args) -> DeviceUse:
        """Call the function for a while, its results staying there; return what the driver saw."""
        link = party.link
        party.thaw()
        kept = party.keep(args)
        end = time.monotonic() + WORK_SECONDS
        while time.monotonic() < end:
            call = Call(Op.CALL, None, party.function, kept, keep=True, light=True)
            left, _ = link.call(call)
            if isinstance(left, RemoteObject):
                link.drop(left._handle.id)
        end = time.monotonic() + SEEN_SECONDS
        while not (use := _use(link)).busy_samples and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
        party.forget(kept)
        return use

    def _control(self) -> DeviceUse:
        """Return what the driver saw of the reference's session."""
        link = self.judge.reference.start()
        assert isinstance(link, SessionLink)  # of this flavour it has one
        return _use(link)


class Alike:
    """Whether all outputs have the baseline's bits; numbers that are no fractions tell nothing."""

    def __init__(self) -> None:
        self._all, self._seen = True, False

    @property
    def always(self) -> bool:
        return self._all and self._seen

    def look(self, own: Any, theirs: Any) -> None:
        if theirs is None:
            return
        for one, other in zip(_leaves(own), _leaves(theirs), strict=False):
            if _is_fractional(one) and _is_fractional(other):
                self._seen = True
                self._all = self._all and one.tobytes() == other.tobytes()


def is_proven(own: DeviceUse, control: DeviceUse) -> bool | None:
    """Tell whether the device worked for a session; None where this driver would not show it."""
    if own.busy_samples:
        return True
    return False if control.busy_samples else None


def _use(link: SessionLink) -> DeviceUse:
    return link.session.device_use()


def _leaves(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _is_fractional(value: Any) -> bool:
    if not isinstance(value, np.ndarray):
        return False
    bits = isinstance(value, TensorArray) and value.torch_dtype == "bfloat16"
    return bits or value.dtype.kind in "fc"
