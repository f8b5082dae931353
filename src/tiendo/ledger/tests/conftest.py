import pytest

from makers import a_person
from tiendo.ledger.tests.stage import a_sealed_record


@pytest.fixture
def person(db):
    return a_person()


@pytest.fixture
def sealed_record(db):
    return a_sealed_record()
