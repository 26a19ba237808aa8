"""Lines of one notebook cell: where statements begin, which ones are no Python. Linear time."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STOP = re.compile(r"\"\"\"|'''|[\"'#()\[\]{}]")
_ENDS = {quote: re.compile(rf"\\.|{quote}", re.DOTALL) for quote in ('"""', "'''", '"', "'")}
_OPENING = "([{"
_MAGIC = re.compile(r"\s*(?:!|%%?[A-Za-z_]|\?{1,2}[A-Za-z_]|[A-Za-z_][\w.]*\?{1,2}\s*$)")
_TAKES_MAGIC = re.compile(r"\s*[A-Za-z_][\w.]*(?:\s*,\s*[A-Za-z_]\w*)*\s*=\s*(?:!|%[A-Za-z_])")
_CELL_MAGIC = re.compile(r"%%([A-Za-z_]\w*)")
_AROUND_PYTHON = {"time", "timeit", "capture", "prun"}  # the rest of such a cell is Python


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    begins: bool = False  # a statement begins here
    is_left_out: bool = False  # a magic or a shell line

    @property
    def kept(self) -> str:
        """The line in the answer; what is left out stays as a comment, and a block stays one."""
        if not self.is_left_out:
            return self.text
        bare = self.text.lstrip()
        indent = self.text[: len(self.text) - len(bare)]
        return f"{indent}pass  # {bare}" if indent and self.begins else f"{indent}# {bare}"


def cell_lines(text: str) -> list[Line]:
    found: list[Line] = []
    quote, depth, joined, leaving = "", 0, False, False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        begins = not (quote or depth or joined)
        if leaving or (begins and is_magic(line)):
            found.append(Line(line, begins=not leaving, is_left_out=True))
            leaving = line.endswith("\\")
            continue
        found.append(Line(line, begins=begins and bool(line.strip())))
        quote, depth, joined = _after(line, quote, depth)
    return found


def is_magic(line: str) -> bool:
    """Whether a statement that begins so is for Jupyter and not for Python."""
    return bool(_MAGIC.match(line) or _TAKES_MAGIC.match(line))


def is_foreign(lines: list[Line]) -> bool:
    """Whether a cell magic hands the whole cell to something else, such as `%%bash`."""
    first = next((line.text for line in lines if line.text.strip()), "")
    found = _CELL_MAGIC.match(first)
    return found is not None and found.group(1) not in _AROUND_PYTHON


def _after(line: str, quote: str, depth: int) -> tuple[str, int, bool]:
    """Open quote, open brackets and whether a backslash joins the next line, after this one."""
    at = 0
    while True:
        if quote:
            end = _closing(line, quote, at)
            if end is None:
                single = len(quote) == 1 and not line.endswith("\\")
                return ("" if single else quote), depth, False
            quote, at = "", end
        stop = _STOP.search(line, at)
        if stop is None:
            return "", depth, line.endswith("\\")
        sign, at = stop.group(), stop.end()
        if sign == "#":
            return "", depth, False
        if sign in _ENDS:
            quote = sign
        else:
            depth = depth + 1 if sign in _OPENING else max(0, depth - 1)


def _closing(line: str, quote: str, at: int) -> int | None:
    """Where the quote that is open at `at` is closed."""
    for found in _ENDS[quote].finditer(line, at):
        if found.group() == quote:
            return found.end()
    return None
