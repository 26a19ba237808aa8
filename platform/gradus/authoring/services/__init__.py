"""State changes of working copies, of what graders do for authors, and of what is published."""

from __future__ import annotations

from gradus.authoring.services.copies import (
    copy_of_exercise,
    create,
    delete,
    delete_file,
    files_of,
    replace_all,
    restore,
    restore_file,
    save_file,
    take_files,
)
from gradus.authoring.services.jobs import preview, stop, verify
from gradus.authoring.services.publishing import move_to_newest, publish

__all__ = [
    "copy_of_exercise",
    "create",
    "delete",
    "delete_file",
    "files_of",
    "move_to_newest",
    "preview",
    "publish",
    "replace_all",
    "restore",
    "restore_file",
    "save_file",
    "stop",
    "take_files",
    "verify",
]
