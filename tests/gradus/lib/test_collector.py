"""The collector always works again."""

from __future__ import annotations

import gc

import pytest

from gradus.lib.collector import paused


def test_it_waits_and_goes_on() -> None:
    with paused():
        assert not gc.isenabled()
        with paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="x"), paused():
        raise ValueError("x")
    assert gc.isenabled()
