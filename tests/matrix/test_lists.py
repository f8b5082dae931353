"""What a list shows: of each thing, whether the list names it to whoever asks. Each list has its world to itself."""

import pytest
from django.db import transaction

from matrix.judge import agreed, faults
from matrix.table import rows

pytestmark = pytest.mark.django_db
ROWS = [row for row in rows() if row.is_list]
ASKED = [(row, how) for row in ROWS for how in (("session", "key") if row.is_api else ("session",))]


@pytest.mark.parametrize(
    ("row", "credential"), ASKED, ids=[f"{row.name} by {how}" for row, how in ASKED]
)
def test_a_list_shows_what_the_table_says(in_the_world, row, credential):
    world, doorman = in_the_world
    world.made.clear()
    with transaction.atomic():
        for relation in row.relations if row.side != "self" else ():
            world.thing(row.thing, row.side, relation)
        agreed(faults(row, world, doorman, credential))
        transaction.set_rollback(True)
