"""Every page, as everybody, standing every way to what the page is about."""

import pytest

from matrix.judge import agreed, faults
from matrix.table import rows

pytestmark = pytest.mark.django_db
ROWS = [row for row in rows() if not row.is_api and not row.is_list]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_page_answers_as_the_table_says(in_the_world, row):
    world, doorman = in_the_world
    agreed(faults(row, world, doorman, "session"))
