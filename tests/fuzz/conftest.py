"""The world of the table of rights serves here too: a small tree with everything an operation can be about."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from matrix.conftest import (
    _django_db_helper,
    files_of_the_world,
    in_the_world,
    own_files,
    stage,
)

__all__ = ["_django_db_helper", "files_of_the_world", "in_the_world", "own_files", "stage"]


@pytest.fixture
def connection_kept():
    """All cases are asked within one transaction: no request ends its connection, as the test client sees to by itself."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def heard(monkeypatch):
    """The names that were asked of what was sent."""
    names: set[str] = set()
    for method in ("__getitem__", "getlist", "__contains__"):
        monkeypatch.setattr(MultiValueDict, method, listening(method, names), raising=False)
    return names


def listening(method: str, names: set[str]):
    of_old = getattr(MultiValueDict, method)

    def asked(self, key, *more, **named):
        if isinstance(self, QueryDict):  # not the table of addresses, which is one of these too
            names.add(key)
        return of_old(self, key, *more, **named)

    return asked
