"""The commands. Exit codes: 0 all right, 1 not all points, 2 used wrongly, 3 refused, 4 no site."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from gradus_cli import config, courses, folder, follow, login, show
from gradus_cli import offline as local
from gradus_cli.errors import CliError, Refused
from gradus_cli.site import Site, normal

NOT_ALL_POINTS = 1
app = typer.Typer(
    help="Work on Gradus exercises from a terminal.", no_args_is_help=True, rich_markup_mode=None
)
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
Course = Annotated[str | None, typer.Option(help="Title or number of one course.")]
At = Annotated[str | None, typer.Option("--site", help="Address of the site; else the last one.")]
Files = Annotated[
    list[Path] | None, typer.Argument(help="Files to hand in; else those of the folder.")
]


def run() -> None:
    """The entry point: each expected fault is one line, without a traceback."""
    try:
        app()
    except CliError as error:
        print(f"gradus: {show.clean(error)}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


@app.command("login")
def log_in(
    address: Annotated[str, typer.Argument(help="As https://gradus.example.org")],
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    token: Annotated[
        bool, typer.Option("--token", help="Read a token from standard input.")
    ] = False,
) -> None:
    """Log in: allow the code that is shown, on a page of the site."""
    site = normal(address)
    if token:
        found = login.by_token(site, sys.stdin.readline().strip())
    else:
        found = login.by_code(site, say, browser=browser)
    say(f"Logged in at {found.site} as {found.username}.")


@app.command()
def logout(site: At = None) -> None:
    """Forget the login on this computer. End its token on the site's page of programs."""
    found = config.login_at(normal(site) if site else None)
    config.forget(found.site)
    say(f"Forgotten. The token stays valid until you end it: {found.site}/programs/")


@app.command("list")
def list_(course: Course = None, site: At = None, as_json: AsJson = False) -> None:
    """The exercises of your courses, with points and deadlines."""
    found = list(courses.listed(_site(site), course))
    if as_json:
        tell(
            [
                {"course": one.course, "assignment": _plain(one.assignment), **one.item}
                for one in found
            ]
        )
        return
    if not found:
        say("There is nothing to work on: you are in no course with exercises.")
        return
    print(
        show.table(
            ("number", "exercise", "kind", "points", "due", "assignment"),
            (
                (
                    str(one.item["id"]),
                    one.item["exercise"],
                    one.item["kind"],
                    show.points(one.item["grade"], one.item["points"]),
                    show.moment(one.assignment["due_at"]),
                    one.assignment["title"],
                )
                for one in found
            ),
        )
    )


@app.command()
def pull(
    exercise: Annotated[str, typer.Argument(help="Its name, or its number in `gradus list`.")],
    into: Annotated[Path | None, typer.Argument(help="Folder; else the exercise's name.")] = None,
    course: Course = None,
    site: At = None,
) -> None:
    """Fetch an exercise: statement, starter and the files that it gives. Your own file stays."""
    at = _site(site)
    item = courses.named(at, exercise, course)
    page = follow.prepared(at, item["id"], say)
    target = into or Path(item["exercise"])
    given = at.get(f"/items/{item['id']}/given")
    examples = follow.examples(at, item["id"], say) if "solution.py" in page["parts"] else None
    pulled, written = folder.write(target, at.address, page, given, examples)
    for name in written:
        say(f"  {target / name}")
    if "solution.py" in page["parts"] and "solution.py" not in written:
        say(f"  {target / 'solution.py'} is yours and stays")
    if examples:
        say(f"  {len(examples)} visible checks as examples: gradus test --offline")
    say(f"Work in {pulled.folder}, then: gradus test, gradus submit")


@app.command()
def test(
    files: Files = None,
    as_json: AsJson = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Without the site: compare with recorded examples.")
    ] = False,
    python: Annotated[
        str | None, typer.Option(help="With --offline: the Python that runs your file.")
    ] = None,
) -> None:
    """Run the visible checks on the site. It costs no attempt."""
    if not offline:
        _hand_in("run", files or [], wait=True, as_json=as_json)
        return
    if files:
        raise CliError("--offline runs the solution.py of the folder; name no files.")
    pulled = folder.find(Path.cwd())
    recorded = local.examples(pulled.folder)
    outcomes = local.run(pulled.folder, recorded, local.python_of(python))
    if as_json:
        tell([asdict(one) | {"state": one.state} for one in outcomes])
    else:
        for line in local.lines(outcomes):
            print(line)
    if any(one.differs for one in outcomes):
        raise typer.Exit(NOT_ALL_POINTS)


@app.command()
def submit(
    files: Files = None,
    wait: Annotated[bool, typer.Option(help="Wait for the verdict.")] = True,
    as_json: AsJson = False,
) -> None:
    """Hand in."""
    _hand_in("submit", files or [], wait=wait, as_json=as_json)


@app.command()
def status(
    submission: Annotated[int | None, typer.Argument(help="Else the last of this folder.")] = None,
    site: At = None,
    as_json: AsJson = False,
) -> None:
    """What became of a submission."""
    at, number = _submission(submission, site)
    found = at.get(f"/submissions/{number}")
    _end(found, as_json=as_json)


@app.command()
def grades(course: Course = None, site: At = None, as_json: AsJson = False) -> None:
    """Your points, by assignment."""
    sums: dict[tuple[str, str], list[float]] = {}
    for one in courses.listed(_site(site), course):
        row = sums.setdefault((one.course["title"], one.assignment["title"]), [0.0, 0.0])
        row[0] += one.item["grade"] or 0.0
        row[1] += one.item["points"]
    if as_json:
        tell([{"course": c, "assignment": a, "points": got, "max_points": most}
              for (c, a), (got, most) in sums.items()])  # fmt: skip
        return
    rows = ((c, a, show.points(got, most)) for (c, a), (got, most) in sums.items())
    print(show.table(("course", "assignment", "points"), rows))


@app.command()
def download(
    submission: Annotated[int, typer.Argument(help="Number of the submission.")],
    into: Annotated[Path | None, typer.Argument(help="Folder; else submission-NUMBER.")] = None,
    site: At = None,
) -> None:
    """Fetch what was handed in, and its verdict."""
    found = _site(site).get(f"/submissions/{submission}")
    target = into or Path(f"submission-{submission}")
    target.mkdir(parents=True, exist_ok=True)
    files = dict(found.pop("parts"))
    files["verdict.json"] = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    for name, text in files.items():
        path = folder.inside(target, name)
        if path.exists():
            raise CliError(f"{path} is there already; choose another folder.")
        path.write_text(text)
        say(f"  {path}")


def _hand_in(mode: str, files: list[Path], *, wait: bool, as_json: bool) -> None:
    pulled = folder.find(files[0].parent if files else Path.cwd())
    at = _site(pulled.site)
    body = {"parts": folder.parts(pulled, files), "mode": mode}
    follow.prepared(at, pulled.item, _nothing if as_json else say)  # also for a new version
    made = at.post(f"/items/{pulled.item}/submissions", body, key=str(uuid4()))
    if not wait:
        if as_json:
            tell(made)
        else:
            say(f"Submission {made['id']} is received. See: gradus status {made['id']}")
        return
    found, told = follow.until_final(at, made["id"], _nothing if as_json else print)
    _end(found, told, as_json=as_json)


def _submission(submission: int | None, site: str | None) -> tuple[Site, int]:
    if submission is not None:
        return _site(site), submission
    pulled = folder.find(Path.cwd())
    at = _site(pulled.site)
    history = at.get(f"/items/{pulled.item}/submissions")
    if not history:
        raise Refused(f"You have handed in nothing for {pulled.exercise} yet.")
    return at, int(history[0]["id"])


def _end(found: dict[str, Any], told: frozenset[str] = frozenset(), *, as_json: bool) -> None:
    """Show a submission, and end with what it says to a script."""
    if as_json:
        tell(found)
    else:
        for line in show.verdict_lines(found, told=told):
            print(line)
        if found["phase"] == "waiting-for-gpu":
            print("  Speed waits for a GPU. See later: gradus status", found["id"])
    verdict = found["verdict"]
    if found["phase"] == "error":
        raise Refused("There is no verdict: the site has a fault. Your attempt was given back.")
    if verdict is not None and verdict["status"] != "passed":
        raise typer.Exit(NOT_ALL_POINTS)


def _site(address: str | None) -> Site:
    found = config.login_at(normal(address) if address else None)
    return Site(found.site, found.token)


def _plain(assignment: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in assignment.items() if name != "items"}


def say(line: str) -> None:
    """Tell a person; standard output stays what a script reads."""
    print(show.clean(line), file=sys.stderr)


def tell(value: object) -> None:
    print(json.dumps(value, indent=1, ensure_ascii=False))


def _nothing(line: str) -> None:
    """Say nothing: a script listens."""


if __name__ == "__main__":
    run()
