"""The tally: what a live count adds up instead of reading every part. It says nothing that the journal does not.

Each step of a part takes one from where it stood and adds one where it stands, in the step's own transaction. Rows are
only added; now and then those of one key are folded into one, so that a count is as quick after ten years as after one.
Only `figures` reads it (ADR 21).
"""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, models, transaction
from django.db.models import Count, Sum

from tiendo.kit.dates import day_number
from tiendo.tasks.states import NOT_YET, Role, Status

if TYPE_CHECKING:
    from tiendo.tasks.models import Move

AT_ONCE = 2_000  # rows of one insert, and keys of one folding


class Key(NamedTuple):
    """What a count may ask about a part. Days only where they can still change the answer: 0 is no date."""

    role: str
    programme: int
    given_by: int
    unit: int
    is_key: int
    is_beneath: int  # a sub-task counts within the task above it, wherever that one is in the set
    secrecy: str
    stands: str
    kept: int
    due_on: int
    first_due_on: int


class Tally(models.Model):
    """So many parts more, or fewer, that stand alike. Whole numbers only: no key to another room can rot here."""

    role = models.CharField(max_length=4, choices=Role)
    programme = models.BigIntegerField()
    given_by = models.BigIntegerField()
    unit = models.BigIntegerField()
    is_key = models.SmallIntegerField()
    is_beneath = models.SmallIntegerField(default=0)
    secrecy = models.CharField(max_length=12)
    stands = models.CharField(max_length=12)
    kept = models.SmallIntegerField()
    due_on = models.IntegerField()
    first_due_on = models.IntegerField()
    n = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(  # a count reads this index and nothing else
                fields=[*Key._fields, "n"], name="tasks_tally_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.n:+d} {self.stands}"


def note(steps: Iterable[tuple["Move | None", "Move"]]) -> None:
    """Count these steps, each beside the one before it."""
    change: Counter[Key] = Counter()
    for before, after in steps:
        for step, n in ((before, -1), (after, 1)):
            if step is not None and (key := key_of(step)) is not None:
                change[key] += n
    keep(change)


def key_of(step: "Move") -> Key | None:
    """Where a part stands after this step, for counting; nothing while it is a draft, or once it was handed on."""
    task = step.part.task
    if task.issued_on is None or step.status in NOT_YET or step.status == Status.TRANSFERRED:
        return None
    due, first, done = step.due_on, step.first_due_on, step.done_on
    stands, kept = "open", 0
    if step.status == Status.DONE and done is not None:
        stands = "done_in_time" if due is None or done <= due else "done_late"
        kept = int(first is None or done <= first)
    elif step.status in {Status.DROPPED, Status.SUBMITTED}:
        stands = str(step.status)
    dated = stands in {"open", "submitted"}
    return Key(
        step.part.role, task.programme_id, task.unit_id, step.unit_id, int(task.is_key),
        int(task.above_id is not None), task.secrecy, stands, kept,
        day_number(due) if dated and due else 0,
        day_number(first) if dated and first else 0,
    )  # fmt: skip


def keep(change: Counter[Key]) -> None:
    rows = (Tally(**key._asdict(), n=n) for key, n in change.items() if n)
    Tally.objects.bulk_create(rows, batch_size=AT_ONCE)


def fold() -> int:
    """Make one row of several with the same key; gives how many rows fewer there are. May be run twice at once."""
    fewer = 0
    several = Tally.objects.values(*Key._fields).annotate(rows=Count("pk")).filter(rows__gt=1)
    for found in several.order_by()[:AT_ONCE]:
        found.pop("rows")
        fewer += fold_one(Key(**found))
    return fewer


def fold_one(key: Key) -> int:
    with transaction.atomic():
        rows = dict(Tally.objects.filter(**key._asdict()).values_list("pk", "n"))
        gone, _each = Tally.objects.filter(pk__in=rows).delete()
        if gone != len(rows):
            transaction.set_rollback(True)  # somebody else folds this key just now
            return 0
        keep(Counter({key: sum(rows.values())}))
    return gone - int(sum(rows.values()) != 0)


ANEW = """
insert into tasks_tally
  (role, programme, given_by, unit, is_key, is_beneath, secrecy, stands, kept, due_on, first_due_on, n)
select s.role, s.programme_id, s.given_by, s.unit_id, s.is_key, s.is_beneath, s.secrecy, s.stands, s.kept, s.due_on, s.first_due_on,
       count(*)
from (
  select p.role, t.programme_id, t.unit_id as given_by, p.unit_id, t.secrecy,
         case when t.is_key then 1 else 0 end as is_key,
         case when t.above_id is null then 0 else 1 end as is_beneath,
         case when p.status = 'done' and (p.due_on is null or p.done_on <= p.due_on) then 'done_in_time'
              when p.status = 'done' then 'done_late'
              when p.status in ('submitted', 'dropped') then p.status
              else 'open' end as stands,
         case when p.status = 'done' and (p.first_due_on is null or p.done_on <= p.first_due_on)
              then 1 else 0 end as kept,
         case when p.status in ('done', 'dropped') then 0 else coalesce(p.due_on, 0) end as due_on,
         case when p.status in ('done', 'dropped') then 0 else coalesce(p.first_due_on, 0) end as first_due_on
  from tasks_part p join tasks_task t on t.id = p.task_id
  where t.issued_on is not null and p.status not in ('draft', 'transferred')
) s
group by s.role, s.programme_id, s.given_by, s.unit_id, s.is_key, s.is_beneath, s.secrecy, s.stands, s.kept, s.due_on,
         s.first_due_on
"""


@transaction.atomic
def rebuild() -> None:
    """Count everything anew: after a bulk load, or when a recount says otherwise."""
    Tally.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(ANEW)


def said() -> Counter[Key]:
    """What the tally says, key by key."""
    sums = Tally.objects.values(*Key._fields).annotate(total=Sum("n")).order_by()
    return Counter(
        {Key(**{f: row[f] for f in Key._fields}): row["total"] for row in sums if row["total"]}
    )
