"""`python -m grader.schemas` writes the schemas anew after a change of a model."""

from __future__ import annotations

from grader.schemas import write

write()
