"""A student's own work on an item: what a form carries of it, and which text is the newest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from gradus.courses.models import Enrolment, Item
from gradus.lib.refusal import Refused
from gradus.submissions import selectors
from gradus.submissions.drafts.models import Draft, Why
from gradus.submissions.drafts.selectors import draft_of
from gradus.submissions.drafts.services import Origin, save
from gradus.submissions.errors import PartsRefused
from gradus.submissions.models import StudentItem, Submission
from gradus.web import sheets
from gradus.web.forms import SourceForm
from gradus.web.http import SignedInRequest
from gradus.web.text import visible

Work = Mapping[str, str]  # text by name of the part
PAGE = "draft-page"  # which opened page sends this
REVISION = "draft-revision"  # the revision that its text was made from
LARGEST_REVISION = 2**31 - 1
_BY_SCRIPT = {why.value: why for why in (Why.RESET, Why.UPLOAD, Why.RESTORED)}


@dataclass(frozen=True, slots=True)
class Newest:
    """What the page shows: the draft, or what was sent after it, or the starter."""

    source: str
    answers: str | None  # answers.json of a draft that is newer than the last submission
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    label: str
    old: str
    new: str


def newest(item: Item, enrolment: Enrolment, mine: StudentItem) -> Newest:
    """Two queries; a third one where the item has answers."""
    draft = draft_of(enrolment, item)
    source, answers = mine.starter, None
    sent = selectors.last_code(enrolment, item) if item.version.has_code else None
    if draft is not None and _is_newer(draft, sent):
        source = draft.parts.get("solution.py", source)
    elif sent is not None:
        source = sent.parts["solution.py"]
    if draft is not None and item.version.has_answers:
        last = selectors.history(enrolment, item, most=1).first()
        answers = draft.parts.get("answers.json") if _is_newer(draft, last) else None
    return Newest(source, answers, draft)


def _is_newer(draft: Draft, sent: Submission | None) -> bool:
    return sent is None or draft.saved_at >= sent.received_at


def origin_of(data: QueryDict) -> Origin:
    """Raises: PartsRefused, for a form that is not one of ours."""
    page, revision = data.get(PAGE), data.get(REVISION, "")
    digits = revision if revision.isascii() and revision.isdigit() else ""
    if not page or not digits or len(digits) > 10 or int(digits) > LARGEST_REVISION:
        raise PartsRefused(_("This page is too old to save a draft. Load it again."))
    return Origin(page, int(digits))


def why_of(data: QueryDict) -> Why:
    return _BY_SCRIPT.get(data.get("why", ""), Why.TYPED)


def typed_parts(
    data: QueryDict,
    item: Item,
    mine: StudentItem,
    files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
) -> dict[str, str]:
    """Code and answers as they are, readable or not. Raises: PartsRefused, where none was sent."""
    parts = {}
    if item.version.has_code:
        if "source" not in data:
            raise PartsRefused(_("There is no solution.py in what was sent."))
        form = SourceForm(data, files)
        if not form.is_valid():
            raise PartsRefused(" ".join(str(e) for errors in form.errors.values() for e in errors))
        parts["solution.py"] = form.text
    sheet = sheets.sheet_of(mine.form) if item.version.has_answers else None
    if sheet is not None:
        parts["answers.json"] = sheets.draft_part(sheet, data)
    return parts


def remember(
    request: SignedInRequest,
    item: Item,
    enrolment: Enrolment,
    mine: StudentItem,
    *,
    with_file: bool = True,
) -> None:
    """Keep what is being run or submitted as the draft too, so that another device goes on there.

    A draft that cannot be saved never stands in the way of a submission.
    """
    if PAGE not in request.POST:
        return
    try:
        save(
            enrolment=enrolment,
            item=item,
            parts=typed_parts(request.POST, item, mine, request.FILES if with_file else None),
            origin=origin_of(request.POST),
            now=timezone.now(),
            why=Why.SENT,
        )
    except Refused:
        return


def reset_parts(data: QueryDict, item: Item, mine: StudentItem) -> dict[str, str]:
    """The starter; answers stay as they are."""
    parts = typed_parts(data, item, mine)
    return parts | ({"solution.py": mine.starter} if item.version.has_code else {})


def fields_of(parts: Work, mine: StudentItem) -> list[list[str]]:
    """Names and values of the form's fields for these parts; an option is named with each key."""
    found = [["source", parts["solution.py"]]] if "solution.py" in parts else []
    sheet = sheets.sheet_of(mine.form)
    if sheet is None or "answers.json" not in parts:
        return found
    sheets.fill_from_part(sheet, parts["answers.json"])
    for entry in sheet.fields:
        name = sheets.PREFIX + entry.id
        if isinstance(entry, sheets.Question) and entry.options:
            found += [[name, option.key] for option in entry.options if option.chosen]
        else:
            found.append([name, entry.value])
    return found


def changed_answers(old: Work, new: Work, mine: StudentItem) -> list[ChangedAnswer]:
    """The answers that differ, under their labels."""
    before, after = _shown_answers(old, mine), _shown_answers(new, mine)
    return [
        ChangedAnswer(label, before.get(label, ""), text)
        for label, text in after.items()
        if before.get(label, "") != text
    ]


def _shown_answers(parts: Work, mine: StudentItem) -> dict[str, str]:
    sheet = sheets.sheet_of(mine.form)
    if sheet is None:
        return {}
    sheets.fill_from_part(sheet, parts.get("answers.json", ""))
    shown = {
        visible(f"{s.label} ({s.id})"): visible(s.value) for g in sheet.steps for s in g.fields
    }
    for question in sheet.questions:
        chosen = [option.raw for option in question.options if option.chosen]
        text = ", ".join(chosen) if question.options else question.value
        shown[visible(question.name)] = visible(text)
    return shown
