"""Row 93: files that are no honest Python. Success: a fault of ours instead of a line number."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import SOLUTION, Attack, patient

GOOD = SOLUTION.encode()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param(b"(" * 100_000, "Line 1 cannot be read", id="parentheses"),
        pytest.param(b"x = " + b"[" * 10_000 + b"\n", "Line 1 cannot be read", id="brackets"),
        pytest.param(b"x = " + b"-" * 1_000_000 + b"1\n" + GOOD, "nested too deeply", id="minus"),
        pytest.param(b"x = " + b"1+" * 400_000 + b"1\n" + GOOD, "nested too deeply", id="plus"),
        pytest.param(b"x = a" + b".a" * 400_000 + b"\n" + GOOD, "nested too deeply", id="dots"),
        pytest.param(b"x = " + b"lambda:" * 90_000 + b"1\n" + GOOD, "cannot be read", id="lambda"),
        pytest.param(
            b"".join(b" " * n + b"if 1:\n" for n in range(1000)), "Line 101", id="indentation"
        ),
        pytest.param(b"x = " + b"f'{" * 999 + b"1" + b"}'" * 999, "cannot be read", id="f-strings"),
        pytest.param(b"x = 'a' * 10**10\n" + GOOD, "MemoryError in line 1", id="folding"),
        pytest.param(b"# coding: rot13\nqrs s\n", "not a text encoding", id="rot13"),
        pytest.param(b"# coding: nosuch\n" + GOOD, "unknown encoding: nosuch", id="no encoding"),
        pytest.param(b"# coding: utf-16\n" + GOOD, "cannot be read", id="utf-16 cookie"),
        pytest.param(SOLUTION.encode("utf-16"), "null bytes", id="utf-16"),
        pytest.param(b"x = 1\0\n" + GOOD, "null bytes", id="NUL"),
        pytest.param(b"s = '\xff'\n" + GOOD, "'utf-8' codec can't decode", id="no UTF-8"),
        pytest.param("def f(x):\n    return “2”\n".encode(), "Line 2 cannot be read", id="quotes"),
        pytest.param(b"import sys; sys.exit(0)\n" + GOOD, "SystemExit in line 1", id="sys.exit"),
        pytest.param(b"import os; os._exit(0)\n" + GOOD, "ended the Python process", id="os._exit"),
        pytest.param(b"while True: pass\n" + GOOD, "still running after 1.5 s", id="loop"),
        pytest.param(b"while True: print('x' * 999)\n", "printed more than", id="flood"),
        pytest.param(b"import os; os.write(3, b'x' * 99)\n", "could not be read", id="frame"),
        pytest.param(b"import numpy as n; n.ones(10**10)\n" + GOOD, "MemoryError", id="memory"),
        pytest.param(b"raise BaseException('no')\n", "BaseException in line 1: no", id="raises"),
    ],
)  # fmt: skip
def test_an_unusable_file_is_invalid_and_says_why(
    attack: Attack, source: bytes, words: str
) -> None:
    extra = {"extra": patient()} if len(source) > 10_000 else {}
    verdict = attack(source=source, **extra).verdict
    assert verdict.status == "invalid"
    assert words in verdict.message
    assert len(verdict.message) <= 2048


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(b"\xef\xbb\xbf" + GOOD, id="byte order mark"),
        pytest.param(GOOD.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(GOOD.replace(b"\n", b"\r"), id="CR"),
        pytest.param(b"\x0c\n" + GOOD, id="form feed"),
        pytest.param(b"# coding: latin-1\ns = '\xe9'\n" + GOOD, id="latin-1"),
        pytest.param(b"#" * (1_000_000) + b"\n" + GOOD, id="a megabyte"),
        pytest.param(b"x = " + b"(" * 90 + b")" * 90 + b"\n" + GOOD, id="deep but legal"),
        pytest.param(b"for i in range(10**4): globals()[f'n{i}'] = i\n" + GOOD, id="many names"),
        pytest.param(b"globals()['\\ud800'] = globals()[3] = 1\n" + GOOD, id="odd names"),
        pytest.param(b"import sys; sys.modules.clear()\n" + GOOD, id="no modules"),
        pytest.param(b"import sys; sys.stdout = sys.stderr = None\n" + GOOD, id="no output"),
        pytest.param(b"import os; os.close(1); os.close(2)\n" + GOOD, id="closed output"),
        pytest.param(b"import warnings; warnings.warn('x')\n" + GOOD, id="warns"),
        pytest.param(b"import numpy as np; np.seterr(all='raise')\n" + GOOD, id="seterr"),
        pytest.param(b"import os; os.chdir('/'); os.umask(0o777)\n" + GOOD, id="elsewhere"),
    ],
)  # fmt: skip
def test_an_odd_but_right_file_passes(attack: Attack, source: bytes) -> None:
    assert attack(source=source, extra=patient()).verdict.status == "passed"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("import sys\nsys.settrace(lambda *a: 1 / 0)\n", id="trace"),
        pytest.param("import sys\nsys.setprofile(lambda *a: 1 / 0)\n", id="profile"),
        pytest.param(
            "import signal\nsignal.signal(signal.SIGALRM, lambda *a: 1 / 0)\n"
            "signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\n",
            id="alarm",
        ),
        pytest.param("import builtins\nbuiltins.len = builtins.type = None\n", id="builtins"),
        pytest.param("import numpy as np\nnp.asarray = np.ndarray = None\n", id="numpy"),
        pytest.param(
            "import sys\nfor name in list(sys.modules):\n"
            "    if name.startswith('grader'): vars(sys.modules[name]).clear()\n",
            id="engine",
        ),
        pytest.param("def __getattr__(name): raise SystemExit\n", id="module getattr"),
        pytest.param("import sys\nsys.modules['solution'] = sys\n", id="another module"),
    ],
)
def test_breaking_ones_own_runner_is_ones_own_loss(attack: Attack, head: str) -> None:
    verdict = attack(source=head + SOLUTION).verdict
    assert verdict.status in ("passed", "partial", "failed", "invalid")
    assert verdict.status == "passed" or verdict.message or verdict.checks[0].message
