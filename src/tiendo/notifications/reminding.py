"""Reminds of due days before they come, and lets late work climb: once a day, each stage of each part once."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tiendo.kit import clock
from tiendo.kit.clock import day_of
from tiendo.notifications.audience import Audience
from tiendo.notifications.hearing import keep
from tiendo.notifications.ladder import Ladder
from tiendo.notifications.models import Heard, Letter, Notice
from tiendo.notifications.states import Kind, Rung
from tiendo.tasks.models import Part
from tiendo.tasks.states import OPEN, Status

# a report waits for its verdict, a refusal for its answer, what is suspended for its time: the unit has done its part
RUNNING = OPEN - {Status.SUBMITTED, Status.REFUSED, Status.SUSPENDED}
KEPT = timedelta(days=400)
AT_ONCE = 5_000


def remind() -> None:
    """The job: what today's date makes due, late or climb. Once a day, however often and by how many it is begun."""
    remind_at(clock.now())


@transaction.atomic
def remind_at(now: datetime) -> int:
    """How many parts somebody was told of; a day without turns is made up for by the next."""
    on = day_of(now)
    heard = Heard.mine(now)
    since = heard.reminded_on or on - timedelta(days=1)
    if since >= on:
        return 0
    told = tell_of(list(touched(ladder(), since, on)), since, now)
    heard.reminded_on = on
    heard.save(update_fields=["reminded_on"])
    forget(now)
    return told


def ladder() -> Ladder:
    return Ladder(settings.REMIND_DAYS_BEFORE, settings.LADDER_DAYS_LATE)


def touched(rules: Ladder, since: date, on: date) -> Any:
    """Open parts of which some stage came between the two days."""
    span = Q(pk__in=[])
    for stage in rules.stages:
        days = timedelta(days=stage)
        span |= Q(due_on__gt=since - days, due_on__lte=on - days)
    rows = Part.objects.filter(span, status__in=RUNNING)
    return rows.select_related("task__unit", "unit", "verifier").order_by("pk")


def tell_of(parts: list[Part], since: date, now: datetime) -> int:
    """As many questions for one part as for thousands."""
    if not parts:
        return 0
    audience, rules = Audience(day_of(now)), ladder()
    for start in range(0, len(parts), AT_ONCE):
        some = parts[start : start + AT_ONCE]
        keep([one for part in some for one in reminders(part, rules, audience, since, now)])
    return len(parts)


def reminders(
    part: Part, rules: Ladder, audience: Audience, since: date, now: datetime
) -> list[Notice]:
    """The stage that came, told to its rung; late work is told to those below as well."""
    due_on = part.due_on
    stage = rules.reached(due_on, since, day_of(now)) if due_on else None
    if stage is None:
        return []
    rung = rules.rung(stage)
    own = audience.owners(part)
    climbed = audience.climbed(rung, part) if stage > 0 else set()
    if stage > 0 and rung != Rung.OWNER:
        own = audience.doers(part)
    return [
        Notice(
            person_id=person, key=f"part:{part.pk}:{due_on}:{stage}", part=part, due_on=due_on, stage=stage,
            rung=rung, kind=Kind.DUE if person in own else Kind.CLIMBED, at=now,
        )
        for person in sorted(own | climbed)
    ]  # fmt: skip


def forget(now: datetime) -> None:
    """Drop what nobody looks for any more; the record stays."""
    Notice.objects.filter(at__lt=now - KEPT).delete()
    Letter.objects.filter(made_at__lt=now - KEPT, notices__isnull=True).delete()
