"""Addresses of regrade runs; part of the name space of `urls`."""

from __future__ import annotations

from django.urls import path

from gradus.web import regrade_acts, regrades

urlpatterns = [
    path("courses/<int:course_id>/regrades/", regrades.runs, name="regrades"),
    path("courses/<int:course_id>/regrades/new/", regrades.new, name="regrade_new"),
    path("regrades/<int:run_id>/", regrades.run, name="regrade"),
    path("regrades/<int:run_id>/live/", regrades.live, name="regrade_live"),
    path("regrades/<int:run_id>/marks.csv", regrades.marks_file, name="regrade_file"),
    path("regrades/<int:run_id>/stop/", regrade_acts.stop, name="regrade_stop"),
    path("regrades/<int:run_id>/resume/", regrade_acts.resume, name="regrade_resume"),
    path("regrades/<int:run_id>/discard/", regrade_acts.discard, name="regrade_discard"),
    path("regrades/<int:run_id>/later/", regrade_acts.take_in, name="regrade_take_in"),
    path("regrades/<int:run_id>/lower/", regrade_acts.lower, name="regrade_lower"),
    path("regrades/<int:run_id>/apply/", regrade_acts.apply, name="regrade_apply"),
    path("regrades/<int:run_id>/reverse/", regrade_acts.reverse, name="regrade_reverse"),
]
