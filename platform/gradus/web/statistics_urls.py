"""Addresses of statistics; part of the name space of `urls`."""

from __future__ import annotations

from django.urls import path

from gradus.web import item_statistics, statistics

urlpatterns = [
    path("courses/<int:course_id>/statistics/", statistics.statistics, name="statistics"),
    path(
        "courses/<int:course_id>/statistics/<int:item_id>/",
        item_statistics.item_statistics,
        name="item_statistics",
    ),
    path(
        "courses/<int:course_id>/statistics/<int:item_id>/submissions/",
        item_statistics.found_submissions,
        name="found_submissions",
    ),
]
