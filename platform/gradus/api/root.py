"""The API's root: versions, authentication, one handler for every refusal."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Gradus", version="1")
