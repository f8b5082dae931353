"""The world of the table of rights serves here too: a small tree with everything an operation can be about."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
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
