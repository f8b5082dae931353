"""What no row names cannot be done at an address, whoever asks."""

import pytest
from house import doors

from matrix.judge import SIGN_IN
from matrix.table import METHODS

pytestmark = pytest.mark.django_db
OURS = [door for door in doors.doors() if door.is_ours and not door.by_pattern]


@pytest.mark.parametrize("door", OURS, ids=lambda door: f"{door.name} {door.address}")
def test_other_methods_are_not_there(in_the_world, door):
    _world, doorman = in_the_world
    is_api = door.name.startswith("api:")
    known = set().union(*(doors.methods(one) for one in OURS if one.address == door.address))
    for method in sorted({*METHODS, "HEAD"} - known - ({"HEAD"} if "GET" in known else set())):
        for person in ("standing_office", "nobody", "anonymous"):
            client, _headers = doorman.let_in(person, "session")
            answer = client.generic(method, door.address)
            sent_away = answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
            is_public = is_api or door.name in doors.PUBLIC
            assert answer.status_code == 405 or (
                person == "anonymous" and not is_public and sent_away
            ), f"{method} {door.name}: {person}, came {answer.status_code}"
