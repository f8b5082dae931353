"""A record with seals, made the way the house makes them."""

from datetime import timedelta

from django.db import connection, transaction

from makers import a_unit
from tiendo.kit import clock
from tiendo.ledger import locks, sealing
from tiendo.ledger.record import record


def write(count: int = 3, subject=None, **facts):
    """So many acts about one thing, each naming a person beside its facts."""
    subject = subject or a_unit()
    with transaction.atomic():
        return [
            record(
                "orgs.founded",
                subject,
                by=None,
                name=f"Hà {n}",
                n=n,
                personal={"who": "Lan"},
                **facts,
            )
            for n in range(count)
        ]


def seal_everything():
    """A seal of all there is, and the anchor that this house keeps of it; a test's transaction never commits."""
    before = sealing.newest()
    now = clock.now() + timedelta(milliseconds=1)
    for one in sealing.seal_up_to(now, now):
        sealing.keep_own_anchor(one)
    return sealing.Seal.objects.filter(number__gt=before.number if before else 0)


LOCKED = ("ledger_entry", "ledger_seal", "ledger_sealed")


class Hand:
    """Somebody at the database's own console: runs what locks and unlocks are made of."""

    connection = connection

    def execute(self, sql, params=None):
        with connection.cursor() as cursor:
            cursor.execute(sql, params)


def tampered(*lines):
    """What somebody who owns the database can do: take the locks off, change rows, put the locks back."""
    hand = Hand()
    checks(False)
    for table in LOCKED:
        locks.unlock(table, hand)
    for line in lines:
        sql, params = (line, None) if isinstance(line, str) else line
        hand.execute(sql, params)
    for table in LOCKED:
        locks.lock(table, hand)
    checks(True)


def checks(kept):
    """PostgreSQL changes no trigger while a key waits to be checked; its owner can switch that off, SQLite's too."""
    if connection.vendor == "postgresql":
        role = "origin" if kept else "replica"
        Hand().execute("SET CONSTRAINTS ALL IMMEDIATE")
        Hand().execute(f"SET session_replication_role = {role}")


def a_sealed_record():
    """Seven seals over about fifty entries of several subjects; the newest of them."""
    subjects = [a_unit(f"Unit {n}") for n in range(3)]
    for turn in range(7):
        for subject in subjects:
            write(1 + (turn + subject.pk) % 4, subject)
        seal_everything()
    return sealing.newest()
