import threading
from datetime import timedelta

from django.db import connection, transaction

from makers import Cast, a_submission
from tiendo.figures.ask import Scope, ask
from tiendo.kit import clock
from tiendo.ledger.watermark import LONGEST, settled
from tiendo.tasks import actions


class SlowVerdict(threading.Thread):
    """A verdict whose transaction stays open until it is let go."""

    def __init__(self, report, verifier):
        super().__init__()
        self.report, self.verifier = report, verifier
        self.acted, self.let_go = threading.Event(), threading.Event()

    def run(self):
        try:
            with transaction.atomic():
                actions.verify(self.report, by=self.verifier)
                self.acted.set()
                self.let_go.wait(10)
        finally:
            connection.close()


def done(known_at):
    return ask("tasks.cells", Scope(("",)), clock.today(), known_at).numbers["done"]


def test_a_count_as_known_now_is_the_same_after_an_open_transaction_has_committed(
    several_connections,
):
    cast = Cast()
    slow = SlowVerdict(a_submission(cast), cast.verifier)
    slow.start()
    assert slow.acted.wait(10)
    if connection.vendor == "sqlite":  # the one writer must come to its end before the asker's turn
        threading.Timer(0.3, slow.let_go.set).start()

    now = clock.now()
    known_at = settled(now, now)
    first = done(known_at)
    slow.let_go.set()
    slow.join()

    assert done(known_at) == first
    assert done(clock.now()) == 1


def test_what_was_asked_long_ago_is_not_moved(several_connections):
    now = clock.now()
    long_past = now - LONGEST - timedelta(seconds=1)

    assert settled(long_past, now) == long_past


def test_with_nothing_open_now_is_now(several_connections):
    now = clock.now()

    assert settled(now, now) == now
    assert settled(now - timedelta(seconds=5), now) == now - timedelta(seconds=5)
