"""The names of what is recorded."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    """Value in the database, and words for people."""

    MARK_SET = "mark.set", _("Mark set by hand")
    MARK_UNDONE = "mark.undone", _("Mark by hand taken back")
    RUBRIC_SET = "rubric.set", _("Rubric changed")
    RUBRIC_RELEASED = "rubric.released", _("Marks by people released")
    REGRADE_STARTED = "regrade.started", _("Regrade started")
    REGRADE_STOPPED = "regrade.stopped", _("Regrade stopped")
    REGRADE_RESUMED = "regrade.resumed", _("Regrade went on")
    REGRADE_EXTENDED = "regrade.extended", _("Regrade took in later work")
    REGRADE_CHOSEN = "regrade.chosen", _("Chosen which marks a regrade may lower")
    REGRADE_APPLIED = "regrade.applied", _("Regrade applied")
    REGRADE_REVERSED = "regrade.reversed", _("Regrade taken back")
    REGRADE_DISCARDED = "regrade.discarded", _("Regrade discarded")
    EXTENSION = "allowance.extension", _("Extension given")
    EXCUSE = "allowance.excuse", _("Excuse given")
    ALLOWANCE_UNDONE = "allowance.undo", _("Extension or excuse taken back")
    QUESTION_ANSWERED = "question.answered", _("Question answered")

    COURSE_MADE = "course.made", _("Course made")
    COURSE_COPIED = "course.copied", _("Course copied")
    COURSE_NAMED = "course.named", _("Course named")
    COURSE_ARCHIVED = "course.archived", _("Course archived")
    COURSE_REOPENED = "course.reopened", _("Course opened again")
    COURSE_RULES = "course.rules", _("Rules of the course changed")
    GROUP_SAVED = "group.saved", _("Group of assignments stored")
    GROUP_DELETED = "group.deleted", _("Group of assignments deleted")
    ASSIGNMENT_MADE = "assignment.made", _("Assignment made")
    ASSIGNMENT_CHANGED = "assignment.changed", _("Assignment changed")
    ITEMS_CHANGED = "items.changed", _("Rules of exercises changed")
    EXERCISE_PUBLISHED = "exercise.published", _("Version of an exercise published")
    EXERCISE_WITHDRAWN = "exercise.withdrawn", _("Exercise withdrawn")
    EXERCISE_RESTORED = "exercise.restored", _("Withdrawn exercise restored")
    ITEM_PINNED = "item.pinned", _("Exercise moved to another version")
    EXAM_CHANGED = "exam.changed", _("Exam changed")
    RESULTS_RELEASED = "results.released", _("Results released")
    RESULTS_HELD = "results.held", _("Results held back")

    ROLE_GIVEN = "role.given", _("Role given")
    ROLE_ENDED = "role.ended", _("Role ended")
    ROSTER_APPLIED = "roster.applied", _("Roster applied")
    PEOPLE_INVITED = "people.invited", _("Invitations sent")
    STUDENT_REMOVED = "student.removed", _("Student removed")
    STUDENT_RETURNED = "student.returned", _("Student came back")
    STUDENT_CHANGED = "student.changed", _("Student changed")
    STUDENT_JOINED = "student.joined", _("Joined by code")
    SECTION_SAVED = "section.saved", _("Section stored")
    SECTION_DELETED = "section.deleted", _("Section deleted")
    JOIN_CODE_MADE = "code.made", _("Join code made")
    JOIN_CODE_ENDED = "code.ended", _("Join code ended")

    MARKS_TAKEN = "export.marks", _("Marks exported")
    FILE_FILLED = "export.filled", _("Marks written into a file")
    SUBMISSIONS_TAKEN = "export.submissions", _("Submissions downloaded")
    PERSON_TAKEN = "export.person", _("Data of a student downloaded")
    REGRADE_TAKEN = "export.regrade", _("Marks of a regrade downloaded")
    EXERCISE_TAKEN = "export.exercise", _("Files of an exercise downloaded")
    AUDIT_TAKEN = "export.audit", _("This record exported")

    TOKEN_MADE = "token.made", _("Token made")
    TOKEN_ENDED = "token.ended", _("Token ended")
    TEACHING_GIVEN = "teaching.given", _("Right to make courses given")
    TEACHING_WITHDRAWN = "teaching.withdrawn", _("Right to make courses withdrawn")


def words(action: str) -> str:
    """Also for what an earlier release wrote."""
    return str(Action(action).label) if action in Action.values else action
