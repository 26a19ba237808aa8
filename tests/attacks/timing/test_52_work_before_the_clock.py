"""Row 52: work at import, or in a thread from then on. Success: a clock that does not see it."""

from __future__ import annotations

from tests.attacks.timing.conftest import Timed


def test_a_thread_from_the_import_on_cannot_be_had(timed: Timed) -> None:
    graded, measured = timed("""
import threading
def _spin():
    while True: pass
threading.Thread(target=_spin, daemon=True).start()
""")
    assert graded.verdict.points <= 1.0
    assert measured is None or measured.value is None


def test_the_import_has_the_limit_of_a_call(timed: Timed) -> None:
    graded, _ = timed("\nimport time\ntime.sleep(60)\n")
    assert graded.verdict.status == "invalid"
    assert "still running after 1.5 s" in graded.verdict.message
