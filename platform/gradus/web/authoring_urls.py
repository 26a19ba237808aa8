"""Addresses of a course's own exercises; part of the name space of `urls`."""

from __future__ import annotations

from django.urls import path

from gradus.web import (
    authoring,
    authoring_files,
    authoring_preview,
    authoring_verify,
    authoring_withdraw,
)
from gradus.web import authoring_versions as versions

_ALL = "courses/<int:course_id>/exercises/"
_ONE = f"{_ALL}<int:copy_id>/"

urlpatterns = [
    path(_ALL, authoring.exercises, name="own_exercises"),
    path(f"{_ALL}new/", authoring.new, name="own_new"),
    path(_ONE, authoring.exercise, name="own_exercise"),
    path(f"{_ONE}delete/", authoring.delete, name="own_delete"),
    path(f"{_ONE}restore/", authoring.restore, name="own_restore"),
    path(f"{_ONE}download/", authoring.download, name="own_download"),
    path(f"{_ONE}upload/", authoring.upload, name="own_upload"),
    path(f"{_ONE}file/", authoring_files.file, name="own_file"),
    path(f"{_ONE}file/new/", authoring_files.file_new, name="own_file_new"),
    path(f"{_ONE}file/raw/", authoring_files.raw, name="own_file_raw"),
    path(f"{_ONE}files/<int:file_id>/delete/", authoring_files.delete, name="own_file_delete"),
    path(f"{_ONE}files/<int:file_id>/restore/", authoring_files.restore, name="own_file_restore"),
    path(f"{_ONE}statement/", authoring_files.statement, name="own_statement"),
    path(f"{_ONE}verify/", authoring_verify.verify, name="own_verify"),
    path(f"{_ONE}verify/live/", authoring_verify.live, name="own_verify_live"),
    path(f"{_ONE}verify/stop/", authoring_verify.stop, name="own_verify_stop"),
    path(f"{_ONE}publish/", authoring_verify.publish, name="own_publish"),
    path(f"{_ONE}versions/", versions.versions, name="own_versions"),
    path(f"{_ONE}versions/changes/", versions.changes, name="own_changes"),
    path(f"{_ONE}items/<int:item_id>/newest/", versions.item_newest, name="own_item_newest"),
    path(f"{_ONE}preview/", authoring_preview.preview, name="own_preview"),
    path(
        "courses/<int:course_id>/withdraw/<int:exercise_id>/",
        authoring_withdraw.withdraw,
        name="withdraw",
    ),
    path(
        "courses/<int:course_id>/withdraw/<int:exercise_id>/undo/",
        authoring_withdraw.restore,
        name="withdraw_undo",
    ),
]
