"""One wording for many units: the texts that write it down, as many statements for three thousand units as for three.

Rows are copied by the database from the task above and the list of units; only `actions_beneath` calls this.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from tiendo.kit.dates import day_number, microseconds
from tiendo.ledger.models import Entry
from tiendo.orgs.models import Post, Unit
from tiendo.tasks.states import Role, Status

LISTS = {  # a list of units as a table, in its order
    "sqlite": "select key + 1 as n, value as unit_id from json_each(%s)",
    "postgresql": "select n, value::bigint as unit_id from jsonb_array_elements_text(%s::jsonb)"
    " with ordinality as listed(value, n)",
}
COPIED = (
    "programme_id, title, measure, authority, legal_base, responsibility, acceptance, sector_id, is_key, secrecy,"
    " document_id, provision_id, quote, quote_language"
)
# ruff: noqa: S608 - names of our own tables and columns
TASKS = f"""
insert into tasks_task ({COPIED}, number, above_id, prefix, last_number, unit_id, issued_on)
select {{copied}}, %s + u.n, t.id, %s, 0, %s, %s
from ({{units}}) u cross join tasks_task t where t.id = %s
"""
PARTS = """
insert into tasks_part
  (task_id, role, unit_id, post_id, product, first_due_on, due_on, cycle, cycle_ends_on, verifier_id, status)
select t.id, %s, u.unit_id,
       (select min(p.id) from orgs_post p where p.unit_id = u.unit_id and p.kind = %s),
       %s, %s, %s, %s, %s, %s, %s
from ({units}) u cross join tasks_task t  -- in this order: the planner of SQLite takes it as said
where t.above_id = %s and t.number = %s + u.n
"""
MOVES = """
insert into tasks_move (part_id, was, status, at, true_on, unit_id, first_due_on, due_on, by_id, note)
select p.id, %s, p.status, %s, %s, p.unit_id, p.first_due_on, p.due_on, %s, %s
from tasks_task t join tasks_part p on p.task_id = t.id
where t.above_id = %s and t.number > %s and t.number <= %s
order by t.number
"""
TURNS = """
insert into tasks_occurrence (part_id, number, first_due_on, due_on)
select p.id, 1, p.first_due_on, p.due_on
from tasks_task t join tasks_part p on p.task_id = t.id
where t.above_id = %s and t.number > %s and t.number <= %s and p.cycle <> ''
"""
TALLY = """
insert into tasks_tally
  (role, programme, given_by, unit, is_key, is_beneath, secrecy, stands, kept, due_on, first_due_on, n)
select p.role, t.programme_id, t.unit_id, p.unit_id, case when t.is_key then 1 else 0 end, 1, t.secrecy, 'open', 0,
       coalesce(p.due_on, 0), coalesce(p.first_due_on, 0), 1
from tasks_task t join tasks_part p on p.task_id = t.id
where t.above_id = %s and t.number > %s and t.number <= %s
"""


@dataclass(frozen=True)
class Share:
    """What each unit is asked for, alike: product, date or cycle, who verifies, and after which number they begin."""

    above: Any
    after: int
    units: Sequence[int]
    giver: Unit
    verifier: Unit
    product: str
    due_on: Any
    cycle: str
    cycle_ends_on: Any

    @property
    def last(self) -> int:
        return self.after + len(self.units)

    @property
    def between(self) -> tuple[int, int, int]:
        return (self.above.pk, self.after, self.last)


def write(share: Share, entry: Entry, *, by: int, on: int) -> None:
    """Tasks, parts, journal, turns and tally for every unit of the list."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a giving is written inside its act's transaction")
    units, listed = LISTS[connection.vendor], json.dumps(list(share.units))
    due = None if share.due_on is None else day_number(share.due_on)
    ends = None if share.cycle_ends_on is None else day_number(share.cycle_ends_on)
    copied = ", ".join(f"t.{column.strip()}" for column in COPIED.split(","))
    with connection.cursor() as cursor:
        cursor.execute(
            TASKS.format(copied=copied, units=units),
            [share.after, f"{share.above.label}.", share.giver.pk, on, listed, share.above.pk],
        )
        cursor.execute(
            PARTS.format(units=units),
            [
                Role.LEAD, Post.Kind.HEAD, share.product, due, due, share.cycle, ends,
                share.verifier.pk, Status.ISSUED, listed, share.above.pk, share.after,
            ],
        )  # fmt: skip
        cursor.execute(MOVES, [Status.DRAFT, microseconds(entry.at), on, by, "", *share.between])
        if share.cycle:
            cursor.execute(TURNS, share.between)
        cursor.execute(TALLY, share.between)
