"""What the shell of each flavour shows: interpreter, libraries, the flavour's packages, the engine.

Everything is bound read-only at the path it has outside, except packages (/flavour) and engine
(/engine). A flavour is a virtual environment; only its site-packages enter, not its base's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import grader
from grader.errors import HostError

ENGINE = Path(grader.__file__).resolve().parent
RUNNER_ENTRY = "grader.runner.main:run"
CHECKER_ENTRY = "grader.checker.main:run"
# Imported once for all: what exercises use, so that no session pays for it.
STANDARD = [
    *("collections", "copy", "dataclasses", "enum", "functools", "itertools", "linecache", "math"),
    *("operator", "random", "re", "statistics", "string", "time", "traceback", "types", "typing"),
    "warnings",
]
NUMPY = ["numpy", "numpy.fft", "numpy.lib.stride_tricks", "numpy.linalg", "numpy.random"]
TORCH = [*NUMPY, "torch", "torch.nn", "torch.nn.functional", "torch.optim", "torch.utils.data"]
TORCH += ["grader.runner.torch_host"]
INTERPRETER_SECONDS = 30

_PATHS = """
import json, sys, sysconfig
keys = ("stdlib", "platstdlib", "purelib", "platlib")
paths = {key: sysconfig.get_path(key) for key in keys}
print(json.dumps({"prefix": sys.base_prefix, "libdir": sysconfig.get_config_var("LIBDIR"),
                  "multiarch": sysconfig.get_config_var("MULTIARCH"), **paths}))
"""


@dataclass(frozen=True, slots=True)
class Flavour:
    """One kind of sandbox: which environment it shows and what its zygote imports."""

    name: str
    environment: Path  # a virtual environment
    preload: tuple[str, ...]
    entry: str
    engine: tuple[str, ...]  # names below grader/ that it may see; empty = all
    extra: tuple[tuple[Path, str], ...] = field(default=())  # further read-only binds


def standard_flavours(folder: Path | None = None) -> dict[str, Flavour]:
    """Return the flavours that set-up makes; `folder` holds one virtual environment for each."""
    folder = folder or Path(os.environ.get("GRADUS_FLAVOURS", Path(sys.prefix) / "flavours"))
    student = ("__init__.py", "frames", "runner")
    return {
        "numpy": Flavour("numpy", folder / "numpy", (*STANDARD, *NUMPY), RUNNER_ENTRY, student),
        "torch": Flavour("torch", folder / "torch", (*STANDARD, *TORCH), RUNNER_ENTRY, student),
        "checker": Flavour("checker", folder / "checker", (*STANDARD, *NUMPY), CHECKER_ENTRY, ()),
    }


def interpreter_of(environment: Path) -> Path:
    """Return the real interpreter of a virtual environment. Raises: HostError."""
    link = environment / "bin" / "python"
    if not link.exists():
        raise HostError(f"There is no Python environment at {environment}; run `make setup`.")
    return link.resolve()


def mounts(flavour: Flavour) -> list[str]:
    """Return bubblewrap's arguments that build the flavour's read-only root. Raises: HostError."""
    interpreter = interpreter_of(flavour.environment)
    paths = _paths(interpreter)
    packages = _site_packages(flavour.environment)
    arguments = [*_libraries(paths), "--ro-bind", str(interpreter), str(interpreter)]
    for hidden in _base_packages(paths):
        arguments += ["--tmpfs", hidden, "--remount-ro", hidden]
    arguments += ["--ro-bind", str(packages), "/flavour"]
    if flavour.engine:
        for name in flavour.engine:
            arguments += ["--ro-bind", str(ENGINE / name), f"/engine/grader/{name}"]
    else:
        arguments += ["--ro-bind", str(ENGINE), "/engine/grader"]
    for source, target in flavour.extra:
        arguments += ["--ro-bind", str(source), target]
    return [*_parents(arguments), *arguments]


def _parents(arguments: list[str]) -> list[str]:
    """Make the folders above each mount point: bubblewrap's own would be for root alone."""
    targets = [Path(arguments[at + 2]) for at, word in enumerate(arguments) if word == "--ro-bind"]
    folders = sorted({parent for target in targets for parent in target.parents})
    inside = [folder for folder in folders if folder != Path("/") and folder not in targets]
    outer = [f for f in inside if not any(target in f.parents for target in targets)]
    return [word for folder in outer for word in ("--dir", str(folder))]


def _site_packages(environment: Path) -> Path:
    found = sorted(environment.glob("lib/python3.*/site-packages"))
    if not found:
        raise HostError(f"{environment} holds no site-packages; remove it and run `make setup`.")
    return found[-1].resolve()


@cache
def _paths(interpreter: Path) -> dict[str, str]:
    """Ask the interpreter, without any package, where its own files are."""
    try:
        answer = subprocess.run(  # noqa: S603  our own interpreter, constant arguments
            [interpreter, "-I", "-S", "-c", _PATHS],
            capture_output=True,
            check=True,
            timeout=INTERPRETER_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise HostError(f"{interpreter} does not start: {error}; run `make setup`.") from error
    paths: dict[str, str] = json.loads(answer.stdout)
    return paths


def _libraries(paths: dict[str, str]) -> list[str]:
    """Bind the system's shared libraries and the interpreter's own, and no programs."""
    arguments: list[str] = []
    triple = paths["multiarch"] or f"{os.uname().machine}-linux-gnu"
    system = [Path("/usr/lib", triple), Path("/lib", triple), Path("/usr/lib64"), Path("/lib64")]
    if not any(folder.is_dir() and not folder.is_symlink() for folder in system[:3]):
        system.insert(0, Path("/usr/lib"))
    bound: set[Path] = set()
    if Path("/lib").is_symlink():
        arguments += ["--symlink", os.readlink("/lib"), "/lib"]
        system.remove(Path("/lib", triple))
    for folder in system:
        if folder.is_symlink():
            arguments += ["--symlink", os.readlink(folder), str(folder)]
        elif folder.is_dir():
            arguments += ["--ro-bind", str(folder), str(folder)]
            bound.add(folder)
    own = {Path(paths["stdlib"]), Path(paths["platstdlib"])}
    if paths["prefix"] not in {"/usr", "/usr/local"}:
        own = {Path(paths["prefix"], "lib")}
    else:
        own |= set(Path(paths["libdir"] or "/usr/lib").glob("libpython3*.so*"))
    for path in sorted(own):
        if path.exists() and not bound.intersection(path.parents):
            arguments += ["--ro-bind", str(path), str(path)]
    if Path("/etc/ld.so.cache").exists():
        arguments += ["--ro-bind", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    return arguments


def _base_packages(paths: dict[str, str]) -> list[str]:
    """Return what the base interpreter has installed beside its standard library: not for us."""
    folders = {Path(paths["purelib"]), Path(paths["platlib"])}
    for key in ("stdlib", "platstdlib"):
        folders |= {Path(paths[key], name) for name in ("site-packages", "dist-packages")}
    inside = (Path(paths["prefix"], "lib"), Path(paths["stdlib"]), Path(paths["platstdlib"]))
    shown = inside if paths["prefix"] not in {"/usr", "/usr/local"} else inside[1:]
    return sorted(
        str(folder)
        for folder in folders
        if folder.is_dir() and any(folder.is_relative_to(root) for root in shown)
    )
