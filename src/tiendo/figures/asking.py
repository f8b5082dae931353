"""What a person asks, read from an address, a form or the command line: the two dates and the set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from tiendo.figures.engine import Eyes, Pair, Scope
from tiendo.kit.clock import day_of
from tiendo.kit.permission import roots
from tiendo.kit.refusals import Forbidden, Invalid
from tiendo.ledger.watermark import settled
from tiendo.orgs.models import Unit

EARLIEST = date(2000, 1, 1)
KEPT = ("on", "known", "programme", "unit", "since")  # what stays in the address from page to page


def eyes_of(person: Any) -> Eyes:
    """The paths over which somebody may see figures, at every door; who has none is told whom to ask."""
    paths = roots(person, "figures.view")
    if not paths:
        raise Forbidden(_("No figures are open to you yet. Ask your administrator for a role."))
    return Eyes.over(paths, roots(person, "tasks.view_graded"))


@dataclass(frozen=True)
class Asking:
    """A question read and found answerable."""

    scope: Scope
    now: datetime
    at: Pair
    since: Pair
    programme: Any = None
    unit: Any = None
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_other_day(self) -> bool:
        return self.at.true_on != day_of(self.now)

    @property
    def is_past_knowledge(self) -> bool:
        return self.at.known_at < self.now

    @property
    def known_words(self) -> str:
        """The moment for a form's field, to the minute, in the country's time; nothing when it is now."""
        if not self.is_past_knowledge:
            return ""
        local = self.at.known_at.astimezone(ZoneInfo(settings.TIME_ZONE))
        return local.strftime("%Y-%m-%dT%H:%M")

    def address(self, **changes: object) -> str:
        """`?on=…&known=…` as asked, with changes; what is empty is left out."""
        pieces = {**self.given, **{name: str(value) for name, value in changes.items()}}
        kept = {name: value for name, value in pieces.items() if value}
        return "?" + urlencode(kept) if kept else ""


def asking_of(
    given: Mapping[str, str], eyes: tuple[str, ...], now: datetime, programmes: Any
) -> Asking:
    """Read the question; `programmes` are those the person may choose from. What cannot be read is refused by its field."""
    kept = {
        name: given.get(name, "").strip().replace("\0", "\N{REPLACEMENT CHARACTER}")
        for name in KEPT
    }
    known_at = settled(moment_of(kept["known"], now), now)
    last_day = min(day_of(now), day_of(known_at))
    true_on = day_in(kept["on"], "on", now) if kept["on"] else last_day
    since_on = day_in(kept["since"], "since", now) if kept["since"] else month_before(true_on)
    if since_on > true_on:
        raise Invalid(_("Compare with a day before the one you ask about."), field="since")
    programme, unit = programme_of(kept["programme"], programmes), unit_of(kept["unit"])
    scope = Scope(eyes, programme.pk if programme else None, unit.path if unit else None)
    since = Pair(since_on, min(end_of(since_on), known_at))
    return Asking(scope, now, Pair(true_on, known_at), since, programme, unit, kept)


def day_in(words: str, name: str, now: datetime) -> date:
    day = read_day(words)
    if day is None:
        raise Invalid(_("Write the day as year-month-day, for example 2025-09-30."), field=name)
    return day_come(day, name, now)


def day_come(day: date, name: str, now: datetime) -> date:
    """A day figures can be true on: nothing is known of later ones."""
    if not EARLIEST <= day <= day_of(now):
        raise Invalid(_("Choose a day since the year 2000 that has already come."), field=name)
    return day


def moment_of(words: str, now: datetime) -> datetime:
    """A moment in the country's time; a day alone means its last instant, nothing means now."""
    if not words:
        return now
    day = read_day(words)
    if day == day_of(now):
        return now
    moment = end_of(day) if day and day >= EARLIEST else read_moment(words)
    if moment is None:
        raise Invalid(
            _("Write the moment as year-month-day and hour:minute, for example 2025-09-30 07:40."),
            field="known",
        )
    return moment_passed(moment, "known", now)


def moment_passed(moment: datetime, name: str, now: datetime) -> datetime:
    """A moment something can be known at: it lies behind us."""
    if not EARLIEST.year <= moment.year <= day_of(now).year or moment > now:
        raise Invalid(_("Choose a moment since the year 2000 that has already passed."), field=name)
    return moment


def read_day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if len(words) == len("2025-09-30") else None
    except ValueError:
        return None


def read_moment(words: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=ZoneInfo(settings.TIME_ZONE))


def month_before(day: date) -> date:
    """The last day of the month before; what stocktakes are compared with unless another day is asked."""
    return max(day.replace(day=1) - timedelta(days=1), EARLIEST)


def programme_of(words: str, programmes: Any) -> Any:
    if not words:
        return None
    chosen = programmes.filter(symbol=words)
    if not chosen and words.isascii() and words.isdigit() and len(words) < 12:
        chosen = programmes.filter(pk=int(words))
    if not chosen:
        raise Invalid(
            _("Choose a programme from the list; this one is not there."), field="programme"
        )
    return chosen[0]


def unit_of(words: str) -> Any:
    if not words:
        return None
    unit = Unit.objects.with_names().filter(key=words).first()
    if unit is None:
        raise Invalid(_("There is no unit with this key."), field="unit")
    return unit
