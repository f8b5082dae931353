"""T05: words that nobody asked for change nothing. The API refuses each by its name; a page's form does not hear them.

Everybody is somebody who may, and the act is done once without the strange words: so the refusal is for nothing else.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.urls import resolve
from house import rooms
from matrix.judge import address, body, contents, expected, said
from matrix.table import PEOPLE, Row, rows
from matrix.world import Thing

from fuzz.cases import DOCUMENT
from tiendo.ledger.models import Entry
from tiendo.web.known import plain

pytestmark = pytest.mark.django_db
RANDOM = re.compile(r"[0-9a-f]{16,}|[\w-]{43}=?")
OURS = [model for model in apps.get_models() if model._meta.app_label in rooms()]
PRIVILEGED = {
    "status", "is_superuser", "is_staff", "is_demo", "is_active", "path", "key_scope", "scope", "given_by", "by",
    "prepared_by", "registered_at", "received_at", "approved", "approved_by", "verified", "facts", "digest",
}  # fmt: skip
# Where such a word is the very question of the form.
MAY_ASK = {"documents:stage": {"status"}, "documents:end": {"status"}}
# Every column of ours, as the table calls it and as the row does.
COLUMNS = {name for model in OURS for one in model._meta.fields for name in (one.name, one.attname)}
STRANGE = sorted(COLUMNS | PRIVILEGED)


def writes(is_api: bool) -> list[Row]:
    """One row for each act of the table that somebody may do."""
    known: dict[tuple[str, str], Row] = {}
    for row in rows():
        if row.is_api == is_api and row.method != "GET" and whoever_may(row):
            known.setdefault((row.route, row.method), row)
    return list(known.values())


def whoever_may(row: Row) -> tuple[str, str] | None:
    pairs = ((one, way) for way in row.relations for one in PEOPLE if one != "anonymous")
    return next((pair for pair in pairs if row.verdict(*pair) == "may"), None)


# The API ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", writes(is_api=True), ids=lambda row: row.name)
def test_the_api_names_each_strange_word_and_does_nothing(in_the_world, row):
    world, doorman = in_the_world
    ask, thing = asking(row, world, doorman)
    strange = {name: "1" for name in STRANGE if name not in words_of(row, thing)}
    before = Entry.objects.count()
    refused = ask(strange)

    assert refused.status_code in {415, 422}, contents(refused)[:300]
    if refused.status_code == 422:
        named = {one["field"] for one in json.loads(contents(refused))["errors"]}
        assert named >= set(strange)
    assert Entry.objects.count() == before
    with transaction.atomic():
        assert done(row, ask({}), thing)
        transaction.set_rollback(True)


def words_of(row: Row, thing: Thing) -> set[str]:
    """The words that the document knows in the body of this operation."""
    place = plain(resolve(address(row, thing).partition("?")[0]).route)
    [methods] = [ops for path, ops in DOCUMENT["paths"].items() if plain(path[1:]) == place]
    content = methods[row.method.lower()].get("requestBody", {}).get("content", {})
    schemas = [kind["schema"] for kind in content.values()]
    whole = [
        DOCUMENT["components"]["schemas"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        for one in schemas
    ]
    return {name for one in whole for name in one["properties"]}


def test_every_body_of_the_document_is_closed():
    """Also what lies deeper in it: an object either names its words or is a map from words to one kind."""
    bodies = [
        kind["schema"]
        for operations in DOCUMENT["paths"].values()
        for operation in operations.values()
        for kind in operation.get("requestBody", {}).get("content", {}).values()
    ]
    assert len(bodies) > 30
    assert [one for whole in bodies for one in open_objects(whole, set())] == []
    assert list(open_objects({"properties": {"a": {"type": "object"}}}, set()))  # it bites


def open_objects(schema: Any, seen: set[str]) -> Iterator[Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    if name:
        if name not in seen:
            seen.add(name)
            yield from open_objects(DOCUMENT["components"]["schemas"][name], seen)
        return
    more = schema.get("additionalProperties")
    if "properties" in schema and more is not False:
        yield schema
    if schema.get("type") == "object" and more is None and "properties" not in schema:
        yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    inner += [schema["items"]] if "items" in schema else []
    for one in inner + ([more] if isinstance(more, dict) else []):
        yield from open_objects(one, seen)


# Pages ------------------------------------------------------------------------------------------------


COMPARED = pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="what a sequence has given is not taken back, so rows would differ by their numbers; a form knows no database",
)


@COMPARED
@pytest.mark.parametrize("row", writes(is_api=False), ids=lambda row: row.name)
def test_a_form_does_not_hear_what_it_did_not_ask(in_the_world, row, heard):
    world, doorman = in_the_world
    ask, thing = asking(row, world, doorman)
    with time_machine.travel(datetime.now(UTC), tick=False):
        plainly = what_changes(row, lambda: ask({}), thing)
        assert heard & PRIVILEGED <= MAY_ASK.get(row.route, set())
        strange = {name: "1" for name in STRANGE if name not in heard}
        assert len(strange) > len(STRANGE) // 2
        assert what_changes(row, lambda: ask(strange), thing) == plainly


@COMPARED
def test_the_comparison_sees_a_minute_of_difference(in_the_world):
    world, doorman = in_the_world
    row = next(row for row in writes(is_api=False) if row.route == "tasks:refusal")
    ask, thing = asking(row, world, doorman)

    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        now, again = [what_changes(row, lambda: ask({}), thing) for _ in range(2)]
        clock.shift(60)
        later = what_changes(row, lambda: ask({}), thing)
    assert now == again
    assert {table for table in now if now[table] != later[table]} >= {"ledger.Entry", "tasks.Move"}


def what_changes(row: Row, ask: Callable[[], Any], thing: Thing) -> dict[str, list[str]]:
    """Every row of ours after the act, which is then taken back."""
    with transaction.atomic():
        assert done(row, ask(), thing)
        after = {model._meta.label: rows_of(model) for model in OURS}
        transaction.set_rollback(True)
    return after


def rows_of(model: Any) -> list[str]:
    """Secrets and salts are drawn anew each time: one is as good as another."""
    return [RANDOM.sub("#", repr(one)) for one in model._base_manager.order_by("pk").values()]


# Both -------------------------------------------------------------------------------------------------


def asking(row: Row, world, doorman) -> tuple[Callable[[dict[str, str]], Any], Thing]:
    """Do it as somebody who may, with strange words or without."""
    person, relation = whoever_may(row)
    thing = world.thing(row.thing, row.side, relation, person) if row.thing else Thing(0)
    client, _headers = doorman.let_in(person, "session")

    def ask(strange: dict[str, str]) -> Any:
        return client.generic(row.method, address(row, thing), **body(row, thing, strange))

    return ask, thing


def done(row: Row, answer: Any, thing: Thing) -> bool:
    return said(row, answer, b"", thing) == expected(row, "may")
