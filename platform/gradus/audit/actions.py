"""The names of what is recorded."""

from __future__ import annotations

from django.db.models import TextChoices


class Action(TextChoices):
    """Value in the database, and words for people."""

    MARK_SET = "mark.set", "Mark set by hand"
    MARK_UNDONE = "mark.undone", "Mark by hand taken back"
    RUBRIC_SET = "rubric.set", "Rubric changed"
    RUBRIC_RELEASED = "rubric.released", "Marks by people released"
    REGRADE_STARTED = "regrade.started", "Regrade started"
    REGRADE_STOPPED = "regrade.stopped", "Regrade stopped"
    REGRADE_RESUMED = "regrade.resumed", "Regrade went on"
    REGRADE_EXTENDED = "regrade.extended", "Regrade took in later work"
    REGRADE_CHOSEN = "regrade.chosen", "Chosen which marks a regrade may lower"
    REGRADE_APPLIED = "regrade.applied", "Regrade applied"
    REGRADE_REVERSED = "regrade.reversed", "Regrade taken back"
    REGRADE_DISCARDED = "regrade.discarded", "Regrade discarded"
    EXTENSION = "allowance.extension", "Extension given"
    EXCUSE = "allowance.excuse", "Excuse given"
    ALLOWANCE_UNDONE = "allowance.undo", "Extension or excuse taken back"
    QUESTION_ANSWERED = "question.answered", "Question answered"

    COURSE_MADE = "course.made", "Course made"
    COURSE_COPIED = "course.copied", "Course copied"
    COURSE_RULES = "course.rules", "Rules of the course changed"
    GROUP_SAVED = "group.saved", "Group of assignments stored"
    GROUP_DELETED = "group.deleted", "Group of assignments deleted"
    ASSIGNMENT_MADE = "assignment.made", "Assignment made"
    ASSIGNMENT_CHANGED = "assignment.changed", "Assignment changed"
    ITEMS_CHANGED = "items.changed", "Rules of exercises changed"
    EXERCISE_PUBLISHED = "exercise.published", "Version of an exercise published"
    EXERCISE_WITHDRAWN = "exercise.withdrawn", "Exercise withdrawn"
    EXERCISE_RESTORED = "exercise.restored", "Withdrawn exercise restored"
    ITEM_PINNED = "item.pinned", "Exercise moved to another version"
    EXAM_CHANGED = "exam.changed", "Exam changed"
    RESULTS_RELEASED = "results.released", "Results released"
    RESULTS_HELD = "results.held", "Results held back"

    ROLE_GIVEN = "role.given", "Role given"
    ROSTER_APPLIED = "roster.applied", "Roster applied"
    STUDENT_REMOVED = "student.removed", "Student removed"
    STUDENT_RETURNED = "student.returned", "Student came back"
    STUDENT_CHANGED = "student.changed", "Student changed"
    STUDENT_JOINED = "student.joined", "Joined by code"
    SECTION_SAVED = "section.saved", "Section stored"
    SECTION_DELETED = "section.deleted", "Section deleted"
    JOIN_CODE_MADE = "code.made", "Join code made"
    JOIN_CODE_ENDED = "code.ended", "Join code ended"

    MARKS_TAKEN = "export.marks", "Marks exported"
    FILE_FILLED = "export.filled", "Marks written into a file"
    SUBMISSIONS_TAKEN = "export.submissions", "Submissions downloaded"
    PERSON_TAKEN = "export.person", "Data of a student downloaded"
    AUDIT_TAKEN = "export.audit", "This record exported"

    TOKEN_MADE = "token.made", "Token made"
    TOKEN_ENDED = "token.ended", "Token ended"
    TEACHING_GIVEN = "teaching.given", "Right to make courses given"
    TEACHING_WITHDRAWN = "teaching.withdrawn", "Right to make courses withdrawn"


def words(action: str) -> str:
    """Also for what an earlier release wrote."""
    return str(Action(action).label) if action in Action.values else action
