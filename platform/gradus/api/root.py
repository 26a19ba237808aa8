"""The API's root: authentication by token, one handler for every refusal, docs at /api/v1/docs."""

from __future__ import annotations

from ninja import NinjaAPI

from gradus.api import courses, items, login, problems, submissions
from gradus.api.access import Token

api = NinjaAPI(
    title="Gradus",
    version="1",
    description="Read exercises, submit, follow a submission. Authenticate with a bearer token.",
    auth=Token(),
    urls_namespace="api",
)
for router in (login.router, courses.router, items.router, submissions.router):
    api.add_router("", router)
problems.handle_all(api)
