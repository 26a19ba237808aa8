"""What is kept of a process's output."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from grader.exercise.limits import Limits
from grader.sandbox.output import HEAD_BYTES, TAIL_BYTES, OutputReader


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    yield read, write
    os.close(read)


def test_short_output_is_kept_whole(pipe: tuple[int, int]) -> None:
    reader = OutputReader(pipe[0], Limits())
    os.write(pipe[1], b"one\n")
    reader.drain()
    os.write(pipe[1], b"two\xff\n")
    os.close(pipe[1])
    reader.drain()
    assert reader.text() == "one\ntwo\ufffd\n"
    assert reader.ended


def test_long_output_keeps_head_and_tail_and_says_what_is_missing(pipe: tuple[int, int]) -> None:
    os.close(pipe[1])
    reader = OutputReader(pipe[0], Limits())
    reader.feed(b"a" * HEAD_BYTES + b"b" * 100)
    reader.feed(b"c" * TAIL_BYTES)
    assert reader.text() == "a" * HEAD_BYTES + "\n[100 bytes left out]\n" + "c" * TAIL_BYTES


def test_the_count_goes_on_when_the_text_is_cleared(pipe: tuple[int, int]) -> None:
    os.close(pipe[1])
    reader = OutputReader(pipe[0], Limits(output_kib=1))
    reader.feed(bytes(1024))
    reader.clear()
    assert (reader.text(), reader.exceeded) == ("", False)
    reader.feed(b"x")
    assert (reader.text(), reader.exceeded) == ("x", True)
