"""Fixtures for all tests: own data folder, a real database, the same people everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from grader.sandbox.zygotes import ZygoteBackend
    from gradus.submissions.models import Submission
    from tests.people import Classroom

    NewBackend = Callable[..., ZygoteBackend]


hypothesis_settings.register_profile("untimed", deadline=None)  # a slow host is no failure
hypothesis_settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--backend docker`: the same tests of sandboxes in containers."""
    parser.addoption("--backend", default="bubblewrap", help="which sandboxes tests use")


@pytest.fixture(scope="session")
def backend_name(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--backend"))


@pytest.fixture(scope="session")
def new_backend(backend_name: str) -> NewBackend:
    """Return a function that makes a backend of the chosen kind; keywords as its own."""
    if backend_name == "docker":
        from grader.sandbox.docker.choose import docker_backend

        return docker_backend
    from grader.sandbox.bubblewrap import BubblewrapBackend

    return BubblewrapBackend


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    """A file, not memory: threads and processes must meet in it as in production.

    Where DATABASE_URL names a server, each pytest-xdist process has a database of its own there.
    """
    from django.db import connections

    database = connections["default"].settings_dict
    if database["ENGINE"] == "django.db.backends.sqlite3":
        file = tmp_path_factory.mktemp("database") / f"{worker_id}.sqlite3"
        database["TEST"]["NAME"] = str(file)
    else:
        database["TEST"]["NAME"] = f"test_gradus_{worker_id}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Emptying the tables between transactional tests is the one thing that may rewrite history."""
    from django.db import connections

    from gradus.audit import append_only

    ops: Any = connections["default"].ops
    flush = ops.execute_sql_flush

    def flush_with_history(sql_list: list[str]) -> None:
        with append_only.lifted():
            flush(sql_list)

    ops.execute_sql_flush = flush_with_history


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this pytest-xdist process."""
    workerinput = getattr(request.config, "workerinput", {"workerid": "main"})
    return str(workerinput["workerid"])


@pytest.fixture(autouse=True)
def own_data_folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Blobs of a test go to a folder of its own; no broker answers unless a test starts one."""
    asked = {"db", "transactional_db"} & set(request.fixturenames)
    if not asked and request.node.get_closest_marker("django_db") is None:
        yield
        return
    settings = request.getfixturevalue("settings")
    settings.DATA = tmp_path_factory.mktemp("data")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # only for speed
    from gradus.celery import app

    conf: Any = app.conf  # the stub calls its settings read-only
    before = conf.broker_url
    conf.broker_url = "redis://127.0.0.1:1/0"
    yield
    conf.broker_url = before


@pytest.fixture
def classroom(db: None) -> Classroom:
    from tests.people import make_classroom

    return make_classroom()


@pytest.fixture
def hand_in(classroom: Classroom) -> Callable[..., Submission]:
    from tests.people import hand_in

    return lambda *args, **kwargs: hand_in(classroom, *args, **kwargs)


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    from tests.people import write_bank

    return write_bank(tmp_path / "exercises")
