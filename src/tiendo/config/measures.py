"""Numbers for those who watch over the house: counted in each worker, added up when asked for; and gauges from the database."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.utils import timezone
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
REQUESTS = Counter("tiendo_requests", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram(
    "tiendo_request_seconds",
    "How long answers took",
    ["route"],
    buckets=(0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5, 15),
)
REFUSED = Counter("tiendo_refused", "Requests whose person may look and not do this", ["route"])
FAILED_SIGN_INS = Counter("tiendo_failed_sign_ins", "Sign-ins that did not succeed")


def request_told(route: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(route, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(route).observe(seconds)
    if status == 403:
        REFUSED.labels(route).inc()


def sign_in_failed(**_: Any) -> None:
    FAILED_SIGN_INS.inc()


def listen() -> None:
    """The framework tells of failed sign-ins in no other way than by its signal."""
    user_login_failed.connect(sign_in_failed, dispatch_uid="tiendo.measures")


# Gauges -------------------------------------------------------------------------------------------


def age_of(moment: Any) -> float | None:
    return None if moment is None else max(0.0, (timezone.now() - moment).total_seconds())


def queue_age() -> float:
    from tiendo.kit import jobs

    return age_of(jobs.waits_since()) or 0.0


def beat_age() -> float | None:
    from tiendo.kit import jobs

    return age_of(jobs.last_beat())


def unsealed_age() -> float:
    """How long the oldest act has waited for a seal, by the record's own clock."""
    from tiendo.kit import clock
    from tiendo.ledger import sealing

    waiting = sealing.unsealed(sealing.newest()).order_by("at").values_list("at", flat=True)
    first = waiting.first()
    return 0.0 if first is None else max(0.0, (clock.now() - first).total_seconds())


def backup_age() -> float | None:
    from tiendo.config.backups.making import last_good

    return age_of(last_good())


def free_share() -> float:
    total, _used, free = shutil.disk_usage(settings.VAR)
    return free / total


def failed_jobs() -> float:
    from django_q.models import Failure

    return float(Failure.objects.count())


GAUGES: dict[str, tuple[str, Callable[[], float | None]]] = {
    "tiendo_job_queue_age_seconds": ("How long the oldest waiting job has waited", queue_age),
    "tiendo_job_beat_age_seconds": ("Since a job was last done", beat_age),
    "tiendo_jobs_failed": ("Jobs that broke and are kept to be looked at", failed_jobs),
    "tiendo_unsealed_age_seconds": ("How long the oldest act has waited for a seal", unsealed_age),
    "tiendo_backup_age_seconds": ("Age of the last good backup", backup_age),
    "tiendo_disk_free_ratio": ("Free share of the disk of TIENDO_VAR", free_share),
}


class Gauges(Collector):
    """Asked of the database when somebody looks. What is not known has no number, which an alarm can see."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (words, ask) in GAUGES.items():
            value = ask()
            if value is not None:
                yield GaugeMetricFamily(name, words, value=value)


def told() -> bytes:
    """Everything, in Prometheus' own words."""
    workers: Any = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        workers = CollectorRegistry()
        multiprocess.MultiProcessCollector(workers)
    house = CollectorRegistry()
    house.register(Gauges())
    return generate_latest(workers) + generate_latest(house)
