"""Row 34: return values of every kind. Success: one of them crashes the checker, or passes."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import LIMITS, Attack, patient

WANTED = {
    "number": ("1.5", "close({}, 1.5)"),
    "array": ("np.ones(3)", "close({}, np.ones(3))"),
    "matrix": ("np.ones((2, 3))", "close({}, np.ones((2, 3)))"),
    "list": ("[1.0, 2.0]", "close({}, [1.0, 2.0])"),
    "pair": ("(np.ones(2), 1.0)", "a, b = {}; close(a, np.ones(2)); close(b, 1.0)"),
    "dict": ("{'a': 1.0}", "close({}, {{'a': 1.0}})"),
    "text": ("'abc'", "equal({}, 'abc')"),
    "whole": ("3", "equal({}, 3)"),
    "shape": ("np.ones(3)", "equal({}.shape, (3,))"),
    "norm": ("np.ones(1)", "close(np.linalg.norm({}), 1.0)"),
    "sum": ("[1.0]", "close(sum({}), 1.0)"),
    "items": ("{'a': 1.0}", "close([v for _, v in {}.items()], [1.0])"),
    "float": ("1.0", "close(float({}), 1.0)"),
    "index": ("{'a': [1.0]}", "close({}['a'][0], 1.0)"),
    "sorted": ("[1.0, 2.0]", "equal(sorted({})[0], 1.0)"),
    "text of it": ("1.0", "equal(format({}, '.2f'), '1.00')"),
    "method": ("Thing()", "close({}.go(2), 4.0)"),
    "attribute": ("Thing()", "close({}.x.value(), 1.0)"),
}
REFERENCE = f"""
import numpy as np

class Thing:
    x = 1.0
    def go(self, n):
        return 2.0 * n

def f(kind):
    return {{{", ".join(f"{kind!r}: {value}" for kind, (value, _) in WANTED.items())}}}[kind]
"""
CHECKS = "import numpy as np\nfrom grader.authoring import check, close, equal\n" + "".join(
    f"\n@check({kind!r}, points={4 / len(WANTED)})\ndef c{number}(student, reference, draw):\n"
    f"    {body.format(f'student.f({kind!r})')}\n"
    for number, (kind, (_, body)) in enumerate(WANTED.items())
)
STUDENT = '''
import numpy as np

class Liar(np.ndarray):
    shape = property(lambda self: (3,))
    dtype = property(lambda self: np.dtype("f8"))
    def __array__(self, *a, **k): raise SystemExit
    def __array_ufunc__(self, *a, **k): return np.ones(3)

class Yes:
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __len__(self): return 10**9
    def __getitem__(self, key): return self
    def __eq__(self, other): return True
    def __hash__(self): return 1
    def __float__(self): return 1.0
    def __array__(self, *a, **k): return np.ones(3)
    def __reduce__(self): return (exec, ("raise SystemExit",))

class Negative:
    def __len__(self): return -1
    def __getitem__(self, key): raise IndexError

class Interface:
    """What numpy would read the checker's own memory by, if it were asked here."""
    __array_interface__ = {"shape": (3,), "typestr": "<f8", "data": (4096, True), "version": 3}
    __array_struct__ = 5

class Text(str):
    def encode(self, *a): return b"\\xff"

class Whole(int):
    def __int__(self): return 10**600
    def to_bytes(self, *a, **k): return b""

class Real(float):
    def __float__(self): return "x"

class Items(dict):
    def items(self): return [("a", 1.0)] * 9 + [([], 1)]

class Endless(list):
    def __iter__(self): return iter(lambda: 1.0, 2.0)

def deep(levels):
    value = 1.0
    for _ in range(levels):
        value = [value]
    return value

def loop():
    value = []
    value.append(value)
    return value

def f(kind):
    return VALUE
'''


@pytest.mark.parametrize(
    "value",
    [
        "None", "True", "float('nan')", "-float('inf')", "1.7976931348623157e308", "-0.0", "5e-324",
        "10**400", "-(10**1200)", "[10**400, 1.0]", "2**63", "1j", "b'abc'", "''", "'\\x00\\u202e'",
        "[]", "()", "{}", "[[1, 2], [3]]", "[None, 'a']", "{1: 2, '1': 3}", "{(1, 2): 3, None: 4}",
        "{float('nan'): 1}", "np.zeros(0)", "np.zeros((10**5, 0))",
        "np.full(3, np.nan)", "np.full(3, 1j)", "np.zeros(3, bool)", "np.zeros(3, 'f2')",
        "np.full(3, 2**63, 'u8')", "np.array('abc')", "np.longdouble(1)",
        "np.ones(3).view(Liar)", "np.ma.masked_array([1.0, 2.0], [1, 0])", "np.matrix([1.0, 2.0])",
        "{'a': Yes()}", "Yes", "Negative()", "Interface()", "Text('abc')",
        "Whole(3)", "Real(1)", "Items()", "print", "np", "(n for n in 'ab')", "range(3)", "{1, 2}",
        "slice(1)", "deep(14)", "Exception(1)", "np.ndarray.shape", "lambda *a: 1",
        "np.random.default_rng(1)",
    ],
)  # fmt: skip
def test_a_strange_value_is_the_students_loss_and_not_our_fault(attack: Attack, value: str) -> None:
    source = STUDENT.replace("VALUE", value)
    verdict = attack(source=source, checks=CHECKS, solution=REFERENCE, extra=patient()).verdict
    assert verdict.status in ("failed", "partial"), verdict.message
    for check in verdict.checks:
        assert check.outcome is None, check
        assert check.status == "passed" or check.message, check


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("np.array([object()] * 3)", "an array of dtype object cannot be sent"),
        ("np.zeros(3, [('a', 'f8')])", "cannot be sent"),
        ("np.zeros(3, 'M8[s]')", "cannot be sent"),
        ("np.zeros((1,) * 9)", "an array of 9 dimensions cannot be sent"),
        ("10**5000", "a whole number of more than 512 bytes cannot be sent"),
        ("'\\ud800'", "half a surrogate pair"),
        ("deep(10**5)", "values nested more than 16 deep cannot be sent"),
        ("loop()", "values nested more than 16 deep cannot be sent"),
        ("np.random.Generator(np.random.MT19937(1))", "only a random generator on PCG64"),
    ],
)
def test_a_value_that_cannot_be_sent_is_named(attack: Attack, value: str, words: str) -> None:
    source = STUDENT.replace("VALUE", value)
    verdict = attack(source=source, checks=CHECKS, solution=REFERENCE, extra=patient()).verdict
    assert verdict.status == "failed"
    assert verdict.checks[0].message.startswith("f raised TypeError: the result cannot be used: ")
    assert words in verdict.checks[0].message


def test_the_reference_passes_every_use(attack: Attack) -> None:
    verdict = attack(source=REFERENCE, checks=CHECKS, solution=REFERENCE, extra=patient()).verdict
    assert verdict.status == "passed", [check.message for check in verdict.checks]


def test_an_object_that_answers_everything_forever_only_spends_its_own_time(attack: Attack) -> None:
    source = STUDENT.replace("VALUE", "Yes()")
    extra = LIMITS.replace("job_seconds = 20.0", "job_seconds = 3.0")
    verdict = attack(source=source, checks=CHECKS, solution=REFERENCE, extra=extra).verdict
    assert verdict.status in ("failed", "partial"), verdict.message
    assert {check.outcome for check in verdict.checks} <= {None, "job"}


ENDLESS = """
def f(x):
    while True:
        yield 1.0
"""


@pytest.mark.parametrize(
    "body",
    ["close(list(student.f(1)), [1.0])", "for one in student.f(1): close(one, 1.0)"],
    ids=["list", "loop"],
)
def test_an_iterator_without_end_runs_into_the_students_limit(attack: Attack, body: str) -> None:
    checks = (
        "from grader.authoring import check, close\n\n@check('All', points=4)\n"
        f"def everything(student, reference, draw):\n    {body}\n"
    )
    extra = LIMITS.replace("job_seconds = 20.0", "job_seconds = 3.0")
    solution = "def f(x):\n    return iter([1.0])\n"
    verdict = attack(source=ENDLESS, checks=checks, solution=solution, extra=extra).verdict
    assert (verdict.status, verdict.points) == ("failed", 0.0)


CALLBACK = """from grader.authoring import check, close

@check("Asks", points=1)
def attacked(student, reference, draw):
    seen = []
    def ask(value):
        seen.append(value)
        return 2.0 * value
    close(student.h(ask), 4.0)
    close(len(seen), 1)

@check("Honest", points=3)
def honest(student, reference, draw):
    x = draw.normal(4)
    close(student.g(x), reference.g(x))
"""
ASKS = """
def h(ask):
    return ask(2.0)

def g(x):
    return 3 * x
"""


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("while True: ask(1.0)", "wall"),
        ("return ask(ask)", None),
        ("return ask('x' * 10**6) and 4.0", None),
        ("return ask()", None),
        ("return ask(1, 2, 3, a=4)", None),
        ("return ask([None])", None),
        ("return ask({})", None),
        (
            "import threading; t = threading.Thread(target=ask, args=(2.0,)); t.start(); t.join()",
            None,
        ),
    ],
)
def test_a_callback_that_is_abused_fails_its_check(
    attack: Attack, body: str, outcome: str | None
) -> None:
    source = ASKS.replace("return ask(2.0)", body)
    graded = attack(source=source, checks=CALLBACK, solution=ASKS)
    graded.lost_only_its_check(outcome)


def test_a_callback_cannot_be_used_after_its_call(attack: Attack) -> None:
    source = ASKS.replace(
        "    return ask(2.0)", "    global held\n    held = ask\n    return ask(2.0)"
    )
    source = source.replace(
        "    return 3 * x", "    try: held(1.0)\n    except Exception: pass\n    return 3 * x"
    )
    assert attack(source=source, checks=CALLBACK, solution=ASKS).verdict.points >= 3.0
