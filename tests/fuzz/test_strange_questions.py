"""T33: whatever is asked after `?`, by name or by value, no list breaks and none shows a row out of scope.

A field, an order or a lookup comes from our code alone; `tests/test_house.py` reads it for words of strangers.
"""

import re
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from matrix.judge import contents
from matrix.table import rows

from fuzz.cases import DOCUMENT, examples, is_about, operations

pytestmark = pytest.mark.django_db
# Names that an order, a filter or a lookup would have; the values are tried under each name that a list does hear.
LOOKUPS = (
    "unit__grants__person__username", "grants__role", "given_by__password__startswith", "pk__in", "id__gt", "unit__path",
    "part__unit__path__startswith", "entry__facts__icontains", "lead__unit__key__regex", "password", "person__email",
    "_connector", "_negated", "pk", "id", "document__text__contains",
)  # fmt: skip
NAMES = (
    "sort", "order", "ordering", "order_by", "filter", "fields", "expand", "include", "where", "select", "group_by",
    "search", "format", "scope", "visible_to", "by", "as", "using", *LOOKUPS,
)  # fmt: skip
VALUES = (
    *LOOKUPS, *(f"-{name}" for name in LOOKUPS[:6]), "?", "-?", "random()", "1) OR (1=1", "' OR '1'='1", "1; DROP TABLE x",
    '"."', "%(pk)s", "%s", "{0}", "pk) FROM people_person --", "pk\x00", "\ud800", "a.b", "*", "-", "--", "0x7",
    "1,2,3", "[1]", '{"pk":1}', "null", "None", "true", "-1", "1e9", "9" * 40, "٣", "１", "", " ", "\u202e", "x" * 3000,
    "9999-12-31", "0001-01-01", "2025-02-30", "10000-01-01", "NaN", "Infinity", "../../", "<script>", "{{7*7}}", "${7*7}",
    "administrator", "draft", "secret", "top_secret", "_", "%%%", "\\", "\r\nX: y", "ー", "🇻🇳", "İ", "ß",
)  # fmt: skip
# Each sees what is their own unit's, and nothing of another province; the first who may look at a list does.
LOOKERS = ("officer", "standing_office", "administrator")
HIDDEN = (
    ("draft", "giver"), ("issued task", "doer"), ("secret text", "keeper"), ("proposal", "keeper"), ("report", "doer"),
    ("invitation", ""), ("reform", ""), ("request for a date", "doer"),
)  # fmt: skip
LOOKS = {"may", "seen", "unseen"}
NOT_THERE = re.compile(rb"kx[0-9a-f]{12}")


@pytest.fixture(scope="module")
def hidden(stage) -> set[bytes]:
    """Words of things of another province; things of the person's own unit lie beside them."""
    world, _doorman = stage
    words = set()
    for kind, side in HIDDEN:
        world.thing(kind, side, "own")
        words.add(world.thing(kind, side, "other").token.encode())
    return words


@pytest.fixture
def asked(in_the_world, hidden):
    """What somebody is told at an address: the status, and which hidden words it holds."""
    _world, doorman = in_the_world

    def ask(place, question, person="officer"):
        client, _headers = doorman.let_in(person, "session")
        query = urlencode(question, errors="surrogatepass")
        with transaction.atomic():
            answer = client.generic("GET", f"{place}?{query}")
            told = contents(answer)
            transaction.set_rollback(True)
        return answer.status_code, set(NOT_THERE.findall(told)) & hidden, told

    return ask


# The API ----------------------------------------------------------------------------------------------

GETS = [one.label for one in operations(DOCUMENT) if one.method == "get"]


@pytest.mark.parametrize("label", GETS)
def test_the_api_refuses_a_name_it_does_not_ask_for(in_the_world, asked, label):
    place = place_of(in_the_world[0], label)
    plainly, _met, _told = asked(place, {})
    assert plainly in {200, 403, 404, 422}

    for name in NAMES:
        if name not in names_of(label):
            status, met, _told = asked(place, {name: "1"})
            assert (name, status, met) == (name, 422, set())


@pytest.mark.parametrize("label", [label for label in GETS if "{" not in label])
def test_the_api_takes_a_strange_value_for_what_it_is(in_the_world, asked, label):
    place = place_of(in_the_world[0], label)
    everywhere(lambda question: asked(place, question), names_of(label))


def place_of(world, label):
    method, _path = label.split()
    known = [one for one in examples(world) if one.method == method]
    operation = next(one for one in operations(DOCUMENT) if one.label == label)
    return next(one.address for one in known if is_about(one, operation))


def names_of(label):
    method, path = label.split()
    given = DOCUMENT["paths"][path][method.lower()].get("parameters", [])
    return [one["name"] for one in given if one["in"] == "query"]


# Pages ------------------------------------------------------------------------------------------------

NUMBERS_OF_ITS_OWN = {"metrics", "live", "ready"}  # told of the house itself, anew at each request


def pages() -> dict[str, str]:
    """Every page of ours without a number in its address, and who looks at it here."""
    shown = [row for row in rows() if row.method == "GET" and not row.is_api]
    return {
        row.route: person
        for person in reversed(LOOKERS)
        for row in shown
        if row.verdict(person, row.relations[0]) in LOOKS and lists(row.route)
        if row.route not in NUMBERS_OF_ITS_OWN
    }


def lists(route: str) -> bool:
    try:
        return bool(reverse(route))
    except NoReverseMatch:
        return False


@pytest.mark.parametrize(("route", "person"), sorted(pages().items()))
def test_a_page_hears_only_its_own_names_and_any_value(in_the_world, asked, route, person, heard):
    place = reverse(route)
    status, met, plainly = asked(place, {}, person)
    assert (status, met) == (200, set())
    own = set(heard)

    status, met, told = asked(place, {name: "1" for name in NAMES if name not in own}, person)
    assert (status, met, stripped(told)) == (200, set(), stripped(plainly))
    everywhere(lambda question: asked(place, question, person), own)


def everywhere(ask, names):
    """Each value under all names at once; some under each alone, for a form that reads no further than its first fault."""
    together = [dict.fromkeys(sorted(names), value) for value in VALUES]
    alone = [{name: value} for name in sorted(names) for value in VALUES[::11]]
    for question in together + alone:
        status, met, _told = ask(question)
        assert (question, status < 500, met) == (question, True, set())


def stripped(page: bytes) -> bytes:
    """What the page shows, without addresses and what is drawn anew for every request."""
    main = re.search(rb"<main.*</main>", page, re.DOTALL)
    return re.sub(rb'(nonce|value|href|hx-[a-z]+|action)="[^"]*"', b"", main[0] if main else page)
