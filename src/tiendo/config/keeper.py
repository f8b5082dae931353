"""Keeps the house's processes: starts them side by side, begins again what dies, stops all when told to."""

import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from threading import Event, Thread
from types import FrameType

KEEPER = "TIENDO_KEEPER"  # the environment's word for whose end is also theirs
LAST_RESORT = 25  # seconds for an orderly end
QUIET = 60  # seconds without a fault after which earlier ones are forgotten
LONGEST_PAUSE = 30
log = logging.getLogger(__name__)


@dataclass
class Kept:
    """One process of the house, with whatever it starts itself in a group of its own."""

    name: str
    words: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    begun: float = 0.0
    faults: int = 0
    again_at: float = field(default=0.0)

    def begin(self) -> None:
        self.begun = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "tiendo.config.processes", *self.words],
            env={**os.environ, KEEPER: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def look_after(self) -> None:
        """Begin again what ended, after a pause that grows with its faults."""
        if self.process and self.process.poll() is not None:
            self.mourn(self.process)
        if self.process is None and time.monotonic() >= self.again_at:
            self.begin()

    def mourn(self, process: "subprocess.Popen[bytes]") -> None:
        sweep_up(process.pid)
        lived = time.monotonic() - self.begun
        self.faults = 1 if lived > QUIET else self.faults + 1
        pause = min(LONGEST_PAUSE, 2 ** (self.faults - 1))
        self.process, self.again_at = None, time.monotonic() + pause
        log.error("%s ended (%s); again in %s s", self.name, process.returncode, pause)

    def ask_to_end(self) -> None:
        if self.process:
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for an orderly end, then leave nothing behind."""
        if self.process:
            try:
                self.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.error("%s would not end and is killed", self.name)
            sweep_up(self.process.pid)
            self.process.wait()


def sweep_up(group: int) -> None:
    """Kill what a dead process left behind: it would hold its port, or do its jobs without a master."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def keep(processes: dict[str, list[str]]) -> None:
    """Run these until somebody says stop (SIGTERM, Ctrl-C)."""
    stopped = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    kept = [Kept(name, words) for name, words in processes.items()]
    while not stopped.is_set():
        for one in kept:
            one.look_after()
        stopped.wait(0.5)
    for one in kept:
        one.ask_to_end()
    until = time.monotonic() + LAST_RESORT
    for one in kept:
        one.end(until)


def end_with_keeper() -> None:
    """In a kept process: when the keeper is gone, even by kill -9, so are we."""
    keeper = int(os.environ.get(KEEPER, "0"))
    if keeper:
        Thread(target=watch, args=(keeper,), daemon=True).start()


def watch(keeper: int) -> None:
    while os.getppid() == keeper:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_RESORT)
    sweep_up(os.getpgrp())
