"""Scratch houses for tests that need real processes: each has its own database, on the engine under test."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

TIENDO = Path(sys.executable).with_name("tiendo")


@dataclass(frozen=True)
class House:
    """An installation of its own: where its files lie and what its environment says."""

    var: Path
    env: dict[str, str]

    def tiendo(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(TIENDO), *words],
            env=self.env | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def done(self, *words: str, **more: str) -> str:
        """What a word says that must succeed."""
        ended = self.tiendo(*words, **more)
        assert ended.returncode == 0, f"{words}:\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout


def a_house(var: Path) -> Iterator[House]:
    """A migrated, empty house; its PostgreSQL database goes with it."""
    var.mkdir(exist_ok=True)
    env = {**os.environ, "TIENDO_VAR": str(var), "PYTHONWARNINGS": "ignore"}
    if not settings.DATABASE_URL:
        house = House(var, env)
        house.done("migrate")
        yield house
        return
    with a_database() as url:
        house = House(var, env | {"DATABASE_URL": url})
        house.done("migrate")
        yield house


@contextmanager
def a_database() -> Iterator[str]:
    """An empty PostgreSQL database beside the one of the tests."""
    name = f"house_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}"))
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def python(house: House, text: str) -> str:
    """What these lines print inside a house."""
    return house.done("shell", "--no-imports", "-c", text)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], object], *, seconds: float = 90) -> None:
    """Wait until a question is answered with yes; its name is the complaint."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.1)
    pytest.fail(f"not within {seconds} s: {getattr(true, '__name__', true)}")


def answers(port: int) -> bool:
    try:
        urlopen(f"http://localhost:{port}/account/login/", timeout=5).close()
    except OSError:
        return False
    return True


def family(pid: int) -> dict[int, str]:
    """Everything that descends from a process: number and command line."""
    parents: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            stat = (place / "stat").read_text()
        except OSError:
            continue  # it ended meanwhile
        state, parent = stat.rpartition(")")[2].split()[:2]
        if state != "Z":
            parents[int(place.name)] = int(parent)
    found, front = {}, {pid}
    while front:
        front = {child for child, parent in parents.items() if parent in front}
        found |= {child: command(child) for child in front}
    return found


def children(pid: int) -> list[int]:
    """Those it began itself."""
    return [one for one in family(pid) if parent_of(one) == pid]


def parent_of(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def found(ask: Callable[[], list[Any]]) -> Any:
    """The first thing a question finds, waiting until there is one."""
    seen: list[Any] = []

    def anything() -> bool:
        seen[:] = ask()
        return bool(seen)

    wait_until(anything)
    return seen[0]


def kill(pid: int) -> None:
    assert pid > 1, "0 would be all of our own group"
    os.kill(pid, signal.SIGKILL)


def kill_group(pid: int) -> None:
    assert pid > 1
    os.killpg(pid, signal.SIGKILL)
