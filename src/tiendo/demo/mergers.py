"""The reforms of the story: each prepared by one person, and carried out by another or still waiting."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings

from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.orgs.models import Unit
from tiendo.people.models import Person
from tiendo.reforms.actions import carry_out, prepare
from tiendo.reforms.models import Reform
from tiendo.reforms.plan import GrantChoice, Plan, Share
from tiendo.reforms.preview import previewed
from tiendo.reforms.states import Kind

Beat = tuple[datetime, Callable[[], Any]]


class Stage(Protocol):
    """What a reform asks of the story around it."""

    people: dict[str, Person]

    def unit(self, key: str) -> Unit: ...


class Reforms:
    """Two beats for each reform: prepared, carried out."""

    def __init__(self, story: Stage, written: list[dict[str, Any]]) -> None:
        self.story = story
        self.written = written
        self.prepared: dict[str, Reform] = {}

    def beats(self) -> list[Beat]:
        lines: list[Beat] = []
        for given in self.written:
            lines.append((at(given["prepared_at"]), partial(self.prepare, given)))
            if "carried_out_at" in given:
                lines.append((at(given["carried_out_at"]), partial(self.carry_out, given)))
        return lines

    def prepare(self, given: dict[str, Any]) -> None:
        self.prepared[given["prepared_at"]] = prepare(
            Kind(given["kind"]),
            by=self.story.people[given["prepared_by"]],
            on=given["on"],
            basis=given["basis"],
            plan=self.plan(given),
        )

    def plan(self, given: dict[str, Any]) -> Plan:
        heads = given.get("heads", {})
        return Plan(
            units=tuple(self.story.unit(key).pk for key in given["units"]),
            heirs=(Share(unit=self.story.unit(given["heir"]).pk),),
            grants={self.head_of(key): GrantChoice(role=role) for key, role in heads.items()},
        )

    def head_of(self, key: str) -> int:
        grant = Grant.objects.get(unit__key=key, role=Role.UNIT_HEAD, ends_on__isnull=True)
        return int(grant.pk)

    def carry_out(self, given: dict[str, Any]) -> None:
        """As a page does it: who carries out has looked at what will move."""
        reform = Reform.objects.get(pk=self.prepared[given["prepared_at"]].pk)
        seen = previewed(reform).fingerprint
        carry_out(reform, by=self.story.people[given["carried_out_by"]], seen=seen)


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
