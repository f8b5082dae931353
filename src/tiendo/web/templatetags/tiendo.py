"""Words and drawings every page shares: marks, states, bars, days, moments, rates."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from babel.numbers import format_decimal
from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tiendo.figures import arithmetic
from tiendo.kit.words import HARD_SPACE, day_in_words, moment_in_words
from tiendo.ledger.models import key_of
from tiendo.web import menu

register = template.Library()

MINUS = "\N{MINUS SIGN}"


# --- marks and states ---------------------------------------------------------------------------


@register.simple_tag
def mark(name: str) -> SafeString:
    """A sign of the sprite. It repeats a word beside it, so it is silent."""
    return format_html('<svg class="t-mark" aria-hidden="true"><use href="#m-{}"/></svg>', name)


class Cell(NamedTuple):
    """How a timing or an absence looks and reads; `counted` words it with a number of days."""

    look: str
    words: Any
    counted: Callable[[int], str] | None = None


def _done_late(days: int) -> str:
    return ngettext("Done %(days)s day late", "Done %(days)s days late", days) % {"days": days}


def _late(days: int) -> str:
    return ngettext("Late, %(days)s day", "Late, %(days)s days", days) % {"days": days}


def _due_in(days: int) -> str:
    if days == 0:
        return _("Due today")
    return ngettext("Due in %(days)s day", "Due in %(days)s days", days) % {"days": days}


CELLS = {
    "done_in_time": Cell("done", lazy("Done in time")),
    "done_late": Cell("dlate", lazy("Done late"), _done_late),
    "open_in_time": Cell("open", lazy("Open in time"), _due_in),
    "open_late": Cell("late", lazy("Open late"), _late),
    "due_soon": Cell("soon", lazy("Due soon"), _due_in),
    "no_date": Cell("none", lazy("No date")),
    "not_due": Cell("notdue", lazy("Not due yet")),
    "unknown": Cell("none", lazy("No data")),
    "not_applicable": Cell("na", lazy("Not applicable")),
    "unverified": Cell("unverified", lazy("Not verified")),
    "verified": Cell("done", lazy("Verified")),
    "returned": Cell("returned", lazy("Returned")),
    "refused": Cell("na", lazy("Refused")),
    "accepted": Cell("done", lazy("Accepted")),
    "green": Cell("green", lazy("Green")),
    "yellow": Cell("yellow", lazy("Yellow")),
    "red": Cell("red", lazy("Red")),
    "key_task": Cell("key", lazy("Key task")),
}

STATUSES = {
    "draft": lazy("Draft"),
    "issued": lazy("Issued"),
    "received": lazy("Received"),
    "accepted": lazy("Accepted"),
    "refused": lazy("Refused"),
    "under_way": lazy("Under way"),
    "submitted": lazy("Submitted"),
    "done": lazy("Done"),
    "returned": lazy("Returned"),
    "suspended": lazy("Suspended"),
    "dropped": lazy("Dropped"),
    "transferred": lazy("Transferred"),
}


@register.simple_tag
def state(cell: str, days: int | None = None, words: str = "") -> SafeString:
    """A timing with its mark, in days if given: `{% state part.timing part.days %}`.

    A workflow status becomes a chip.
    """
    if cell not in CELLS:
        return status(cell)
    look, plain, counted = CELLS[cell]
    said = words or (counted(abs(days)) if counted and days is not None else plain)
    return format_html('<span class="t-state is-{}">{}{}</span>', look, mark(look), said)


@register.simple_tag
def status(name: str, words: str = "") -> SafeString:
    """Where a part stands in its workflow, as a quiet chip."""
    return format_html('<span class="t-chip">{}</span>', words or STATUSES.get(name, name))


# --- bars: inline SVG in percent, so that words stay HTML ---------------------------------------


def _percent(part: Any, whole: Any) -> str:
    """A length for SVG; never outside the track."""
    if not whole:
        return "0%"
    share = min(Fraction(1), max(Fraction(0), Fraction(part) / Fraction(whole)))
    return f"{float(share * 100):.2f}%"


def _stretch(start: str, width: str, paint: str, extra: str = "") -> SafeString:
    paints = {"dlate": "url(#h-dlate)", "claimed": "url(#h-done)", "claimed_late": "url(#h-late)"}
    if paint in paints:
        return format_html(
            '<rect x="{}" width="{}" height="100%" fill="{}" class="{}" stroke-width="1.5"/>',
            start,
            width,
            paints[paint],
            extra,
        )
    return format_html(
        '<rect x="{}" width="{}" height="100%" class="p-{} {}" stroke-width="1.5"/>',
        start,
        width,
        paint,
        extra,
    )


def _drawn(label: str, stretches: SafeString | str, tall: bool) -> SafeString:
    return format_html(
        '<svg class="t-bar{}" role="img" aria-label="{}">'
        '<rect class="p-track" width="100%" height="100%"/>{}</svg>',
        " t-bar--tall" if tall else "",
        label,
        stretches,
    )


@register.simple_tag
def bar(
    part: Any, whole: Any, paint: str = "accent", label: str = "", tall: bool = False
) -> SafeString:
    """One part of a whole: `{% bar numerator denominator %}`; paint: accent, done, late…"""
    said = label or rate(part, whole)
    if part is None or not whole:
        return _drawn(said, "", tall)
    return _drawn(said, _stretch("0", _percent(part, whole), paint), tall)


@register.simple_tag
def stacked_bar(label: str = "", tall: bool = True, **parts: int) -> SafeString:
    """Parts side by side: `{% stacked_bar done=412 dlate=73 open=596 late=51 label=… %}`."""
    whole, so_far, stretches = sum(parts.values()), 0, []
    for paint, part in parts.items():
        if part:
            place = (_percent(so_far, whole), _percent(part, whole))
            stretches.append(_stretch(*place, paint, "l-paper"))
        so_far += part
    said = label or ", ".join(f"{_word_of(paint)}: {number(part)}" for paint, part in parts.items())
    return _drawn(said, format_html_join("", "{}", ((one,) for one in stretches)), tall)


def _word_of(paint: str) -> str:
    return next((str(cell.words) for cell in CELLS.values() if cell.look == paint), paint)


PATH = (
    '<svg class="t-path" role="img" aria-label="{said}">'
    '<rect class="p-track" y="2" width="100%" height="6" rx="1"/>'
    '<rect class="p-{paint}" y="2" width="{solid}" height="6"/>'
    '<rect fill="url(#{hatch})" x="{solid}" y="2" width="{more}" height="6"/>'
    '<line class="l-ink" x1="{today}" x2="{today}" y1="-1" y2="11" stroke-width="2"/></svg>'
)
PAINTS = {
    "green": ("done", "h-done"),
    "yellow": ("dlate", "h-dlate2"),
    "red": ("late", "h-late"),
}


@register.simple_tag
def path(light: str, verified: Any, claimed: Any, expected: Any, whole: Any = 100) -> SafeString:
    """Verified is solid, claimed only is hatched, the tick is where it should be today."""
    paint, hatch = PAINTS[light]
    said = _("%(light)s: verified %(verified)s, claimed %(claimed)s, should be %(due)s today")
    words = {"light": CELLS[light].words, "verified": number(verified)}
    return format_html(
        PATH,
        said=said % {**words, "claimed": number(claimed), "due": number(expected)},
        paint=paint,
        hatch=hatch,
        solid=_percent(verified, whole),
        more=_percent(max(claimed - verified, 0), whole),
        today=_percent(expected, whole),
    )


# --- numbers ------------------------------------------------------------------------------------


@register.filter
def number(value: Any) -> str:
    """A count with the language's own grouping; what is unknown says so, and zero is 0."""
    if value is None or value == "":
        return _("No data")
    return format_decimal(value, locale=_language())


@register.filter
def signed(value: Any) -> str:
    """A change: +13, −14, 0."""
    if value is None or value == "":
        return _("No data")
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return sign + number(abs(value))


@register.simple_tag
def rate(numerator: Any, denominator: Any, places: int = 2, empty: str = "") -> str:
    """“98.63 %” in the language's own way; words when nobody can divide."""
    if numerator is None or denominator is None:
        return _("No data")
    if not denominator:
        return empty or _("nothing due yet")
    percent = arithmetic.rate(numerator, denominator, places)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(percent, pattern, locale=_language()) + HARD_SPACE + "%"


# --- days and moments ---------------------------------------------------------------------------


def _language() -> str:
    return get_language() or "en"


@register.filter
def day(value: date | datetime | None) -> str:
    """28 Oct 2025, as each language writes it; an instant falls on the country's day."""
    return day_in_words(value) if value else _("No date")


@register.filter
def eve(value: date | None) -> date | None:
    """The last day of what ends, half-open, on this one."""
    return value - timedelta(days=1) if value else None


@register.filter
def short_day(value: date | datetime | None) -> str:
    """28 Oct, where the year is plain from the page."""
    return day_in_words(value, short=True) if value else _("No date")


@register.filter
def moment(value: datetime | None) -> str:
    """28 Oct 2025 07:40, on the country's clock."""
    return moment_in_words(value) if value else _("Not known")


@register.filter
def iso(value: date | datetime | None) -> str:
    """For `<time datetime>`."""
    return value.isoformat() if value else ""


# --- the shell ----------------------------------------------------------------------------------


@register.simple_tag
def address(name: str, *args: Any) -> str:
    """The address of a page, or nothing where this installation has no such page."""
    return menu.address_of(name, *args)


@register.filter
def history_address(subject: Any) -> str:
    """Where the record of this thing is read."""
    return reverse("web:history", args=[key_of(subject)])


@register.inclusion_tag("_crumb.html", takes_context=True)
def first_crumb(context: Any) -> dict[str, Any]:
    """The room this page stands in; outside all rooms, the first page."""
    links = [link for entry in context.get("rooms", ()) for link in entry.links]
    return {"room": next((link for link in links if link.here), None)}


@register.filter
def signals(field: Any) -> str:
    """What describes a form field: its help and its errors, for aria-describedby."""
    ids = [f"{field.auto_id}_help"] if field.help_text else []
    ids += [f"{field.auto_id}_error"] if field.errors else []
    return " ".join(ids)


@register.simple_tag
def control(field: Any, **attrs: Any) -> SafeString:
    """The field's own widget with our classes and what describes it."""
    kind = getattr(field.field.widget, "input_type", "")
    given = {"class": CONTROLS.get(kind, "form-control"), **attrs}
    if field.errors:
        given |= {"aria-invalid": "true", "class": f"{given['class']} is-invalid"}
    if described := signals(field):
        given["aria-describedby"] = described
    return field.as_widget(attrs=given)


CONTROLS = {
    "checkbox": "form-check-input",
    "radio": "t-radios",
    "select": "form-select",
    "hidden": "",
}


# --- one's own account --------------------------------------------------------------------------

# the first sign found is the right one: Edge calls itself Chrome, and Chrome calls itself Safari
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
KNOWN_AS = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS"}


@register.filter
def browser(agent: str) -> str:
    """Firefox · Windows, from what a browser says of itself."""
    found = [next((sign for sign in signs if sign in agent), "") for signs in (BROWSERS, SYSTEMS)]
    return " · ".join(KNOWN_AS.get(sign, sign) for sign in found if sign) or _("Another program")


@register.simple_tag(takes_context=True)
def second_factor_wanted(context: Any) -> bool:
    """Whether the signed-in person's roles ask for a second factor."""
    return bool(import_string(settings.SECOND_FACTOR)(context["request"].user))
