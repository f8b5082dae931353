"""The instant below which nothing is uncommitted: what is asked "as known at" later than this could still change.

An act takes its instant inside its transaction and is seen by others only when that commits. Whoever counts at this very
moment would miss it today and find it tomorrow, for the same two dates.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction

# No transaction lives longer: the database ends those that idle for 30 s or hold a statement for 15 s.
LONGEST = timedelta(minutes=10)

OLDEST = """
select coalesce(extract(epoch from max(clock_timestamp() - xact_start)), 0)
from pg_stat_activity
where xact_start is not null and pid <> pg_backend_pid() and backend_type = 'client backend'
  and datname = current_database()
"""


def settled(asked: datetime, now: datetime) -> datetime:
    """The moment asked, or the watermark if that lies before it. `now` is the clock as the view read it."""
    if asked < now - LONGEST or connection.in_atomic_block:
        return asked  # long past; or inside a transaction of one's own, which sees itself
    return min(asked, watermark(now))


def watermark(now: datetime) -> datetime:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(OLDEST)
            (age,) = cursor.fetchone()
        # one microsecond before the oldest open transaction began
        return now - timedelta(seconds=float(age), microseconds=1) if age else now
    with transaction.atomic():
        pass  # SQLite has one writer, and begins IMMEDIATE: once it is our turn, every earlier act has committed
    return now
