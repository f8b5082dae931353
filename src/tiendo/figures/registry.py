"""Every number shown anywhere: what it is called, how it is counted, from which SQL text, with which rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

SQL = Path(__file__).parent / "sql"
DONE = ("done_in_time", "done_late")
OPEN = ("open_in_time", "open_late", "no_date")
OF_DUE = (*DONE, "open_late")
COUNTED = (*DONE, *OPEN)
EVERY = (*COUNTED, "dropped")
LEADS, PARTS = ("asked", "leads", "cells"), ("asked", "parts", "cells")
DOCUMENTS = ("asked", "documents")


@dataclass(frozen=True)
class Figure:
    """One number or table of numbers.

    `count` and `rows` name the SQL texts that are put together, in order: the number and the rows behind it come from
    the same set. `cells` are those whose rows stand behind the number; `numerator` and `denominator` name counts.
    """

    key: str
    title: Any
    counted: Any
    set_words: Any
    count: tuple[str, ...]
    rows: tuple[str, ...]
    grain: str = "all"
    cells: tuple[str, ...] = COUNTED
    mark: str = ""
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    version: str = "1"

    @property
    def is_rate(self) -> bool:
        return bool(self.denominator)


@cache
def text(names: tuple[str, ...]) -> str:
    """The SQL text as one piece; it runs as it stands on every engine, but for the question put into `asked`."""
    return "\n".join((SQL / f"{name}.sql").read_text("utf-8").rstrip() for name in names)


EACH_TASK_ONCE = _(
    "each task counted once, by its lead; a task beneath another counts within that one"
)
EACH_PART = _("each unit's part counted, at every level")
TALLY, LISTED = (*LEADS, "grouped", "totals"), (*LEADS, "listed", "by_lateness")
PARTS_TALLY = (*PARTS, "grouped", "totals")
# The same answer from the tally, where the journal holds nothing later and the eyes see the whole tree.
TALLIED: Mapping[tuple[str, ...], tuple[str, ...]] = {
    TALLY: ("asked", "roles_lead", "tallied", "totals"),
    PARTS_TALLY: ("asked", "roles_all", "tallied", "totals"),
}

FIGURES: Mapping[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure(
            "tasks.cells",
            _("Tasks by work and timing"),
            _(
                "A task stands where its lead part stands. Done in time: finished by the date in force. Late begins the day"
                " after the date. Suspended tasks count as open; tasks without a date count in all; dropped tasks are listed"
                " apart and leave every rate."
            ),
            EACH_TASK_ONCE,
            TALLY,
            LISTED,
        ),
        Figure(
            "parts.cells",
            _("Parts by work and timing"),
            _(
                "As for tasks, but every unit that has a part is counted, so a task shared by three units counts three times."
            ),
            EACH_PART,
            PARTS_TALLY,
            (*PARTS, "listed", "by_lateness"),
        ),
        Figure(
            "tasks.of_due",
            _("Of due"),
            _("Tasks done, divided by tasks done plus tasks open and late."),
            EACH_TASK_ONCE,
            TALLY,
            LISTED,
            cells=OF_DUE,
            numerator=DONE,
            denominator=OF_DUE,
        ),
        Figure(
            "tasks.of_all",
            _("Of all"),
            _("Tasks done, divided by all tasks given and not dropped."),
            EACH_TASK_ONCE,
            TALLY,
            LISTED,
            numerator=DONE,
            denominator=COUNTED,
        ),
        Figure(
            "tasks.kept_first_date",
            _("Kept first date"),
            _(
                "Tasks done by the first date they were given, divided by tasks done plus tasks still open past that first"
                " date. A new date granted later changes nothing here; a task done that never had a date counts as kept."
            ),
            EACH_TASK_ONCE,
            TALLY,
            LISTED,
            mark="first_date_tested",
            numerator=("kept",),
            denominator=(*DONE, "past_first"),
        ),
        Figure(
            "tasks.verified",
            _("Results verified"),
            _(
                "Tasks whose finished product somebody outside the unit has accepted, divided by all tasks whose product the"
                " unit says is finished."
            ),
            EACH_TASK_ONCE,
            TALLY,
            LISTED,
            cells=(*DONE, *OPEN),
            mark="claimed",
            numerator=DONE,
            denominator=(*DONE, "submitted"),
        ),
        Figure(
            "tasks.by_unit",
            _("Tasks by lead unit"),
            _("The four cells of the tasks that each unit leads."),
            EACH_TASK_ONCE,
            TALLY,
            LISTED,
            grain="unit",
        ),
        Figure(
            "tasks.by_programme",
            _("Tasks by programme"),
            _("The four cells of the tasks of each programme."),
            EACH_TASK_ONCE,
            TALLY,
            LISTED,
            grain="programme",
        ),
        Figure(
            "tasks.late",
            _("Late tasks, longest first"),
            _("Tasks still open after the date in force; the days since that date."),
            EACH_TASK_ONCE,
            TALLY,
            LISTED,
            cells=("open_late",),
        ),
        Figure(
            "tasks.key",
            _("Key tasks, most slipped first"),
            _(
                "Days between the first date and the day it was done; for an open task the date in force, or today once that"
                " has passed."
            ),
            _("key tasks only, each counted once"),
            TALLY,
            (*LEADS, "listed", "by_slip"),
        ),
        Figure(
            "tasks.slipped",
            _("What slipped since an earlier day"),
            _(
                "Late tasks then and now, and one reason for every task that joined or left them, so that the reasons add up"
                " exactly."
            ),
            EACH_TASK_ONCE,
            (*LEADS, "slipped", "slipped_count"),
            (*LEADS, "slipped", "listed", "slipped_rows"),
            grain="why",
            cells=EVERY,
        ),
        Figure(
            "decisions.waiting",
            _("Decisions to take"),
            _(
                "Requests for another date that nobody has answered, and parts that a unit has refused."
            ),
            EACH_PART,
            (*PARTS, "decisions"),
            (*PARTS, "decisions"),
            grain="decision",
        ),
        Figure(
            "documents.by_type",
            _("Documents in force by type"),
            _("Texts registered and in force on the day, by their type."),
            _("every text you may read, counted once"),
            (*DOCUMENTS, "documents_count"),
            (*DOCUMENTS, "documents_rows"),
            grain="type",
        ),
    )
}
