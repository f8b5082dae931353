"""The rooms a person may walk into: one table, shown as a bar, a list, keys and the first crumb of every page.

A room adds a line. A place that this installation does not have yet, or that the person may not open, is left out.
"""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as lazy

from tiendo.kit.permission import roots

OWING = ("tasks.report", "tasks.verify", "tasks.extend")  # whoever holds one has work of their own


class Place(NamedTuple):
    """A room's first page: `key` opens it after g; any capability of `asks` does (none: everybody's).

    Places with one `group` fold into one entry; pages of the `room` stand under it when no address says so.
    """

    name: str
    words: Any
    key: str
    asks: tuple[str, ...] = ()
    group: str = ""
    room: str = ""


PLACES = (
    Place("web:stocktake", lazy("Stocktake"), "s", ("figures.view",), room="figures"),
    Place("web:my_work", lazy("My work"), "m", OWING),
    Place("tasks:tasks", lazy("Tasks"), "t", ("tasks.view",), room="tasks"),
    Place("tasks:draws", lazy("Spot checks"), "k", ("tasks.view",), group="organisation"),
    Place("intake:desks", lazy("Reading desk"), "r", ("intake.view",), room="intake"),
    Place("documents:documents", lazy("Documents"), "d", room="documents"),
    Place("orgs:units", lazy("Units"), "u", group="organisation", room="orgs"),
    Place("orgs:committees", lazy("Committees"), "c", group="organisation"),
    Place("reforms:reforms", lazy("Reforms"), "f", ("reforms.view",), "organisation", "reforms"),
    Place("access:people", lazy("People"), "p", ("access.view",), "organisation", "access"),
    Place("exchange:hooks", lazy("Webhooks"), "w", ("exchange.view",), "organisation", "exchange"),
    Place("web:record", lazy("Record"), "h", ("ledger.read",), group="organisation"),
)
GROUPS = {"organisation": lazy("Organisation")}


class Link(NamedTuple):
    """A place as this person finds it: `here` when the page stands in it, `exactly` when it is the page."""

    url: str
    words: Any
    key: str
    here: bool
    exactly: bool


class Entry(NamedTuple):
    """One word of the bar: a link, or several folded under a name."""

    words: Any
    links: list[Link]

    @property
    def here(self) -> bool:
        return any(link.here for link in self.links)


def entries(request: HttpRequest) -> list[Entry]:
    """The bar of this person on this page."""
    standing = place_of(request)
    found: dict[str, Entry] = {}
    for place in PLACES:
        url = address_of(place.name)
        if url and may_open(request, place):
            entry = found.setdefault(
                place.group or place.name, Entry(GROUPS.get(place.group, place.words), [])
            )
            here = place is standing
            entry.links.append(
                Link(url, place.words, place.key, here, here and url == request.path)
            )
    return list(found.values())


def place_of(request: HttpRequest) -> Place | None:
    """Where a page stands: beneath the longest address, else with its room."""
    above = [
        (url, p) for p in PLACES if (url := address_of(p.name)) and request.path.startswith(url)
    ]
    if above:
        return max(above, key=lambda one: len(one[0]))[1]
    if request.path.startswith(address_of("web:account")):
        return None  # one's own things, whichever room keeps them
    match = request.resolver_match
    room = match.namespace if match else ""
    return next((place for place in PLACES if room and place.room == room), None)


def may_open(request: HttpRequest, place: Place) -> bool:
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return False
    return not place.asks or any(roots(person, capability) for capability in place.asks)


def address_of(name: str, *args: Any) -> str:
    """The address of a page, or nothing where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def first_of(request: HttpRequest) -> str:
    """Where a person begins: those who steer with where things stand, those who owe with what they owe."""
    order = ("web:stocktake", "web:my_work", "access:people", "tasks:tasks", "documents:documents")
    steers = any(roots(request.user, capability) for capability in ("tasks.plan", "intake.view"))
    owes = any(roots(request.user, capability) for capability in OWING)
    if owes and not steers:
        return address_of("web:my_work")
    by_name = {place.name: place for place in PLACES}
    open_to = (name for name in order if address_of(name) and may_open(request, by_name[name]))
    return address_of(next(open_to))
