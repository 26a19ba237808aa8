"""The API's root: authentication by token, one handler for every refusal, docs at /api/v1/docs."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from gradus.api import (
    allowances,
    assignments,
    courses,
    exams,
    exports,
    items,
    login,
    marks,
    problems,
    record,
    roster,
    rules,
    sections,
    submissions,
)
from gradus.api.access import Token


class Api(NinjaAPI):
    """With a schema that names the media types that are sent."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    _name_media(int(status), answer.get("content", {}))
        return schema


def _name_media(status: int, content: dict[str, Any]) -> None:
    """Errors are problem+json, and a file is no JSON beside."""
    if status >= 400 and "application/json" in content:
        content[problems.MEDIA] = content.pop("application/json")
    elif len(content) > 1:
        content.pop("application/json", None)


api = Api(
    title="Gradus",
    version="1",
    description="Read exercises, submit, follow a submission; as staff, people, assignments, marks"
    " and files of a course. Authenticate with a bearer token.",
    auth=Token(),
    urls_namespace="api",
)
for module in (
    *(login, courses, items, submissions),
    *(roster, sections, assignments, exams, rules, allowances, marks, exports, record),
):
    api.add_router("", module.router)
problems.handle_all(api)
