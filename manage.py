"""Entry point of the platform: puts platform/ on the path and calls Django."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    root = Path(__file__).resolve().parent
    sys.path[:0] = [str(root / "platform"), str(root)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradus.settings")
    data = option("--data", sys.argv)
    if data:  # before the settings are read
        os.environ["GRADUS_DATA"] = str(Path(data).resolve())
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # names the variable; a traceback would hide it
        sys.exit(f"CommandError: {error}")


def option(name: str, arguments: list[str]) -> str | None:
    """The value of `--name VALUE` or `--name=VALUE`, if it is there."""
    for place, argument in enumerate(arguments):
        if argument == name:
            return arguments[place + 1] if place + 1 < len(arguments) else None
        if argument.startswith(f"{name}="):
            return argument.split("=", 1)[1]
    return None


if __name__ == "__main__":
    main()
