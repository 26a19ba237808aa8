"""compose.yaml, read as a file: what holds of it before any engine runs it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from deploy.platform.prepare import GRADER_UID, PLATFORM_GID
from gradus import settings
from tests.house.syntax import ROOT

FILE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
NOT_SETTINGS = {"WORKER", "BEAT", "FORWARDED_ALLOW_IPS"}  # of health checks and uvicorn
GRADERS = {"grader", "grader-gpu"}
PAGE = (ROOT / "docs" / "operators" / "compose.md").read_text()


@pytest.mark.parametrize("service", SERVICES.keys() - GRADERS - {"postgres"})
def test_every_variable_is_a_setting(service: str) -> None:
    names = {name.removesuffix("_FILE") for name in SERVICES[service].get("environment", {})}
    assert names - NOT_SETTINGS <= set(settings.env.defaults)


@pytest.mark.parametrize("service", SERVICES)
def test_every_container_is_locked_down(service: str) -> None:
    found = SERVICES[service]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in found["security_opt"]
    assert not {"privileged", "cap_add", "pid", "ipc"} & found.keys()


def test_only_graders_have_the_engine_and_they_have_nothing_else() -> None:
    with_engine = {
        name
        for name, service in SERVICES.items()
        if any("docker.sock" in volume for volume in service.get("volumes", []))
    }
    assert with_engine == GRADERS
    for name in GRADERS:
        assert SERVICES[name]["network_mode"] == "none"
        assert not SERVICES[name].get("secrets")
        assert not SERVICES[name]["environment"].keys() & settings.env.defaults.keys()


def test_web_alone_is_published_and_only_on_this_host() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["${LISTEN:-127.0.0.1}:${PORT:-8000}:8000"]}


def test_the_grader_runs_as_the_user_whose_folder_was_prepared() -> None:
    assert SERVICES["grader"]["user"] == f"{GRADER_UID}:{PLATFORM_GID}"


def test_every_choice_is_on_the_operators_page() -> None:
    text = (ROOT / "compose.yaml").read_text()
    choices = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert {name for name in choices if f"`{name}`" not in PAGE} == set()
