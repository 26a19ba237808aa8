"""Login by a code that is allowed in a browser, on this computer or any other."""

from __future__ import annotations

import getpass
import platform
import re
import time
import webbrowser

from gradus_cli import config
from gradus_cli.config import Login
from gradus_cli.errors import CliError, NotLoggedIn, Refused
from gradus_cli.follow import Say
from gradus_cli.site import Site


def by_code(address: str, say: Say, *, browser: bool) -> Login:
    """Ask, show the code, wait for the person. Raises: Refused, Unreachable."""
    site = Site(address)
    begun = site.post("/login/device", {"client": program()})
    page = str(begun["verification_uri_complete"])
    say(f"Open {page}")
    say(f"and allow the code {begun['user_code']}.")
    if browser and page.startswith(address):
        webbrowser.open(page)
    until = time.monotonic() + begun["expires_in"]
    while time.monotonic() < until:
        time.sleep(begun["interval"])
        answer = site.post("/login/token", {"device_code": begun["device_code"]})
        if answer["state"] == "allowed":
            return kept(address, str(answer["token"]))
        if answer["state"] == "denied":
            raise Refused("The login was refused in the browser.")
        if answer["state"] == "expired":
            break
    raise NotLoggedIn("The code is no longer valid. Run the login again.")


def by_token(address: str, token: str) -> Login:
    """Log in with a token that was made on the page of programs. Raises: Refused, CliError."""
    if not re.fullmatch(r"[\w-]{10,200}", token):
        raise CliError("That is no token. One begins with gradus_.")
    return kept(address, token)


def kept(address: str, token: str) -> Login:
    person = Site(address, token).get("/me")
    login = Login(address, token, person["username"])
    config.keep(login)
    return login


def program() -> str:
    """Return what the person is shown: who asks, from which computer."""
    try:
        who = getpass.getuser()
    except (OSError, KeyError):
        who = "somebody"
    name = f"gradus of {who} on {platform.node() or 'a computer'}"
    return re.sub(r"[^\w .,:@()+-]", "?", name)[:80]
