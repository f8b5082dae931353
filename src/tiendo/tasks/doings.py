"""The acts a page offers, in the order of need: each with its address, its words and its key."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tiendo.kit.permission import can
from tiendo.tasks.models import Part, Task
from tiendo.tasks.offers import is_offered
from tiendo.tasks.reads import score_of
from tiendo.tasks.states import Status


@dataclass
class Doing:
    """An act as a button: at once (one tap), or with a form to fill."""

    name: str
    url: str
    words: str
    key: str = ""
    at_once: bool = False
    is_next: bool = False


def doings_of(task: Task, person: Any) -> list[Doing]:
    """What this person can do on this task now; the first is the next step."""
    parts = list(task.parts.all())
    found = [one for part in parts for one in verdicts(part, person)]
    found += [one for part in parts for one in decisions(part, person)]
    found += drafting(task, person)
    found += [one for part in parts for one in of_the_unit(part, person)]
    if found:
        found[0].is_next = True
    found += breaking_down(task, person)
    if is_offered("drop", task.lead, person) and not any(
        p.status == Status.SUBMITTED for p in parts
    ):
        found.append(Doing("drop", reverse("tasks:drop", args=[task.pk]), _("Drop")))
    return found


def verdicts(part: Part, person: Any) -> list[Doing]:
    if not is_offered("verdict", part, person):
        return []
    report = max(part.reports.all(), key=lambda one: one.number)
    words = _("Verify report %(number)s") % {"number": report.number}
    return [Doing("verdict", reverse("tasks:verdict", args=[report.pk]), words, "v")]


def decisions(part: Part, person: Any) -> list[Doing]:
    """What a unit waits for: the answer to its refusal, or to its request for a new date."""
    if is_offered("reissue", part, person):
        return [addressed(Doing("reissue", "tasks:reissue", _("Answer the refusal"), "d"), part)]
    if not is_offered("decision", part, person):
        return []
    waiting = [one for one in part.extensions.all() if one.granted is None]
    return [
        Doing("decision", reverse("tasks:decision", args=[one.pk]), _("Answer the request"), "d")
        for one in waiting
    ]


def drafting(task: Task, person: Any) -> list[Doing]:
    found = []
    if is_offered("issue", task.lead, person):
        found.append(Doing("issue", reverse("tasks:issue", args=[task.pk]), _("Issue"), "i"))
    if is_offered("wording", task.lead, person):
        found.append(
            Doing("wording", reverse("tasks:wording", args=[task.pk]), _("Edit the draft"), "e")
        )
        if score_of(task).split:
            found.append(Doing("split", reverse("tasks:split", args=[task.pk]), _("Split in two")))
        found.append(
            Doing("help", reverse("tasks:help", args=[task.pk]), _("Name a unit that helps"))
        )
    return found


def breaking_down(task: Task, person: Any) -> list[Doing]:
    """Work goes on to the units beneath: to many with one wording, or in other words to one."""
    if not is_offered("giving", task.lead, person):
        return []
    return [
        Doing("giving", reverse("tasks:giving", args=[task.pk]), _("Give to many units")),
        Doing("breakdown", reverse("tasks:breakdown", args=[task.pk]), _("Break down")),
    ]


def of_the_unit(part: Part, person: Any) -> list[Doing]:
    """What the unit that owes the part can do with it."""
    if not can(person, "tasks.report", part.unit):
        return []
    offers = (
        Doing("acceptance", "tasks:acceptance", _("Accept"), "a", at_once=True),
        Doing("receipt", "tasks:receipt", _("Confirm receipt"), "c", at_once=True),
        Doing("refusal", "tasks:refusal", _("Refuse"), "x"),
        Doing("report", "tasks:report", _("Report"), "r"),
        Doing("nothing_new", "tasks:nothing_new", _("Nothing new"), "n", at_once=True),
        Doing("extension", "tasks:extension", _("Ask for a new date"), "d"),
    )
    return [addressed(one, part) for one in offers if is_offered(one.name, part, person)]


def doings_of_part(part: Part, person: Any, *, meets: bool = False) -> list[Doing]:
    """What the assigning side can do with one part, beside its row; `meets` when it may be joined to another."""
    offers = (
        Doing("suspension", "tasks:suspension", _("Suspend")),
        Doing("resumption", "tasks:resumption", _("Take up again")),
        Doing("transfer", "tasks:transfer", _("Hand over")),
        *([Doing("joining", "tasks:joining", _("Join to another part"))] if meets else []),
    )
    return [addressed(one, part) for one in offers if is_offered(one.name, part, person)]


def addressed(doing: Doing, part: Part) -> Doing:
    doing.url = reverse(doing.url, args=[part.pk])
    return doing


def once_a_key(doings: list[Doing]) -> list[Doing]:
    """One key, one act: the first of its kind keeps it."""
    taken: set[str] = set()
    for doing in doings:
        if doing.key in taken:
            doing.key = ""
        taken.add(doing.key)
    return doings
