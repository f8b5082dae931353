from datetime import date
from typing import Any

import pytest

from makers import a_document, a_programme
from tiendo.intake import actions
from tiendo.intake.models import Intake, Proposal
from tiendo.intake.readings import Found
from tiendo.orgs import matching

SENTENCES = (
    "The Ministry of Rivers shall clear the backlog of paper records before 31 March 2026.",
    "Work has begun well.",
    "The Ministry of Roads shall report on its bridges by the end of 2025.",
)
TEXT = " ".join(SENTENCES)
SPANS = [(TEXT.find(one), TEXT.find(one) + len(one)) for one in SENTENCES]


@pytest.fixture(autouse=True)
def _names_are_read_again():
    """Each test has units of its own; the names of the last test are forgotten."""
    matching.forget()
    yield
    matching.forget()


def a_proposal(cast: Any, number: int, **fields: Any) -> Proposal:
    """One directive of the text, as the reader would have found it."""
    start, end = SPANS[0 if number % 2 == 0 else 2]
    given = {
        "number": number + 1,
        "start": start,
        "end": end,
        "quote": TEXT[start:end],
        "work": "Clear the backlog of paper records",
        "assignees": [
            {"written": "Ministry of Rivers", "unit": cast.ministry.pk, "units": [], "group": False}
        ],
        "lead": cast.ministry,
        "due_on": date(2026, 3, 31),
        "deadline": "2026-03-31",
        "deadline_words": "before 31 March 2026",
        "bits": [{"letter": "A", "what": "lead", "start": start, "end": start + 22}],
    }
    return Proposal(**{**given, **fields})


def a_reading(cast: Any, count: int = 2, *, programme: bool = True, **fields: Any) -> Intake:
    """A text of the committee, read into proposals; the committee follows a programme."""
    if programme:
        a_programme(cast)
    document = a_document(cast, text=TEXT)
    found = Found("en-1", SPANS)
    found.proposals = [a_proposal(cast, n, **fields) for n in range(count)]
    return actions.read_document(document, by=cast.office, found=found)


@pytest.fixture
def intake(cast):
    return a_reading(cast)
