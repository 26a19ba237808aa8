"""Build the flavour images for the docker backend, without a registry and without a network.

    python deploy/images/build.py [numpy torch checker torch-cuda] [--base IMAGE] [--wheels FOLDER]

Wheels are fetched by pip, by the hashes of the locked requirements, from the index that pip is set
up for; with `--wheels` only from that folder. The base image must be there already; its Python must
be of the same version as the one that runs this (or `--python 3.12`). The build itself sees no
network. For `torch-cuda` the index must offer torch's build for CUDA; nothing else differs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import docker  # noqa: E402
from docker.errors import BuildError, DockerException  # noqa: E402

from grader.sandbox.docker import images  # noqa: E402
from grader.sandbox.docker.settings import DEFAULT_ENGINE  # noqa: E402
from grader.sandbox.flavours import ENGINE  # noqa: E402

RECIPES = [Path(__file__).with_name(name) for name in ("Dockerfile", "root.sh")]
REQUIREMENTS = ROOT / "requirements"
DEFAULT_BASE = "python:3.11-slim-bookworm"
LOCKS = {
    "numpy": ["numpy.txt"],
    "torch": ["torch.txt", "torch-pin.txt"],
    "torch-cuda": ["torch.txt", "torch-pin.txt"],
    "checker": ["checker.txt"],
}
USUAL = ("checker", "numpy", "torch")


class BuildStopped(Exception):
    """What is missing, with the remedy, in one line."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("flavour", nargs="*", choices=[*LOCKS, []], help="default: the first three")
    parser.add_argument("--base", default=DEFAULT_BASE, help=f"base image ({DEFAULT_BASE})")
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help="take wheels only from here")
    parser.add_argument("--python", metavar="3.N", help="Python of the base, where it is another")
    parser.add_argument("--prefix", default=os.environ.get("GRADUS_DOCKER_IMAGES", "gradus"))
    options = parser.parse_args()
    try:
        client = connect()
        for flavour in options.flavour or USUAL:
            build(client, flavour, options)
    except (BuildStopped, DockerException) as error:
        print(f"build stopped: {error}", file=sys.stderr)
        return 1
    return 0


def connect() -> Any:
    """Raises: BuildStopped, where no engine answers."""
    engine = os.environ.get("DOCKER_HOST") or DEFAULT_ENGINE
    try:
        client = docker.DockerClient(base_url=engine, timeout=1800)
        client.ping()
    except DockerException as error:
        raise BuildStopped(f"no container engine answers at {engine}; start it.") from error
    return client


def build(client: Any, flavour: str, options: argparse.Namespace) -> None:
    """Build one image and name it. Raises: BuildStopped, DockerException."""
    if not client.images.list(options.base):
        raise BuildStopped(f"there is no base image {options.base}; load it, or name another.")
    name = images.name_of(options.prefix, flavour)
    print(f"building {name} from {options.base}", flush=True)
    with tempfile.TemporaryDirectory(prefix="gradus-image-") as folder:
        context = Path(folder)
        fetch(flavour, context / "wheels", options.wheels, options.python)
        copy_engine(flavour, context / "engine")
        for recipe in RECIPES:
            shutil.copy(recipe, context)
        try:
            image, _ = client.images.build(
                path=folder,
                tag=name,
                buildargs={"BASE": options.base},
                network_mode="none",
                labels={images.LABEL: images.engine_digest(flavour)},
                rm=True,
                forcerm=True,
            )
        except BuildError as error:
            lines = "".join(part.get("stream", "") for part in error.build_log)
            raise BuildStopped(f"{error}\n{lines[-4000:]}") from error
    print(f"built {name} {image.id} ({image.attrs['Size'] / 1e6:.0f} MB)", flush=True)


def fetch(flavour: str, target: Path, wheels: Path | None, python: str | None) -> None:
    """Put the flavour's wheels, and pip's own, into a folder. Raises: BuildStopped."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "-d", str(target)]
    command += ["--disable-pip-version-check", "--only-binary=:all:", "--no-deps"]
    if python is not None:
        command += ["--python-version", python, "--implementation", "cp"]
    if wheels is not None:
        command += ["--no-index", "--find-links", str(wheels.resolve())]
    wanted = [["pip"]]
    for lock in LOCKS[flavour]:
        hashes = [] if lock.endswith("-pin.txt") else ["--require-hashes"]
        wanted.append([*hashes, "-r", str(REQUIREMENTS / lock)])
    for what in wanted:
        if subprocess.run([*command, *what], check=False).returncode != 0:
            source = f"in {wheels}" if wheels else "at pip's index"
            raise BuildStopped(f"the wheels of flavour {flavour} are not all {source}.")


def copy_engine(flavour: str, target: Path) -> None:
    for source in images.sources(flavour):
        place = target / source.relative_to(ENGINE)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)


if __name__ == "__main__":
    sys.exit(main())
