"""State changes of submissions and jobs. Views, API and tasks all come through here."""

from __future__ import annotations

from gradus.submissions.services.claim import claim_next, extend_lease, report_progress
from gradus.submissions.services.console import call
from gradus.submissions.services.ending import (
    Figure,
    give_back,
    give_up,
    store_prepared,
    store_said,
    store_verdict,
)
from gradus.submissions.services.examples import Recording, open_examples, store_examples
from gradus.submissions.services.practise import draw_practice, mark_practice
from gradus.submissions.services.prepare import move_to_newest, open_item, prepare_anew
from gradus.submissions.services.submit import run_visible, submit
from gradus.submissions.services.sweep import sweep, wake

__all__ = [
    "Figure",
    "Recording",
    "call",
    "claim_next",
    "draw_practice",
    "extend_lease",
    "give_back",
    "give_up",
    "mark_practice",
    "move_to_newest",
    "open_examples",
    "open_item",
    "prepare_anew",
    "report_progress",
    "run_visible",
    "store_examples",
    "store_prepared",
    "store_said",
    "store_verdict",
    "submit",
    "sweep",
    "wake",
]
