"""One command runs the house, and what is killed comes back: with real processes."""

import re
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from tiendo.config import processes
from tiendo.config.tests.houses import (
    TIENDO,
    answers,
    children,
    command,
    family,
    found,
    free_port,
    kill,
    kill_group,
    python,
    wait_until,
)
from tiendo.kit import jobs

JOB = "tiendo.config.tests.slowly"


class Served:
    """A house that answers at its port, with its processes by what they do."""

    def __init__(self, house, *words):
        self.house, self.port = house, free_port()
        self.log = house.var / "served.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [str(TIENDO), "serve", "--port", str(self.port), "--workers", "1", *words],
                env=house.env | {"TIENDO_JOB_SECONDS": "4"},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self.answers)

    def answers(self):
        assert self.process.poll() is None, self.log.read_text()
        return answers(self.port)

    def masters(self, kind):
        """The keeper's child that does this; none while it is being begun again."""
        return [pid for pid in children(self.process.pid) if f"processes {kind}" in command(pid)]

    def master(self, kind):
        return found(lambda: self.masters(kind))

    def workers_of_jobs(self):
        """Those that wait for a job: the first that the guard began."""

        def begun():
            for guard in (one for pid in self.masters("jobs") for one in children(pid)):
                if len(children(guard)) == 4:  # two workers, and who brings and who keeps
                    return [sorted(children(guard))[:2]]
            return []

        return found(begun)

    def worker_of_web(self):
        return found(lambda: [one for pid in self.masters("web") for one in children(pid)])

    def ask(self, job, *given):
        ask(self.house, job, [given])


def ask(house, job, turns):
    """Ask for this job once for each of these."""
    python(
        house,
        "from django.db import transaction\nfrom tiendo.kit.jobs import enqueue\n"
        f"with transaction.atomic():\n  for given in {turns!r}: enqueue({job!r}, *given)",
    )


def seen_by_any_worker(port):
    """What one worker says of requests that several have answered."""
    for _ in range(20):
        urlopen(f"http://localhost:{port}/healthz/live").close()
    text = urlopen(f"http://localhost:{port}/metrics").read().decode()
    counted = re.search(r'tiendo_requests_total\{[^}]*route="live"[^}]*\} ([\d.]+)', text)
    return float(counted[1]) if counted else 0


def is_there(pid):
    return Path(f"/proc/{pid}").exists()


@pytest.fixture
def serve(house):
    served = []

    def begin(*words):
        served.append(Served(house, *words))
        return served[-1]

    yield begin
    for one in served:
        left = [*family(one.process.pid), one.process.pid]
        for pid in left:
            with_luck(pid)
        one.process.wait(10)


def with_luck(pid):
    try:
        kill(pid)
    except ProcessLookupError:
        return


class TestServe:
    def test_what_is_killed_comes_back_and_its_job_is_done(self, serve, tmp_path):
        house, place = serve(), tmp_path / "lines"
        for worker in house.workers_of_jobs():
            kill(worker)  # while it waits: the queue's lock dies with it
        house.ask(f"{JOB}.sleep_the_first_time", str(place))
        wait_until(place.exists)

        kill_group(house.master("jobs"))
        kill(house.worker_of_web())
        wait_until(lambda: place.read_text() == "begun\nbegun\nended\n")
        wait_until(house.answers)

        kill_group(house.master("web"))
        wait_until(lambda: not answers(house.port))
        wait_until(house.answers)

        whole = family(house.process.pid)
        assert len(whole) >= 8
        house.process.terminate()
        assert house.process.wait(30) == 0
        assert [pid for pid in whole if is_there(pid)] == []
        assert not answers(house.port)

    def test_ctrl_c_ends_a_house_whose_jobs_run_apart(self, serve):
        house = serve("--no-jobs", "--workers", "2")
        assert house.masters("jobs") == []
        assert seen_by_any_worker(house.port) >= 20

        house.process.send_signal(signal.SIGINT)
        assert house.process.wait(30) == 0
        assert not answers(house.port)

    def test_nothing_outlives_its_keeper(self, serve):
        house = serve()
        whole = family(house.process.pid)
        kill(house.process.pid)
        wait_until(lambda: not any(is_there(pid) for pid in whole))


def test_a_taken_port_is_said(house):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = house.tiendo("serve", "--port", str(taken.getsockname()[1]))
    assert ended.returncode == 1
    assert "is taken" in ended.stderr


class TestManyWorkers:
    def test_two_job_runners_take_each_job_once(self, house, tmp_path):
        place = tmp_path / "lines"
        ask(house, f"{JOB}.leave_a_line", [(str(place), str(number)) for number in range(30)])
        runners = [
            subprocess.Popen([str(TIENDO), "jobs"], env=house.env, stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]
        wait_until(lambda: place.exists() and len(place.read_text().splitlines()) >= 30)
        for runner in runners:
            runner.terminate()
        assert [runner.wait(30) for runner in runners] == [0, 0]
        assert sorted(map(int, place.read_text().split())) == list(range(30))

    def test_two_schedulers_ask_for_a_turn_once(self, several_connections, settings):
        from django_q.scheduler import scheduler

        settings.SCHEDULE = {"kit.beat": (jobs.BEAT, 60)}
        jobs.keep_schedule()
        Schedule.objects.update(next_run=timezone.now() - timedelta(seconds=5))

        def turn():
            scheduler()
            connection.close()

        both = [threading.Thread(target=turn) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert OrmQ.objects.count() == 1
        assert Schedule.objects.get().next_run > timezone.now()


class TestStillness:
    def test_jobs_that_show_nothing_are_still(self, db):
        now = timezone.now()
        assert jobs.are_still(now, longest=timedelta(minutes=5))

        beaten(now - timedelta(minutes=4))
        assert not jobs.are_still(now, longest=timedelta(minutes=5))
        assert jobs.are_still(now, longest=timedelta(minutes=3))

    def test_still_jobs_end_in_disgrace_and_a_silent_database_does_not(
        self, several_connections, monkeypatch
    ):
        monkeypatch.setattr(jobs, "are_still", lambda now, longest: True)
        monkeypatch.setattr(processes.os, "_exit", sys.exit)
        with pytest.raises(SystemExit) as end:
            processes.end_if_stuck()
        assert end.value.code == 1

        monkeypatch.setattr(jobs, "are_still", no_database)
        processes.end_if_stuck()


def no_database(*_given, **_named):
    raise DatabaseError("gone")


def beaten(at):
    from django_q.models import Task

    Task.objects.create(id="1", name="beat", func=jobs.BEAT, started=at, stopped=at, success=True)
