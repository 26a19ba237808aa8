"""The names of what a function returns."""

from __future__ import annotations

import pytest

from grader.exercise.outputs import outputs


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("return y, cache", {"y": 0, "cache": 1}),
        ("return cache", {"cache": None}),
        ("return 2 * y, cache", {"cache": 1}),
        ("return (y, (cache, z))", {"y": 0}),
        ("return y, *cache", {"y": 0}),
        ("if y:\n        return y, cache\n    return 0, cache", {"cache": 1}),
        ("if y:\n        return cache, y\n    return y, cache", {}),
        ("if y:\n        return\n    return y, cache", {}),
        ("def inner():\n        return 1\n    return y, cache", {"y": 0, "cache": 1}),
        ("pass", {}),
    ],
)
def test_a_name_counts_where_every_return_gives_it_at_one_place(
    body: str, named: dict[str, int | None]
) -> None:
    assert outputs(f"def f(x):\n    {body}\n") == {"f": named}


def test_methods_have_the_name_of_their_class_before_them() -> None:
    source = "class Net:\n    def forward(self):\n        return y, cache\n"
    assert outputs(source) == {"Net.forward": {"y": 0, "cache": 1}}
