"""The HTTP API of one installation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from gradus_cli import __name__ as _package
from gradus_cli.errors import CliError, NotLoggedIn, Refused, Unreachable

TIMEOUT_SECONDS = 30.0
AGENT = {"User-Agent": f"{_package}/0.1", "Accept": "application/json"}


def normal(address: str) -> str:
    """Return the address of a site as it is kept. Raises: CliError."""
    if "://" not in address:
        address = f"https://{address}"
    parts = urlsplit(address)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise CliError(f"{address} is no address of a site. One is https://gradus.example.org.")
    if parts.scheme == "http" and not local:
        raise CliError("A token is not sent over plain http. Use the https:// address.")
    return f"{parts.scheme}://{parts.netloc}"


class Site:
    """One installation, as the owner of a token sees it; without a token, as anybody."""

    def __init__(self, address: str, token: str = "") -> None:
        self.address = address
        headers = AGENT | ({"Authorization": f"Bearer {token}"} if token else {})
        self._client = httpx.Client(
            base_url=f"{address}/api/v1", headers=headers, timeout=TIMEOUT_SECONDS
        )

    def get(self, path: str, **params: str) -> Any:
        """Raises: Refused, Unreachable."""
        return self._answer("GET", path, params=params)

    def post(self, path: str, body: dict[str, Any], key: str = "") -> Any:
        """Send once; with a key, a repetition counts once. Raises: Refused, Unreachable."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._answer("POST", path, json=body, headers=headers)

    def _answer(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = self._client.request(method, path, **more)
        except httpx.TimeoutException as error:
            raise Unreachable(f"{self.address} did not answer in time. Try again.") from error
        except httpx.HTTPError as error:
            raise Unreachable(f"{self.address} cannot be reached: {error}") from error
        if answer.is_success:
            return _json(answer, self.address)
        raise _problem(answer, self.address)


def _json(answer: httpx.Response, address: str) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise Unreachable(f"What answers at {address} is no Gradus.") from error


def _problem(answer: httpx.Response, address: str) -> CliError:
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return Unreachable(f"{address} has a fault ({answer.status_code}). Try again later.")
    if answer.is_redirect:
        return Unreachable(f"What answers at {address} is no Gradus.")
    body = _json(answer, address)
    detail = body.get("detail") if isinstance(body, dict) else None
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return NotLoggedIn(f"Your login is no longer valid. Run: gradus login {address}")
    return Refused(str(detail or f"The site refused ({answer.status_code})."))
