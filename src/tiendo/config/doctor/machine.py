"""Looking at the machine: Python, room on the disk, and what only tests and printing need."""

import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tiendo.config.doctor.findings import Finding, good, note, wrong

GIB = 2**30
LEAST_SHARE, LEAST_FREE = 0.05, GIB
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LETTERS = {"vi": "Vietnamese", "ru": "Russian"}  # scripts that a bare machine may not draw


def python_is_new_enough() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs us by hand may run anything
        return wrong("Python", f"{version} is too old", "Install Python 3.11 or newer.")
    return good("Python", version)


def has_room() -> Finding:
    return room(*shutil.disk_usage(settings.VAR))


def room(total: int, _used: int, free: int) -> Finding:
    said = f"{free / GIB:.1f} GiB of {total / GIB:.0f} GiB free where TIENDO_VAR lies"
    if free < LEAST_FREE or free < LEAST_SHARE * total:
        return wrong("disk", said, "Make room: at least 1 GiB, and a twentieth of the disk.")
    return good("disk", said)


def var_is_ours() -> Finding:
    """Whether files can be kept, and strangers on this machine cannot read them."""
    store = Path(settings.MEDIA_ROOT)
    probe = Path(settings.VAR) / ".probe"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as fault:
        return wrong(
            "files",
            f"TIENDO_VAR cannot be written: {fault.strerror}",
            f"Give {settings.VAR} to the user that runs the house.",
        )
    for place in (Path(settings.VAR), store):
        if settings.PRODUCTION and place.exists() and place.stat().st_mode & 0o002:
            return wrong("files", f"everybody may write in {place}", f"Run: chmod o-rwx {place}")
    return good("files", f"kept in {store}")


def has_styles() -> Finding:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        built = any(Path(settings.STATICFILES_DIRS[0]).glob("*.css"))
        if not built:
            return wrong("styles", "were never built", "Run `python3 tools/setup.py app`.")
        return note("styles", "are not gathered yet", "`tiendo serve` does that as it starts.")
    return good("styles", "gathered")


def has_browser() -> Finding:
    if not any(map(shutil.which, BROWSERS)):
        return note(
            "browser",
            "no Chromium here: only the browser tests need one",
            "Debian: apt-get install chromium",
        )
    return good("browser", "Chromium is here (only the tests need it)")


def has_fonts() -> Finding:
    if not shutil.which("fc-list"):
        return note(
            "fonts",
            "fontconfig is not here: only printing on this machine needs it",
            "apt-get install fontconfig",
        )
    lacking = [name for code, name in LETTERS.items() if not fonts_for(code)]
    if lacking:
        return note(
            "fonts",
            f"none draws {' and '.join(lacking)}: only printing on this machine needs them",
            "Debian: apt-get install fonts-dejavu-core",
        )
    return good("fonts", "Vietnamese and Russian can be drawn")


def fonts_for(language: str) -> str:
    listed = subprocess.run(  # noqa: S603 - a tool of the system
        ["fc-list", f":lang={language}"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return listed.stdout.strip()
