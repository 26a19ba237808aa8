"""Errors that Django makes itself (no such address, other method, a fault of ours) as JSON too."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from gradus.api.problems import problem

PREFIX = "/api/v1/"
_DETAILS = {
    400: "The request cannot be read.",
    404: "There is nothing here, or it is not yours.",
    405: "This address does not know that method.",
    500: "Something went wrong on our side. Nothing was stored; try again later.",
}


class ProblemsOnly:
    """Under the API's addresses every error is problem+json."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_json = "json" in response.headers.get("Content-Type", "")
        if response.status_code < 400 or is_json or not request.path.startswith(PREFIX):
            return response
        status = response.status_code
        answer: HttpResponse = problem(status, _DETAILS.get(status, HTTPStatus(status).phrase))
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                answer[name] = response.headers[name]
        return answer
