"""A unit or a person named by typing: resolved where only one is meant, offered for choice where several may be."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tiendo.kit.permission import beneath, roots
from tiendo.kit.words import day_in_words
from tiendo.orgs import matching
from tiendo.orgs.matching import Match
from tiendo.orgs.models import Unit
from tiendo.orgs.names import fold
from tiendo.people.models import Person

OFFERED = 6
READ = 5_000  # people whose names are read with their accents folded


# ---------------------------------------------------------------- units
@dataclass
class Naming:
    """What came of a written name: one unit, or those it may mean, or why none."""

    unit: Unit | None = None
    others: list[Unit] = field(default_factory=list)
    why: str = ""


def unit_named(written: str, *, on: date, picked: str = "") -> Naming:
    """The unit of that day with this name; `picked` is the person's choice among those offered before."""
    if chosen := units_by_id([int(picked)] if is_number(picked) else [], on):
        return Naming(unit=chosen[0], others=chosen)
    found = matching.match(written, on=on, limit=OFFERED) if written else []
    units = units_by_id([pk for match in found for pk in members(match)][:OFFERED], on)
    if units and is_sure(found):
        return Naming(unit=units[0])
    if units:
        return Naming(
            others=units, why=_("Which unit is meant? Choose one, or type its full name.")
        )
    return Naming(
        why=_("No unit of %(day)s is called so. Type its full name, or a part of it.")
        % {"day": day_in_words(on)}
    )


def is_number(picked: str) -> bool:
    return picked.isascii() and picked.isdigit() and len(picked) < 18


def is_sure(found: list[Match]) -> bool:
    """The first is called exactly so and no other as well; a likeness is for a person to judge."""
    if found[0].why not in {"exact", "near"}:
        return False
    return len(found) == 1 or found[1].score < found[0].score


def members(match: Match) -> list[int]:
    """The unit, or the units of a group such as “the provinces”."""
    return list(match.unit_ids) if match.unit_id is None else [match.unit_id]


def units_by_id(ids: list[int], on: date) -> list[Unit]:
    """Units in the order asked, each once, with their names; `place` says where each hangs."""
    rows = {unit.pk: unit for unit in Unit.objects.filter(pk__in=ids).with_names()}
    units: list[Any] = [rows[pk] for pk in dict.fromkeys(ids) if pk in rows]
    above = {pk: parent_id(unit) for pk, unit in rows.items()}
    parents = {unit.pk: unit for unit in Unit.objects.filter(pk__in=above.values()).with_names()}
    for unit in units:
        parent = parents.get(above[unit.pk])
        unit.place = parent.name_on(on) if parent else ""
        unit.called = unit.name_on(on)
    return units


def parent_id(unit: Unit) -> int:
    line = unit.path.split("/")
    return int(line[-3]) if len(line) > 2 else 0


# ---------------------------------------------------------------- people
@dataclass
class Calling:
    """What came of a person's written name: one person, or those it may mean, or why nobody."""

    person: Person | None = None
    others: list[Person] = field(default_factory=list)
    why: str = ""


def person_named(written: str, *, by: Person, picked: str = "", near: Any = None) -> Calling:
    """Somebody within reach by name; anybody else only by their whole sign-in name or e-mail.

    `near` are the people within reach, if not those whom this person may appoint.
    """
    words = " ".join(written.split())
    exact = Q(username__iexact=words) | Q(email__iexact=words)
    if words and (known := people().filter(exact).first()):
        return Calling(person=known)
    near = within_reach(by) if near is None else near
    if is_number(picked) and (chosen := near.filter(pk=int(picked)).first()):
        return Calling(person=chosen, others=[chosen])
    found = called(near, words)
    same = [person for person in found if fold(person.name) == fold(words)]
    if len(same) == 1:
        return Calling(person=same[0])
    if found:
        return Calling(others=found, why=_("Who is meant? Choose one."))
    return Calling(
        why=_(
            "Nobody within your reach is called so. Type the whole sign-in name or e-mail of "
            "somebody who has no post yet, or sits elsewhere."
        )
    )


def people() -> Any:
    return Person.objects.filter(is_active=True, is_operator=False)


def within_reach(by: Person) -> Any:
    """Those who hold or held a post where this person arranges units."""
    seats = beneath("tenures__post__unit__path", roots(by, "orgs.arrange"))
    return people().filter(pk__in=Person.objects.filter(seats).values("pk"))


def called(near: Any, words: str) -> list[Person]:
    """Those whose name holds all the words, with accents or without, the nearest first."""
    asked = fold(words).split()
    if not asked:
        return []
    names = near.order_by("name", "pk").values_list("pk", "name")[:READ]
    held = [(pk, fold(name).split()) for pk, name in names]
    found = [(pk, name) for pk, name in held if all(word in name for word in asked)]
    order = [pk for pk, name in sorted(found, key=lambda one: one[1] != asked)][:OFFERED]
    known = near.in_bulk(order)
    return [known[pk] for pk in order]
