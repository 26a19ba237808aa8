"""Addresses of what people mark; part of the name space of `urls`."""

from __future__ import annotations

from django.urls import path

from gradus.web import human_part, marking, rubrics

urlpatterns = [
    path("courses/<int:course_id>/marking/", marking.markings, name="markings"),
    path("items/<int:item_id>/rubric/", rubrics.rubric, name="rubric"),
    path("items/<int:item_id>/marking/", marking.marking, name="marking"),
    path("items/<int:item_id>/marking/release/", rubrics.release, name="marking_release"),
    path("items/<int:item_id>/marking/<slug:code>/", marking.paper, name="paper"),
    path("items/<int:item_id>/marked/", human_part.human_part, name="human_part"),
]
