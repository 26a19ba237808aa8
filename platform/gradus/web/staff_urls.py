"""Addresses of the people's pages and the gradebook; part of the name space of `urls`."""

from __future__ import annotations

from django.urls import path

from gradus.web import (
    assignment_urls,
    audit,
    authoring_urls,
    downloads,
    exports,
    fill_in,
    gradebook,
    marking_urls,
    regrade_urls,
    roster,
    sections,
    staff,
    statistics_urls,
    student,
)

urlpatterns = [
    *authoring_urls.urlpatterns,
    path("join/", roster.join, name="join"),
    path("courses/<int:course_id>/people/", roster.roster, name="roster"),
    path("courses/<int:course_id>/people/add/", roster.roster_add, name="roster_add"),
    path("courses/<int:course_id>/people/upload/", roster.roster_upload, name="roster_upload"),
    path(
        "courses/<int:course_id>/people/upload/<int:upload_id>/",
        roster.roster_preview,
        name="roster_preview",
    ),
    path("courses/<int:course_id>/people/code/", roster.join_code, name="join_code"),
    path("courses/<int:course_id>/people/code/end/", roster.join_code_end, name="join_code_end"),
    path("courses/<int:course_id>/people/<int:enrolment_id>/", student.student, name="student"),
    path(
        "courses/<int:course_id>/people/<int:enrolment_id>/remove/",
        student.student_remove,
        name="student_remove",
    ),
    path(
        "courses/<int:course_id>/people/<int:enrolment_id>/return/",
        student.student_return,
        name="student_return",
    ),
    path("courses/<int:course_id>/staff/add/", staff.staff_add, name="staff_add"),
    path(
        "courses/<int:course_id>/staff/<int:enrolment_id>/",
        staff.staff_member,
        name="staff_member",
    ),
    path(
        "courses/<int:course_id>/staff/<int:enrolment_id>/end/",
        staff.staff_end,
        name="staff_end",
    ),
    path("courses/<int:course_id>/details/", staff.course_details, name="course_details"),
    path("courses/<int:course_id>/archive/", staff.course_archive, name="course_archive"),
    path(
        "courses/<int:course_id>/people/<int:enrolment_id>/invite/",
        student.student_invite,
        name="student_invite",
    ),
    path("courses/<int:course_id>/sections/", sections.sections, name="sections"),
    path("courses/<int:course_id>/sections/<int:section_id>/", sections.section, name="section"),
    path(
        "courses/<int:course_id>/sections/<int:section_id>/delete/",
        sections.section_delete,
        name="section_delete",
    ),
    path("courses/<int:course_id>/gradebook/", gradebook.gradebook, name="gradebook"),
    path("courses/<int:course_id>/gradebook/export/", exports.exports, name="exports"),
    path("courses/<int:course_id>/gradebook/export/file/", exports.export_file, name="export_file"),
    path("courses/<int:course_id>/gradebook/fill-in/", fill_in.upload, name="fill_in"),
    path(
        "courses/<int:course_id>/gradebook/fill-in/<int:upload_id>/",
        fill_in.preview,
        name="fill_in_preview",
    ),
    path(
        "courses/<int:course_id>/gradebook/<int:enrolment_id>/<int:item_id>/",
        gradebook.mark,
        name="mark",
    ),
    path(
        "courses/<int:course_id>/gradebook/<int:enrolment_id>/<int:item_id>/change/",
        gradebook.mark_override,
        name="mark_override",
    ),
    path(
        "courses/<int:course_id>/gradebook/<int:enrolment_id>/<int:item_id>/undo/",
        gradebook.mark_undo,
        name="mark_undo",
    ),
    path("courses/<int:course_id>/record/", audit.record, name="record"),
    path("courses/<int:course_id>/record.csv", audit.record_file, name="record_file"),
    path(
        "courses/<int:course_id>/people/<int:enrolment_id>/data.zip",
        downloads.person,
        name="person_data",
    ),
    path(
        "assignments/<int:assignment_id>/submissions.zip",
        downloads.submissions,
        name="assignment_archive",
    ),
    *assignment_urls.urlpatterns,
    *marking_urls.urlpatterns,
    *statistics_urls.urlpatterns,
    *regrade_urls.urlpatterns,
]
