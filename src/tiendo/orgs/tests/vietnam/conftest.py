"""The whole pack, loaded once for the tests of this folder and taken away after them."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tiendo.ledger import locks
from tiendo.ledger.models import Entry
from tiendo.orgs import matching
from tiendo.orgs.actions import load_pack
from tiendo.orgs.models import (
    Committee,
    Placement,
    StandingOffice,
    Succession,
    Tile,
    Unit,
    UnitCode,
    UnitKind,
    UnitName,
)
from tiendo.people.models import Person

PACK = Path(settings.PACKS) / "vn"
TABLES = (
    Tile,
    StandingOffice,
    Committee,
    Succession,
    Placement,
    UnitKind,
    UnitCode,
    UnitName,
    Unit,
    Entry,
    Person,
)


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker):
    """Viet Nam stands in the test database while these tests run; the record's lock rests as it leaves."""
    with django_db_blocker.unblock():
        changes = load_pack(PACK, by=Person.objects.operator())
        yield changes
        with connection.schema_editor() as editor:
            locks.unlock(Entry._meta.db_table, editor)
            for table in TABLES:
                editor.execute(f"DELETE FROM {table._meta.db_table}")
            locks.lock(Entry._meta.db_table, editor)
    matching.forget()


@pytest.fixture
def vn(loaded, db):
    """A unit by its key."""
    return lambda key: Unit.objects.get(key=key)


@pytest.fixture
def to_be_forgotten(vn):
    """A test that changes names: what it undoes must not be remembered."""
    yield
    matching.forget()
