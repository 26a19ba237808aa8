"""Which cells of a notebook count, what is left out of them, and what cannot be read."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.submissions.errors import PartsRefused
from gradus.web import notebook
from gradus.web.cell_lines import cell_lines
from gradus.web.notebook import Cell, defined_names, missing_names, read_notebook

WANTED = ["softmax"]


def code(source: Any, *tags: str, **fields: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}} | fields


def book(*cells: Any, **fields: Any) -> bytes:
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": list(cells)} | fields).encode()


def counting(*sources: str) -> list[bool]:
    return [cell.counts for cell in read_notebook(book(*map(code, sources)), WANTED)]


def kept(source: str) -> str:
    return "\n".join(line.kept for line in cell_lines(source))


def only(data: bytes) -> Cell:
    (cell,) = read_notebook(data, WANTED)
    return cell


def test_cells_that_define_import_or_set_a_constant_count() -> None:
    assert counting(
        "import numpy as np", "from math import pi", "def helper():\n    pass", "class A: ...",
        "async def f(): ...", "EPS = 1e-9", "EPS: float = 1",
    ) == [True] * 7  # fmt: skip


def test_cells_that_only_run_something_do_not() -> None:
    assert counting(
        "softmax(x)", "x = 3", "print('def softmax')", "'''\ndef softmax(): ...\n'''",
        "EPS == 1", "imported = 1", "if True:\n    import os", "f(\ndef_like)",
    ) == [False] * 8  # fmt: skip


def test_what_the_exercise_asks_for_is_named() -> None:
    first, second = read_notebook(book(code("def f(): ..."), code("def softmax(): ...")), WANTED)
    assert (first.reason, second.reason) == ("Defines f.", "Defines softmax, as the exercise asks.")


def test_what_is_asked_for_and_nowhere_defined_is_told() -> None:
    cells = read_notebook(book(code("def f(): ..."), code("softmax(1)")), WANTED)
    assert missing_names(cells, WANTED) == WANTED
    assert missing_names(read_notebook(book(code("def softmax(): 0")), WANTED), WANTED) == []


def test_where_cells_are_tagged_those_count_and_no_other() -> None:
    cells = read_notebook(book(code("def softmax(): 0"), code("x = 3", notebook.TAG)), WANTED)
    assert [cell.counts for cell in cells] == [False, True]


def test_text_cells_and_empty_cells_are_not_shown_but_counted() -> None:
    markdown = {"cell_type": "markdown", "source": "def softmax(): 0"}
    raw = {"cell_type": "raw", "source": ["import os"]}
    assert only(book(markdown, raw, code(" \n"), code("import os"))).number == 4


def test_a_source_in_pieces_is_one_text() -> None:
    assert only(book(code(["a = 1\n", "b = 2"]))).text == "# %% cell 1\na = 1\nb = 2"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1"),
        ("!pip install torch", "# !pip install torch"),
        ("!pip install \\\n  torch\nx = 1", "# !pip install \\\n  # torch\nx = 1"),
        ("np.exp?", "# np.exp?"),
        ("?np.exp", "# ?np.exp"),
        ("files = !ls", "# files = !ls"),
        ("t = %timeit -o f()", "# t = %timeit -o f()"),
        ("%%time\nx = 1", "# %%time\nx = 1"),
        ("if fast:\n    %time f()", "if fast:\n    pass  # %time f()"),
    ],
)
def test_lines_for_jupyter_and_the_shell_become_comments(source: str, expected: str) -> None:
    assert kept(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "x = (a\n     %b)",
        "x = [\n!1\n]",
        "text = '''\n!not a shell line\n%nor a magic\n'''\ny = 1",
        'def f():\n    """Say\n    !this?\n    """',
        "x = a \\\n %b",
        "s = 'it\\'s'; t = \"a ' b\"  # isn't open\ny = 7 % 3",
        "x = 3 if a != b else 4",
        "# %%bash\nx = 1",
    ],
)
def test_what_is_python_stays_as_it_is(source: str) -> None:
    assert kept(source) == source


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%writefile a.py", "%%javascript"])
def test_a_cell_for_another_program_never_counts(magic: str) -> None:
    cell = only(book(code(f"\n{magic}\ndef softmax(): 0", notebook.TAG)))
    assert not cell.counts
    assert cell.reason.startswith("No Python")


def test_names_of_the_starter_are_what_is_asked_for() -> None:
    source = "import os\n\ndef a(x):\n    def inner(): ...\n\n\nclass B:\n    def c(self): ...\n"
    assert defined_names(source) == {"a", "B"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "breaks at line 1, column 1"),
        (b'{"cells": [\n}', "breaks at line 2"),
        (b"[]", "no list of cells"),
        (b'{"cells": 3}', "no list of cells"),
        (b"\xff\xfe{}", "is no text|breaks at"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"cells": ' + b'{"a":' * 100_000, "nested too deeply"),
        (b'{"nbformat": 3, "worksheets": []}', "old format"),
        (book(), "no cell with code"),
        (book(code("  ")), "no cell with code"),
        (book(code("x"), 7), "Cell 2 cannot be read"),
        (book(code("x"), code(7)), "Cell 2 cannot be read: its source is no text"),
        (book(code("x"), code(["a", 7])), "Cell 2 cannot be read"),
        (book(code("x"), code({"a": 1})), "Cell 2 cannot be read"),
        (book(code("x\0")), "Cell 1 has a NUL character"),
        (b'{"cells":[{"cell_type":"code","source":"\\ud800"}]}', "Cell 1 has half of a character"),
        (book(code("#" * 300_000)), "Cell 1 has 300.0 KB; at most 262.1 KB"),
        (book(*[code("#" * 250_000)] * 5), "code cells have 1.3 MB"),
        (book(*[code("x")] * 201), "201 code cells; at most 200"),
        (book(*[code("")] * 1001), "1001 cells; at most 1000"),
        (book(code("x", outputs=["y" * 3_000_000])), "3.0 MB; at most 2.1 MB are read. Clear"),
        (book(code("x"), metadata={"language_info": {"name": "R"}}), "written in R; Python"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(PartsRefused, match=why):
        read_notebook(data, WANTED)


@pytest.mark.parametrize(
    "cell",
    [
        code("x", metadata=[]), code("x", metadata={"tags": "gradus"}), code("x", outputs=7),
        code("x", execution_count=10**400), code("x", metadata={"tags": [["gradus"]]}),
    ],
)  # fmt: skip
def test_what_is_not_looked_at_may_be_anything(cell: dict[str, Any]) -> None:
    assert only(json.dumps({"cells": [cell], "metadata": 3}).encode()).counts is False


def test_a_number_of_many_digits_does_no_harm() -> None:
    data = b'{"nbformat": ' + b"9" * 100_000 + b', "cells": [{"cell_type":"code","source":"x"}]}'
    assert only(data).number == 1


@pytest.mark.parametrize("piece", ["(", ")", "'", '"""', "'''\n", "\\", "!\\\n", "x = (", "a, "])
def test_a_long_cell_is_read_in_a_moment(piece: str) -> None:
    source = (piece * 260_000)[:260_000]
    begun = time.process_time()
    cell_lines(source)
    assert time.process_time() - begun < 2


@given(st.text(alphabet=" \n\\'\"()[]#%!?=abR", max_size=80))
def test_every_line_stays_a_line(source: str) -> None:
    lines = cell_lines(source)
    assert len(lines) == source.count("\n") + 1
    assert "\n".join(line.text for line in lines) == source
