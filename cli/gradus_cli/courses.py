"""Finding an exercise among one's courses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gradus_cli.errors import CliError, Refused
from gradus_cli.site import Site


@dataclass(frozen=True, slots=True)
class Listed:
    """An item with where it stands."""

    course: dict[str, Any]
    assignment: dict[str, Any]
    item: dict[str, Any]


def listed(site: Site, course: str | None = None) -> Iterator[Listed]:
    """Yield every item of one's courses; of one course where it is named. Raises: Refused."""
    courses = [one for one in site.get("/courses") if _is(one, course)]
    if course is not None and not courses:
        raise Refused(f"You are in no course '{course}'.")
    for one in courses:
        for assignment in site.get(f"/courses/{one['id']}/assignments"):
            for item in assignment["items"]:
                yield Listed(one, assignment, item)


def named(site: Site, name: str, course: str | None = None) -> dict[str, Any]:
    """Return the one item with this number or exercise. Raises: Refused; CliError for several."""
    found = [
        one for one in listed(site, course) if name in (str(one.item["id"]), one.item["exercise"])
    ]
    if not found:
        raise Refused(f"There is no exercise '{name}' in your courses. See: gradus list")
    if len(found) > 1:
        choices = "; ".join(
            f"{one.item['id']} ({one.course['title']}, {one.assignment['title']})" for one in found
        )
        raise CliError(f"'{name}' is there several times. Name one by its number: {choices}.")
    return found[0].item


def _is(course: dict[str, Any], name: str | None) -> bool:
    return name is None or name in (str(course["id"]), course["title"])
