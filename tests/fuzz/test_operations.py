"""G2: whatever is sent to the API, as whomever, it answers as its committed document says, and never breaks.

The same cases every time: the seed is fixed. Every case is taken back, so none leans on another.
"""

import copy
from collections import Counter

import pytest

from fuzz.cases import (
    DOCUMENT,
    LEAST,
    PEOPLE,
    Told,
    answers_of,
    operations,
    send,
    what_they_carry,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told() -> dict[str, Told]:
    """What each person was told, kept for the tests that look at the whole."""
    return {}


@pytest.fixture
def answers(in_the_world, connection_kept, told, request) -> Told:
    person = request.param
    if person not in told:
        told[person] = answers_of(in_the_world[0], person)
    return told[person]


each = pytest.mark.parametrize("answers", PEOPLE, indirect=True)


@each
def test_nothing_breaks_and_every_answer_is_documented(answers):
    assert answers.faults == {}, "\n\n".join(f"{k}\n{v}" for k, v in answers.faults.items())


@each
def test_every_operation_is_asked_often(answers):
    assert sum(answers.cases.values()) >= LEAST / len(PEOPLE)
    assert min(answers.cases.values()) >= 6, answers.cases.most_common()[-3:]


@pytest.mark.parametrize("answers", PEOPLE[-1:], indirect=True)
def test_what_is_asked_is_often_done(answers, told):
    """Nonsense that is stopped at the door proves little: every operation was done by one of them.

    Only a text's file must be one that can be read: the table of rights sends such a one.
    """
    done = sum((one.done for one in told.values()), Counter())
    assert set(answers.cases) - {label for label, times in done.items() if times} <= {
        "POST /api/v1/documents/files"
    }


# Shown biting ----------------------------------------------------------------------------------------


def me(document):
    return next(one for one in operations(document) if one.label == "GET /api/v1/me")


def faults_of_me(world, document):
    told = Told()
    send(me(document).Case(), what_they_carry(world, "standing office"), told)
    return set(told.faults)


def test_an_answer_that_the_document_does_not_know_is_a_fault(in_the_world, connection_kept):
    untold, reshaped = copy.deepcopy(DOCUMENT), copy.deepcopy(DOCUMENT)
    del untold["paths"]["/api/v1/me"]["get"]["responses"]["200"]
    reshaped["components"]["schemas"]["MeOut"]["properties"]["id"] = {"type": "string"}

    assert faults_of_me(in_the_world[0], DOCUMENT) == set()
    assert faults_of_me(in_the_world[0], untold) == {"GET /api/v1/me: Undocumented status code"}
    assert faults_of_me(in_the_world[0], reshaped) == {"GET /api/v1/me: Response violates schema"}


def test_what_breaks_is_a_fault(in_the_world, connection_kept, monkeypatch):
    monkeypatch.setattr("tiendo.web.me.rights_of", 0)  # nobody can call it

    assert "GET /api/v1/me: Server error" in faults_of_me(in_the_world[0], DOCUMENT)
