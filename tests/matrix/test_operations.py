"""Every operation of the API, as everybody, by session and by key, standing every way to what it is about."""

import pytest

from matrix.judge import agreed, faults
from matrix.table import rows

pytestmark = pytest.mark.django_db
ROWS = [row for row in rows() if row.is_api and not row.is_list]


@pytest.mark.parametrize("credential", ["session", "key", "looking key"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_operation_answers_as_the_table_says(in_the_world, row, credential):
    world, doorman = in_the_world
    agreed(faults(row, world, doorman, credential))
