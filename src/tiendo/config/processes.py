"""What the keeper keeps: python -m tiendo.config.processes web PORT WORKERS, or jobs."""

import logging
import os
import sys
import time
from datetime import timedelta
from typing import Any

from tiendo.config.keeper import end_with_keeper
from tiendo.config.logs import last_resort

ENDED_BY_ITSELF = {0, -2}  # the library's marks for a worker whose time was up, or that was renewed
LOOK = 15  # seconds between two looks at whether jobs are still done
log = logging.getLogger(__name__)


def main(words: list[str]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiendo.config.settings")
    end_with_keeper()
    sys.excepthook = last_resort
    if words[0] == "web":
        from tiendo.config.server import answer

        return answer(int(words[1]), workers=int(words[2]))  # its workers set the framework up
    django.setup()
    return work()


def work() -> None:
    """Do jobs until told to stop; end in disgrace, for the keeper to begin again, when they are no longer done."""
    from django.db import connections
    from django_q.cluster import Cluster

    from tiendo.kit import jobs

    jobs.keep_schedule()
    end_whole_when_a_worker_is_killed()
    connections.close_all()  # what forks must not share them
    cluster = Cluster()
    cluster.start()
    looked = time.monotonic() + patience().total_seconds()
    while cluster.sentinel.is_alive():
        time.sleep(1)
        if time.monotonic() - looked > LOOK:
            looked = time.monotonic()
            end_if_stuck()
    if cluster.sentinel.exitcode:
        sys.exit(f"the master of the jobs was killed ({cluster.sentinel.exitcode})")


def end_whole_when_a_worker_is_killed() -> None:
    """A worker that is killed while it waits takes the queue's lock with it: its heirs would wait for ever.

    The library only begins another worker, so its guard is taught to end instead; the keeper begins everything again.
    """
    from django_q import cluster

    class Guard(cluster.Sentinel):
        def reincarnate(self, process: Any) -> None:
            if process in self.pool and process.timer.value not in ENDED_BY_ITSELF:
                log.critical("a worker was killed: the jobs begin again")
                os._exit(1)
            super().reincarnate(process)

    cluster.Sentinel = Guard  # it is looked up by this name when the cluster starts


def end_if_stuck() -> None:
    if stuck():
        log.critical("no job was done for %s: the jobs begin again", patience())
        os._exit(1)  # an orderly end would wait for the workers that are stuck


def patience() -> timedelta:
    """All workers may be busy with jobs of the longest kind, and a beat comes at most every 90 seconds."""
    from django.conf import settings

    return timedelta(seconds=settings.JOB_SECONDS + 240)


def stuck() -> bool:
    """Whatever else may stop the jobs in silence: that none was done shows it."""
    from django.db import DatabaseError, connection
    from django.utils import timezone

    from tiendo.kit import jobs

    try:
        return jobs.are_still(timezone.now(), longest=patience())
    except DatabaseError:
        log.exception("the database does not answer")
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
