"""Settings from the environment, each with a default and bounds.

A wrong value raises ImproperlyConfigured with the name of its variable. `<NAME>_FILE` may name a
file that holds the value, for secrets.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_DATABASES = ("sqlite", "postgres", "postgresql")
_BROKERS = ("redis", "rediss")


class Environment:
    """Reads variables; `defaults` remembers each name with the default it has."""

    def __init__(self) -> None:
        self.defaults: dict[str, Any] = {}
        self._env = environ.FileAwareEnv()

    def text(self, name: str, default: str = "") -> str:
        self.defaults[name] = default
        return str(self._env.str(name, default=default)).strip()

    def secret(self, name: str) -> str:
        """Empty, or at least 32 characters."""
        value = self.text(name)
        if value and len(value) < 32:
            raise _wrong(name, "needs at least 32 characters")
        return value

    def folder(self, name: str, default: Path) -> Path:
        return Path(self.text(name, str(default)) or default).expanduser().resolve()

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        text = self.text(name, str(default))
        self.defaults[name] = default
        try:
            value = int(text)
        except ValueError:
            raise _wrong(name, f"is {text[:40]!r}, which is no whole number") from None
        if not least <= value <= most:
            raise _wrong(name, f"is {value}; it must be from {least} to {most}")
        return value

    def switch(self, name: str, default: bool) -> bool:
        text = self.text(name, str(default)).lower()
        self.defaults[name] = default
        if text not in _TRUE | _FALSE:
            raise _wrong(name, f"is {text[:40]!r}; it must be true or false")
        return text in _TRUE

    def names(self, name: str, default: list[str]) -> list[str]:
        """Names separated by commas."""
        found = [part.strip() for part in self.text(name, ",".join(default)).split(",")]
        self.defaults[name] = default
        return [part for part in found if part]

    def time_zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if value not in available_timezones():
            raise _wrong(name, f"is {value[:60]!r}, which is no time zone such as Europe/Berlin")
        return value

    def database(self, name: str, default: Path) -> dict[str, Any]:
        """SQLite in this file, unless the variable holds an address of a database."""
        address = self.text(name)
        if not address:
            # No address: a path with ?, # or % in it would not survive one.
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(default)}
        _refuse_scheme(name, address, _DATABASES)
        try:
            return dict(self._env.db_url_config(address))
        except (ValueError, KeyError, ImproperlyConfigured) as error:
            raise _wrong(name, "is no address such as postgres://user:word@host/name") from error

    def broker(self, name: str, default: str) -> str:
        address = self.text(name, default)
        _refuse_scheme(name, address, _BROKERS)
        return address

    def mail(self, name: str, folder: Path) -> dict[str, Any]:
        """Django's mail settings; without an address each mail becomes a file in this folder."""
        address = self.text(name)
        if not address:
            backend = "django.core.mail.backends.filebased.EmailBackend"
            return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(folder)}
        try:
            return dict(self._env.email_url_config(address))
        except (ValueError, KeyError, ImproperlyConfigured) as error:
            raise _wrong(name, "is no address such as smtp+tls://user:word@host:587") from error


def _refuse_scheme(name: str, address: str, schemes: tuple[str, ...]) -> None:
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        scheme = ""
    if scheme not in schemes:
        raise _wrong(name, f"must begin with {' or '.join(f'{s}://' for s in schemes)}")


def _wrong(name: str, why: str) -> ImproperlyConfigured:
    """The value is not repeated where it may hold a password."""
    return ImproperlyConfigured(f"{name} {why}.")
