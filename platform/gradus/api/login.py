"""Login of a command line: a code that a person allows on a page."""

from __future__ import annotations

from typing import Annotated

from allauth.core import ratelimit
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import ConfigDict, StringConstraints

from gradus.accounts import device_login
from gradus.api.problems import ERRORS

router = Router(tags=["login"], auth=None)

ClientName = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^[\w .,:@()+-]+$")
]
DeviceCode = Annotated[str, StringConstraints(min_length=20, max_length=80)]


class LoginIn(Schema):
    model_config = ConfigDict(extra="forbid")

    client: ClientName  # shown to the person, as "gradus on laptop"


class LoginOut(Schema):
    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: float


class RedeemIn(Schema):
    model_config = ConfigDict(extra="forbid")

    device_code: DeviceCode


class RedeemOut(Schema):
    state: device_login.State
    token: str | None  # once, when the state is "allowed"


@router.post("/login/device", response={200: LoginOut, **ERRORS})
def start(request: HttpRequest, body: LoginIn) -> LoginOut:
    """Begin a login. Show the code and the address; then ask `/login/token` every `interval`."""
    if not ratelimit.consume(request, action="device_start"):
        raise HttpError(429, "Too many logins were begun from this address. Wait a minute.")
    started = device_login.start(client=body.client, now=timezone.now())
    page = request.build_absolute_uri(reverse("web:allow_program"))
    return LoginOut(
        device_code=started.device_code,
        user_code=started.user_code,
        verification_uri=page,
        verification_uri_complete=f"{page}?code={started.user_code}",
        expires_in=int(device_login.LASTS.total_seconds()),
        interval=device_login.INTERVAL.total_seconds(),
    )


@router.post("/login/token", response={200: RedeemOut, **ERRORS})
def redeem(request: HttpRequest, body: RedeemIn) -> RedeemOut:
    """Where a login is: waiting, slow_down, allowed (with the token), denied or expired."""
    state, token = device_login.redeem(body.device_code, now=timezone.now())
    return RedeemOut(state=state, token=token)
