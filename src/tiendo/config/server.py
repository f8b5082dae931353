"""The web server and the files it hands out."""

import os
import shutil
import socket
import sys

from django.conf import settings
from django.core.management import call_command

from tiendo.config.keeper import keep


def gather_static() -> None:
    """Copy and compress styles and scripts once, again when they were rebuilt."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    built = max((f.stat().st_mtime for f in settings.STATICFILES_DIRS[0].rglob("*")), default=0)
    if not manifest.exists() or manifest.stat().st_mtime < built:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def serve_on(port: int, *, workers: int, jobs: bool) -> None:
    """Answer, and do the jobs beside it, until stopped; what dies is begun again."""
    if taken(port):
        sys.exit(f"Port {port} is taken. Stop what uses it, or choose another: make demo PORT=8001")
    web = {"web": ["web", str(port), str(workers)]}
    keep({**web, "jobs": ["jobs"]} if jobs else web)


def answer(port: int, *, workers: int) -> None:
    """The web server: several processes, each answering several requests at once."""
    from granian import Granian
    from granian.constants import Interfaces

    count_together()
    Granian(
        "tiendo.config.wsgi:application",
        address=settings.LISTEN,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        log_dictconfig=settings.LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def count_together() -> None:
    """Let the workers count into files, so that any of them can add up for all; what former ones counted is forgotten."""
    place = settings.VAR / "metrics"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(place)


def taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
