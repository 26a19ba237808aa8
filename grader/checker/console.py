"""The console: the student's file, then what the student typed, in the student's session only."""

from __future__ import annotations

from dataclasses import replace

from grader.checker.entry import import_message
from grader.checker.link import CallRaised, SessionLost
from grader.checker.sessions import Sessions
from grader.contracts import Console
from grader.errors import outcome_message
from grader.frames import Call, Op

MODULE = "_gradus_console"
MAX_VALUE = 4000  # characters of the value shown
# Runs inside the sandbox: it may do there whatever the student's own file may do.
HELPER = """
import ast, sys

def run(text):
    names = vars(sys.modules["solution"])
    tree = ast.parse(text, "console")
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "console", "exec"), names)
    if last is None:
        return ""
    value = eval(compile(ast.Expression(last.value), "console", "eval"), names)
    return "" if value is None else repr(value)[:8000]
"""


def console(sessions: Sessions, source: bytes, typed: bytes) -> Console:
    """Run what was typed and return what it printed and the value of its last expression."""
    remote = sessions.remote("student", source, watch=False)
    remote.load = replace(remote.load, given={**sessions.given, f"{MODULE}.py": HELPER.encode()})
    try:
        remote.start()
        text = typed.decode("utf-8", "replace")
        value = remote.start().call(Call(Op.CALL, MODULE, "run", (text,), light=True))[0]
        return Console(output=remote.printed(), value=str(value)[:MAX_VALUE])
    except CallRaised as raised:
        kind, text = raised.exception.classes[0], raised.exception.message
        message = f"{kind}: {text}" if remote.names else import_message(raised.exception)
        return Console(output=remote.printed(), value=message[:MAX_VALUE])
    except SessionLost as lost:
        message = outcome_message(lost.outcome, sessions.limits)
        return Console(output=remote.printed(), value=message)
    finally:
        remote.close()
