"""Addresses of the pages. Names are used in templates and tests; numbers are database ids."""

from __future__ import annotations

from django.urls import path

from gradus.web import (
    compare,
    console,
    courses,
    drafts,
    feed,
    items,
    overview,
    practise,
    programs,
    questions,
    staff_urls,
    submissions,
    uploads,
)

app_name = "web"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("preferences/", overview.preferences, name="preferences"),
    path("programs/", programs.tokens, name="tokens"),
    path("programs/allow/", programs.allow, name="allow_program"),
    path("programs/<int:token_id>/end/", programs.token_end, name="token_end"),
    path("calendar/", feed.page, name="calendar"),
    path("calendar/renew/", feed.renew, name="calendar_renew"),
    path("calendar/revoke/", feed.revoke, name="calendar_revoke"),
    path("calendar/<str:token>.ics", feed.file, name="calendar_file"),
    path("submissions/", overview.my_submissions, name="my_submissions"),
    path("submissions/<int:submission_id>/", submissions.submission, name="submission"),
    path("submissions/<int:submission_id>/live/", submissions.live, name="live"),
    path("submissions/<int:submission_id>/changes/", compare.changes, name="changes"),
    path("submissions/<int:submission_id>/ask/", questions.ask, name="ask"),
    path("questions/", questions.mine, name="questions_mine"),
    path("questions/<int:question_id>/", questions.question, name="question"),
    path("questions/<int:question_id>/withdraw/", questions.withdraw, name="question_withdraw"),
    path("courses/<int:course_id>/questions/", questions.queue, name="questions"),
    path("mail/stop/<str:token>/", questions.mail_stop, name="mail_stop"),
    path("submissions/<int:submission_id>/run/", submissions.run_results, name="run_results"),
    path("submissions/<int:submission_id>/parts/<str:name>", submissions.part, name="part"),
    path("courses/new/", courses.course_new, name="course_new"),
    path("courses/<int:course_id>/", courses.course, name="course"),
    path("courses/<int:course_id>/submissions/", courses.submissions, name="course_submissions"),
    path("courses/<int:course_id>/assignments/new/", courses.assignment_new, name="assignment_new"),
    path("assignments/<int:assignment_id>/", courses.assignment, name="assignment"),
    path("items/<int:item_id>/", items.item, name="item"),
    path("items/<int:item_id>/run/", items.run, name="run"),
    path("items/<int:item_id>/console/", console.call, name="console"),
    path("console/<int:submission_id>/", console.answer, name="console_answer"),
    path("items/<int:item_id>/practice/", practise.practice, name="practice"),
    path("items/<int:item_id>/practice/new/", practise.practice_new, name="practice_new"),
    path("items/<int:item_id>/practice/mark/", practise.practice_mark, name="practice_mark"),
    path("items/<int:item_id>/submit/", items.submit, name="submit"),
    path("items/<int:item_id>/answer/", items.read_answer, name="read_answer"),
    path("items/<int:item_id>/submissions/", items.history, name="item_submissions"),
    path("items/<int:item_id>/draft/", drafts.save, name="draft"),
    path("items/<int:item_id>/draft/now/", drafts.now, name="draft_now"),
    path("items/<int:item_id>/solution.py", drafts.file, name="draft_file"),
    path("items/<int:item_id>/drafts/", drafts.history, name="drafts"),
    path("items/<int:item_id>/drafts/<int:state_id>/", drafts.state, name="draft_state"),
    path(
        "items/<int:item_id>/drafts/<int:state_id>/restore/", drafts.restore, name="draft_restore"
    ),
    path("items/<int:item_id>/upload/", uploads.upload, name="upload"),
    path("items/<int:item_id>/notebook/", uploads.notebook, name="notebook"),
    *staff_urls.urlpatterns,
]
