"""Every error of the API as problem+json, in one place."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gradus.api.schemas import Problem
from gradus.lib.refusal import Refused
from gradus.submissions.errors import MayNotSubmit, PartsRefused, PartsTooLarge, TooMuchAtOnce

MEDIA = "application/problem+json"
ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), Problem)

_STATUS_OF: tuple[tuple[type[Refused], int], ...] = (  # the first that fits
    (PartsTooLarge, 413),
    (PartsRefused, 422),
    (TooMuchAtOnce, 429),
    (MayNotSubmit, 403),
    (Refused, 409),
)


def handle_all(api: NinjaAPI) -> None:
    """Register the handlers."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _unknown_person)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(PermissionDenied, _forbidden)
    api.add_exception_handler(RequestDataTooBig, _too_big)
    api.add_exception_handler(HttpError, _http_error)


def problem(status: int, detail: str, errors: list[dict[str, Any]] | None = None) -> HttpResponse:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
    }
    return HttpResponse(json.dumps(body), status=status, content_type=MEDIA)


def _refused(request: HttpRequest, error: Refused | type[Refused]) -> HttpResponse:
    refusal = error if isinstance(error, Refused) else error()
    status = next(status for kind, status in _STATUS_OF if isinstance(refusal, kind))
    response = problem(status, refusal.message)
    if isinstance(refusal, TooMuchAtOnce):
        response["Retry-After"] = str(refusal.retry_after_seconds)
    return response


def _invalid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    found = error.errors if isinstance(error, ValidationError) else []
    errors = [
        {"field": ".".join(str(part) for part in one["loc"][1:]), "message": str(one["msg"])}
        for one in found[:20]
    ]
    fields = "; ".join(f"{one['field']}: {one['message']}" for one in errors[:3])
    return problem(422, f"The request does not fit: {fields}.", errors)


def _unknown_person(request: HttpRequest, error: object) -> HttpResponse:
    response = problem(401, "Send a valid token: Authorization: Bearer gradus_…")
    response["WWW-Authenticate"] = "Bearer"
    return response


def _not_found(request: HttpRequest, error: object) -> HttpResponse:
    return problem(404, "There is nothing here, or it is not yours.")


def _forbidden(request: HttpRequest, error: object) -> HttpResponse:
    return problem(403, "Your role in this course may not do this.")


def _too_big(request: HttpRequest, error: object) -> HttpResponse:
    return problem(413, "The request is too large.")


def _http_error(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    if not isinstance(error, HttpError):
        return problem(400, "The request cannot be read.")
    return problem(error.status_code, str(error))
