"""The standing cast and stage of every test. Makers have articles; every argument has a default."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from tiendo.kit import clock
from tiendo.ledger import locks

LOCKED = ("ledger_entry", "ledger_seal", "ledger_sealed", "tasks_move")


def pytest_configure() -> None:
    os.environ.setdefault(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
    )  # Playwright's loop runs in the same thread
    if (
        connection.vendor == "sqlite"
    ):  # a file, as in real use: in memory its locks are another thing
        name = Path(tempfile.gettempdir()) / f"tiendo-test-{os.getpid()}.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    }
    # most tests sign in by force, without a second step; those about it name the real rule
    settings.SECOND_FACTOR = "makers.nobody_needs_a_second_factor"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Uploads of a test land in its own folder, and so do the keys of its seals."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SEALS = tmp_path / "seals"
    settings.SEAL_KEY = settings.SEALS / "key.pem"


@pytest.fixture(autouse=True)
def own_language(settings):
    """A page asked in another test's language leaves it active in the thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def locks_return(django_db_setup, django_db_blocker):
    """After the tables were emptied the journals are locked again."""
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for table in LOCKED:
            locks.lock(table, editor)
    with django_db_blocker.unblock():
        listen_again()


def listen_again() -> None:
    """What a migration planted: rooms that hear the record begin before a test does, not at its first act."""
    from tiendo.exchange.models import Outbox
    from tiendo.notifications.models import Heard

    for place in (Heard, Outbox):
        place.objects.get_or_create(only=True, defaults={"upto": clock.now() - timedelta(days=1)})


@pytest.fixture
def several_connections(locks_return, transactional_db):
    """A test whose writers are in separate transactions; the journals' locks rest while the tables are emptied."""
    yield
    with connection.schema_editor() as editor:
        for table in LOCKED:
            locks.unlock(table, editor)


@pytest.fixture
def cast(db):
    from makers import Cast

    return Cast()
