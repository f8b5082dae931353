"""A rehearsal: back up, restore elsewhere by the same command an administrator would use, throw it away."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from tiendo.config.backups import postgres
from tiendo.config.backups.making import make
from tiendo.config.backups.manifest import Doubt


def rehearse() -> str:
    """What the restore found; a doubt if it did not end well."""
    with tempfile.TemporaryDirectory(prefix="tiendo-drill-", dir=settings.VAR) as place:
        folder = make(Path(place) / "backups", noted=False)
        with scratch_database() as words:
            tiendo = [sys.executable, "-c", "from tiendo.config.cli import main; main()"]
            done = subprocess.run(  # noqa: S603 - our own command
                [*tiendo, "restore", str(folder), "--into", f"{place}/house", *words],
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "TIENDO_PRODUCTION": ""},
            )
    if done.returncode:
        raise Doubt(f"The drill failed: {done.stderr.strip()[-800:]}")
    return done.stdout.splitlines()[0]


@contextmanager
def scratch_database() -> Iterator[list[str]]:
    """Words that name a place for the database: nothing for SQLite, a database of its own on PostgreSQL."""
    if connection.vendor == "sqlite":
        yield []
        return
    name = f"tiendo_drill_{datetime.now(UTC):%Y%m%d%H%M%S}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield ["--database", postgres.url_of(name)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')
