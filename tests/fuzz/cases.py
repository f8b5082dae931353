"""Cases for every operation, made by schemathesis from docs/openapi.json: words that fit it and words that do not.

Most are steered to things that are there, with some words as the table of rights (tests/matrix) sends them, so that they come
past the door. Each is judged by the document: no 5xx, no other status, kind of content, header or shape than it says, and
nothing taken that it forbids. Whether what fits is done is for other tests: that there is no unit 410 no document can say.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.conf import settings as house
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.http import QueryDict
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import resolve
from house import ROOT
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from matrix.judge import address, filled, key_of
from matrix.table import ROLES, Row, rows
from matrix.world import Thing, World
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

LEAST = 2_000  # cases in a run
DRAWN = 6  # that fit and that do not, for each operation and person
SEED = 57
PEOPLE = ("administrator", "standing office", "unit head")
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf8"))
CONFIG = {
    "generation": {"with-security-parameters": False},  # everybody carries what is theirs
    "checks": {
        "positive_data_acceptance": {"enabled": False},
        "ignored_auth": {"enabled": False},  # the table of rights asks every door as nobody
    },
}


APP = get_wsgi_application()
FILE = "(file)"  # how the table writes that a file is sent; schemathesis sends its own


@dataclass(frozen=True)
class Example:
    """Something an operation can be about, and the words it takes there."""

    method: str
    address: str
    path: dict[str, Any]
    query: dict[str, str]
    body: dict[str, Any]


@dataclass
class Told:
    """What one person was told, operation by operation."""

    cases: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)


def answers_of(world: World, person: str) -> Told:
    """All cases, sent as this person: first those of the table as they are, then those that are drawn."""
    told, carried, known = Told(), what_they_carry(world, person), examples(world)
    for operation in operations(DOCUMENT):
        fitting = [one for one in known if is_about(one, operation)]
        for one in fitting:
            send(as_it_is(operation, one), carried, told)
        for mode in GenerationMode:
            with suppress(Unsatisfiable):  # to ask for nothing is never wrong
                drawn(operation, mode, fitting, lambda case: send(case, carried, told))
    return told


def operations(document: dict[str, Any]) -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(document, config=schemathesis.Config.from_dict(CONFIG))
    schema.app = APP
    return (found.ok() for found in schema.get_all_operations())


# Who asks --------------------------------------------------------------------------------------------


def what_they_carry(world: World, person: str) -> dict[str, Any]:
    """A session in a browser where one has just signed in, or a key; nobody asks for packed answers."""
    plainly = {"Accept-Encoding": "identity"}
    if person == "standing office":
        return {"headers": {"Authorization": f"Bearer {key_of(world.office, 'all')}", **plainly}}
    browser = Client()
    browser.force_login(world.founder if person == "administrator" else world.people["unit_head"])
    request = RequestFactory().get("/")
    get_token(request)
    secret = request.META["CSRF_COOKIE"]
    session = browser.cookies[house.SESSION_COOKIE_NAME].value
    cookies = {house.SESSION_COOKIE_NAME: session, house.CSRF_COOKIE_NAME: secret}
    return {"headers": {"X-CSRFToken": secret, **plainly}, "cookies": cookies}


# What it is about ------------------------------------------------------------------------------------


def examples(world: World) -> list[Example]:
    """From the table of rights: where each operation may be done, and with which words."""
    asked = [row for row in rows() if row.is_api and row.route != "api:openapi-json"]
    return [example(row, world) for row in asked]


def example(row: Row, world: World) -> Example:
    thing = world.thing(row.thing, row.side, near(row), "unit_head") if row.thing else Thing(0)
    place, _sign, query = address(row, thing).partition("?")
    body = filled(row.given.get("json", {}), thing)
    return Example(row.method, place, resolve(place).kwargs, QueryDict(query).dict(), body)


def near(row: Row) -> str:
    """How the thing lies to those who may: in the unit itself, or where the table first lets anybody."""
    ways = (way for way in row.relations if "may" in {row.verdict(one, way) for one in ROLES})
    return next(ways, "own")


def is_about(one: Example, operation: Any) -> bool:
    place = re.sub(r"\{(\w+)\}", lambda hit: str(one.path.get(hit[1])), operation.path)
    return one.method == operation.method.upper() and one.address == place


def as_it_is(operation: Any, one: Example) -> Any:
    kind = {"media_type": operation.body[0].media_type, "body": one.body} if operation.body else {}
    return operation.Case(path_parameters=dict(one.path), query=dict(one.query), **kind)


# What is sent ----------------------------------------------------------------------------------------


def drawn(operation: Any, mode: GenerationMode, fitting: list[Example], send: Callable) -> None:
    names = sorted({name for one in fitting for name in (*one.body, *one.query)}) or [""]

    @seed(SEED)
    @settings(
        max_examples=DRAWN, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        case=operation.as_strategy(generation_mode=mode),
        one=st.sampled_from([*fitting, *fitting, *fitting, None]),
        names=st.sets(st.sampled_from(names)),
    )
    def cases(case: Any, one: Example | None, names: set[str]) -> None:
        if one is not None:
            steer(case, one, names)
        send(case)

    cases()


def steer(case: Any, one: Example, names: set[str]) -> None:
    """To something that is there, with some of the words it takes; an address that was spoilt on purpose stays so."""
    if not is_spoilt(case, ParameterLocation.PATH):
        case.path_parameters.update(one.path)
    if not is_spoilt(case, ParameterLocation.QUERY):
        case.query.update(chosen(one.query, names))
    words = chosen(one.body, names)
    if words and isinstance(case.body, dict):
        case.body = {**case.body, **words}


def is_spoilt(case: Any, place: ParameterLocation) -> bool:
    component = case.meta.components.get(place)
    return component is not None and component.mode.is_negative


def chosen(words: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in words.items() if name in names and value != FILE}


def is_fit(case: Any) -> bool:
    """A case that was spoilt where it was then steered right again is none that must be refused."""
    return not any(one.mode.is_negative for one in case.meta.components.values())


def send(case: Any, carried: dict[str, Any], told: Told) -> None:
    """Ask, take back whatever was done, and judge the answer by the document."""
    fit = case.meta is None or is_fit(case)
    with transaction.atomic():
        answer = case.call(**carried)
        transaction.set_rollback(True)
    label = case.operation.label
    told.cases[label] += 1
    told.done[label] += answer.status_code < 300
    try:
        case.validate_response(answer, excluded_checks=[negative_data_rejection] if fit else [])
    except FailureGroup as group:
        asked = f"{case.as_curl_command()}\n→ {answer.status_code} {answer.content[:600]!r}"
        for fault in group.exceptions:
            told.faults.setdefault(f"{label}: {fault.title}", f"{fault.message}\n{asked}")
