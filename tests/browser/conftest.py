"""A real house for real browsers: the demo's story in a scratch database, the production server, Debian's Chromium.

A browser test that cannot run is red: no fixture here skips.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

import pytest
from browser.walk import Walk
from django.conf import settings

TIENDO = Path(sys.executable).with_name("tiendo")
PATIENCE = 60  # seconds until the server must answer


class House(NamedTuple):
    """A served story: where it answers and where its database lies."""

    url: str
    var: Path


@pytest.fixture(scope="session")
def house(tmp_path_factory: Any) -> Iterator[House]:
    var, port = tmp_path_factory.mktemp("house"), free_port()
    told = [str(TIENDO), "demo", "--no-serve", "--port", str(port)]
    made = subprocess.run(told, env=env_of(var), capture_output=True, text=True, check=False)
    assert made.returncode == 0, f"the story could not be told:\n{made.stdout}\n{made.stderr}"
    with served(var, port) as house:
        yield house


def env_of(var: Path) -> dict[str, str]:
    """The story is told on SQLite whatever the other tests run on."""
    env = {**os.environ, "TIENDO_VAR": str(var), "PYTHONWARNINGS": "ignore"}
    env.pop("DATABASE_URL", None)
    return env


@contextmanager
def served(var: Path, port: int) -> Iterator[House]:
    """The production server over this installation."""
    with (var / "server.log").open("w") as log:
        server = subprocess.Popen(
            [str(TIENDO), "serve", "--port", str(port), "--workers", "1"],
            env=env_of(var), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            house = House(f"http://localhost:{port}", var)
            wait_for(house, server)
            yield house
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(40)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(house: House, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            urlopen(f"{house.url}/account/login/", timeout=5).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the server does not answer:\n{(house.var / 'server.log').read_text()}")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Chromium from the system; quiet, and with nothing to tell the network."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((place for name in names if (place := shutil.which(name))), None)
    assert found, (
        "No Chromium on this machine. Install it (Debian: apt-get install chromium), then run again."
    )
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {"executable_path": found, "args": [*quiet, "--disable-quic", "--no-first-run"]}


class Visitor:
    """A browser with one person in it, and what went wrong before their eyes."""

    def __init__(
        self,
        browser: Any,
        house: House,
        *,
        state: Any = None,
        width: int = 1440,
        theme: str = "light",
    ) -> None:
        self.house = house
        self.context = browser.new_context(
            base_url=house.url,
            storage_state=state,
            viewport={"width": width, "height": 900},
            locale="en-GB",
        )
        self.context.add_cookies([{"name": "theme", "value": theme, "url": house.url}])
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("requestfailed", self.miss)
        self.page.on("request", self.watch)

    def hear(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def miss(self, asked: Any) -> None:
        """What was not loaded, but for what a page gave up by going on to the next."""
        if asked.failure != "net::ERR_ABORTED":
            self.faults.append(f"not loaded: {asked.url}")

    def watch(self, asked: Any) -> None:
        if not asked.url.startswith((self.house.url, "data:", "blob:")):
            self.faults.append(f"asks another host: {asked.url}")

    def sign_in(self, account: str) -> None:
        self.page.goto("/account/login/")
        self.page.fill("[name=login]", account)
        self.page.fill("[name=password]", settings.DEMO_PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/account/login" not in url)

    def close(self) -> None:
        self.context.close()


class Door:
    """Lets people in; each account signs in once and keeps its session."""

    def __init__(self, browser: Any, house: House) -> None:
        self.browser, self.house = browser, house
        self.sessions: dict[str, Any] = {}

    def let_in(self, account: str = "", **fields: Any) -> Visitor:
        if account and account not in self.sessions:
            first = Visitor(self.browser, self.house)
            first.sign_in(account)
            self.sessions[account] = first.context.storage_state()
            first.close()
        return Visitor(self.browser, self.house, state=self.sessions.get(account), **fields)


@pytest.fixture(scope="session")
def door(browser: Any, house: House) -> Door:
    return Door(browser, house)


@pytest.fixture
def visit(door: Door) -> Iterator[Any]:
    """`visit("office", width=360)`: a browser where this account is signed in; `visit()`: nobody is."""
    visitors: list[Visitor] = []

    def come(account: str = "", **fields: Any) -> Visitor:
        visitors.append(door.let_in(account, **fields))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.close()


@pytest.fixture(scope="session")
def tour(door: Door) -> Walk:
    """An address of every page of the house, each with the person it is looked at with."""
    return Walk(door).go()
