"""One world for each file of tests, taken back at its end; what it keeps in files lies apart from everybody's."""

import logging
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.db import transaction

from matrix.judge import Doorman
from matrix.world import World
from tiendo.orgs import matching


@pytest.fixture(scope="module")
def files_of_the_world(tmp_path_factory):
    return tmp_path_factory.mktemp("matrix-files")


@pytest.fixture(autouse=True)
def own_files(settings, files_of_the_world):
    settings.MEDIA_ROOT = files_of_the_world
    settings.SEALS = files_of_the_world / "seals"
    settings.SEAL_KEY = settings.SEALS / "key.pem"


@pytest.fixture(scope="module")
def stage(
    django_db_setup, django_db_blocker, files_of_the_world
) -> Iterator[tuple[World, Doorman]]:
    """The world and who is let into it, in a transaction that is taken back."""
    before, django_settings.MEDIA_ROOT = django_settings.MEDIA_ROOT, files_of_the_world
    matching.forget()
    logging.disable(logging.CRITICAL)  # thousands of refusals are the point
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        yield world, Doorman(world)
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    matching.forget()
    django_settings.MEDIA_ROOT = before


@pytest.fixture
def _django_db_helper(stage, django_db_blocker):
    """In place of a transaction for each test: the file's own, in which each cell takes back what it did."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def in_the_world(stage):
    return stage
