"""All that must be green: python tools/check.py quick|all. Goes on after a failure, so that one run names them all."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTEST = [f"{BIN}/pytest", "-q", "-n", "2", "--dist", "loadscope"]

QUICK = [
    ("format", [f"{BIN}/ruff", "format", "--check", "-q", "."]),
    ("lint", [f"{BIN}/ruff", "check", "-q", "."]),
    ("templates", [f"{BIN}/djlint", "--lint", "--quiet", "src"]),
    ("types", [f"{BIN}/mypy"]),
    ("import contract", [f"{BIN}/lint-imports"]),
    ("migrations", [f"{BIN}/tiendo", "makemigrations", "--check", "--dry-run", "-v", "0"]),
    ("translations", [f"{BIN}/python", "tools/messages.py", "check"]),
]
FULL = [
    ("tests on SQLite", [*PYTEST, "-m", "not browser"]),
    (
        "tests on PostgreSQL",
        [f"{BIN}/python", "tools/with_postgres.py", *PYTEST, "-m", "not browser"],
    ),
    ("browser tests", [f"{BIN}/pytest", "-q", "-m", "browser"]),
]


def main(kind: str) -> int:
    if kind == "all":
        bring_a_browser()
    failed = [
        name
        for name, command in (QUICK if kind == "quick" else QUICK + FULL)
        if not passes(name, command)
    ]
    print(f"red: {', '.join(failed)}" if failed else "all green", flush=True)
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    print(f"== {name}", flush=True)
    done = subprocess.run(command, cwd=ROOT, check=False)
    print(
        f"   {'ok' if done.returncode == 0 else 'FAILED'}, {time.monotonic() - begun:.0f} s",
        flush=True,
    )
    return done.returncode == 0


def bring_a_browser() -> None:
    """Browser tests need Chromium; as root it comes from the system's package manager, else the tests say so in red."""
    known = ("chromium", "chromium-browser", "google-chrome")
    if (
        any(shutil.which(name) for name in known)
        or os.geteuid() != 0
        or not shutil.which("apt-get")
    ):
        return
    print("== chromium from the system's packages", flush=True)
    quiet = {"stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        **quiet,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "quick"))
