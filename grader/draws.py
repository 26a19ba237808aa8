"""The random source of checks and by-hand problems: one stream per seed and label."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from grader.namespace import Namespace

T = TypeVar("T")


class Draw:
    """Random inputs; equal seed and label give equal draws, other labels other streams.

    A shape left empty gives a Python float. `numbers` are this student's drawn numbers as
    read-only attributes, where the exercise has any.
    """

    def __init__(self, seed: bytes, label: str, numbers: Mapping[str, Any] | None = None) -> None:
        text = label.encode()
        digest = hashlib.sha256(b"%d:%b%b" % (len(seed), seed, text)).digest()
        self._generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
        self.numbers = Namespace(numbers or {})

    def normal(self, *shape: int, loc: float = 0.0, scale: float = 1.0) -> Any:
        values = self._generator.normal(loc, scale, shape)
        return values if shape else float(values)

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> Any:
        values = self._generator.uniform(low, high, shape)
        return values if shape else float(values)

    def integers(self, low: int, high: int, size: int | tuple[int, ...] | None = None) -> Any:
        """Integers from low to high - 1: an int64 array, or an int without a size."""
        values = self._generator.integers(low, high, size=size, dtype=np.int64)
        return int(values) if size is None else values

    def choice(self, options: Sequence[T]) -> T:
        index: int = self.integers(0, len(options))
        return options[index]

    def sample(self, options: Sequence[T], k: int) -> list[T]:
        """Choose k entries, none twice, in random order."""
        if not 0 <= k <= len(options):
            raise ValueError(f"{k} of {len(options)} entries cannot be chosen without repetition.")
        picked = self._generator.permutation(len(options))[:k]
        return [options[int(i)] for i in picked]

    def permutation(self, n: int) -> Any:
        return self._generator.permutation(n).astype(np.int64)

    def boolean(self) -> bool:
        return bool(self.integers(0, 2))

    def seed(self) -> int:
        """A fresh seed below 2**63."""
        return int(self._generator.integers(0, 2**63, dtype=np.uint64))

    def generator(self) -> np.random.Generator:
        """A fresh generator, to be passed to a function that takes `rng`."""
        return np.random.default_rng(self.seed())
