"""Asks a route as one person and says in the table's words what came back."""

import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from zlib import crc32

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import NoReverseMatch, reverse

from matrix.table import NOWHERE, PEOPLE, Row
from matrix.world import Thing, World
from tiendo.kit import clock
from tiendo.people.actions import open_token

SIGN_IN = "/account/login/"
DONE = {("GET", True): 200, ("GET", False): 200, ("POST", True): 201, ("POST", False): 302}
SCOPES = {"key": "all", "looking key": "read"}  # the keys everybody carries besides their session
WORDS = {"may-not": 403, "absent": 404, "seen": 200, "unseen": 200}


class Caller(Client):
    """Asks and keeps nothing: no cookie that came back, no template that was looked at. Thousands of cells are asked."""

    def request(self, **asked: Any) -> Any:
        return self.handler(self._base_environ(**asked))


class Doorman:
    """Everybody signed in once; `key` is the other kind of credential, for the API alone."""

    def __init__(self, world: World) -> None:
        self.stranger = Caller()
        self.clients: dict[str, Client] = {}
        self.keys: dict[tuple[str, str], str] = {}
        for name, person in world.people.items():
            self.let_in_too(name, person)

    def let_in_too(self, name: str, person: Any) -> None:
        self.clients[name] = client = Caller()
        client.handler = self.stranger.handler  # one chain of middleware for all
        client.force_login(person)
        for credential, scope in SCOPES.items():
            self.keys[name, credential] = key_of(person, scope)

    def let_in(self, person: str, credential: str) -> tuple[Client, dict[str, str]]:
        if credential in SCOPES:
            secret = self.keys.get((person, credential), "tiendo_of_nobody")
            return self.stranger, {"Authorization": f"Bearer {secret}"}
        return self.clients.get(person, self.stranger), {}


def key_of(person: Any, scope: str) -> str:
    until = clock.today() + timedelta(days=300)
    _token, secret = open_token(person, by=person, name="Matrix", expires_on=until, scope=scope)
    return secret


def faults(row: Row, world: World, doorman: Doorman, credential: str) -> list[str]:
    """Every cell of a row that is answered otherwise than the table says."""
    wrong = []
    for person, relation in cells(row):
        verdict = verdict_by(credential, row, person, relation)
        came = answered(row, world, doorman, credential, person, relation)
        if came != expected(row, verdict):
            wrong.append(
                f"{row.name}: {person}, {relation}, by {credential}: the table says {verdict}, came {came}"
            )
    return wrong


def verdict_by(credential: str, row: Row, person: str, relation: str) -> str:
    """A key that only looks does nothing: what its person may do, it may not."""
    verdict = row.verdict(person, relation)
    is_act = row.method != "GET" and credential == "looking key"
    known = [one for one in PEOPLE if one != "anonymous"]
    if verdict == "422" and all(row.verdict(one, relation) == "422" for one in known):
        return verdict  # the words are read before anybody is asked who they are
    return "may-not" if is_act and verdict in {"may", "409", "422"} else verdict


def agreed(wrong: list[str]) -> None:
    """Say every cell that disagrees, one a line."""
    assert not wrong, "\n" + "\n".join(wrong)


def cells(row: Row) -> Iterator[tuple[str, str]]:
    """Every cell; on the second database every other one, like the dark squares of a board, and the light ones of the next row.

    Who may is decided by the same code on both: what the second one adds is its SQL, and half of forty thousand shows that.
    """
    colour = crc32(row.name.encode())
    for down, person in enumerate(PEOPLE):
        for across, relation in enumerate(row.relations):
            if not is_second_database() or (down + across + colour) % 2:
                yield person, relation


def is_second_database() -> bool:
    return connection.vendor == "postgresql"


def drawn(row: Row) -> Any:
    """Pages are drawn once, on the first database: there a page that breaks for somebody shows it in its cell."""
    if row.is_list or not is_second_database():
        return nullcontext()
    return patch("django.template.backends.django.Template.render", return_value="")


def expected(row: Row, verdict: str) -> str:
    """The verdict as a status; lists add whether the thing is shown."""
    if verdict.isdigit():
        return verdict
    if verdict == "door":
        return "401" if row.is_api else "door"
    if verdict == "may":
        return str(DONE.get((row.method, row.is_api), 200))
    return f"{WORDS[verdict]} {verdict}" if verdict in {"seen", "unseen"} else str(WORDS[verdict])


def answered(
    row: Row, world: World, doorman: Doorman, credential: str, person: str, relation: str
) -> str:
    """What comes back; whatever was changed is taken back."""
    thing = thing_of(row, world, relation, person)
    client, headers = doorman.let_in(person, credential)
    with transaction.atomic(), drawn(row):
        answer = client.generic(
            row.method, address(row, thing), **body(row, thing), headers=headers
        )
        content = contents(answer)
        transaction.set_rollback(True)
    return said(row, answer, content, thing)


def contents(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def thing_of(row: Row, world: World, relation: str, person: str) -> Thing:
    if relation == NOWHERE:
        return Thing(0)
    if row.side == "self" and person == "anonymous":
        person = "nobody"
    return world.thing(row.thing, row.side, relation, person)


def said(row: Row, answer: Any, content: bytes, thing: Thing) -> str:
    status = answer.status_code
    if status == 302 and answer["Location"].startswith(SIGN_IN):
        return "door"
    if row.is_list and status == 200:
        return f"200 {'seen' if thing.token.encode() in content else 'unseen'}"
    return str(status)


def address(row: Row, thing: Thing) -> str:
    if "address" in row.given:
        return str(filled(row.given["address"], thing))
    given = filled(row.given.get("with", {}), thing)
    try:
        place = reverse(row.route, kwargs=given or None)
    except NoReverseMatch:
        place = reverse(row.route, kwargs={"pk": thing.pk})
    asked = filled(row.given.get("ask", {}), thing)
    return place + (
        "?" + "&".join(f"{name}={value}" for name, value in asked.items()) if asked else ""
    )


def body(row: Row, thing: Thing, strange: dict[str, str] | None = None) -> dict[str, Any]:
    """What is sent: JSON to the API, a form to a page; a value "(file)" stands for a small PDF.

    `strange` words, which nobody asked for, go with it (tests/fuzz).
    """
    if row.method in {"GET", "DELETE"}:
        return {}
    given = filled(row.given.get("json" if row.is_api else "send", {}), thing)
    given = {**(strange or {}), **given}
    if row.is_api and "(file)" not in given.values():
        text = json.dumps(given) if "json" in row.given or strange else ""
        return {"data": text, "content_type": "application/json"}
    sent = {name: minutes() if value == "(file)" else value for name, value in given.items()}
    return {"data": encode_multipart(BOUNDARY, sent), "content_type": MULTIPART_CONTENT}


def minutes() -> SimpleUploadedFile:
    return SimpleUploadedFile("minutes.pdf", b"%PDF-1.7 minutes")


def filled(given: Any, thing: Thing) -> Any:
    """`{thing}` is the thing's number, `{later}` a day the world names; everything else is as written."""
    if isinstance(given, dict):
        return {name: filled(value, thing) for name, value in given.items()}
    if isinstance(given, list):
        return [filled(value, thing) for value in given]
    if not isinstance(given, str):
        return given
    soon = (clock.today() + timedelta(days=30)).isoformat()
    names = {"thing": thing.pk, "token": thing.token, "soon": soon, **thing.names}
    whole = re.fullmatch(r"\{(\w+)\}", given)
    if whole:
        named = names[whole[1]]
        return named() if callable(named) else named
    return re.sub(r"\{(\w+)\}", lambda hit: str(names[hit[1]]), given)
