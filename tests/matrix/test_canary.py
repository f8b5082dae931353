"""T04: a word in every text field of another province's drafts, reports and requests is met on no page of ours, nor in the API."""

import re

import pytest

from matrix.judge import address, contents
from matrix.table import PEOPLE, rows
from matrix.world import Thing

pytestmark = pytest.mark.django_db
# (whoever holds a letter's secret reads what the letter says)
SECRET = {"access:invitation", "exchange:calendar"}  # whoever holds the address is let in by it
READ = [row for row in rows() if row.method == "GET" and row.route not in SECRET]
# Whoever signed in may read texts in force, the tree with its seats, and what a reform has changed.
OPEN_TO_ALL = {
    "open text", "unit", "key", "committee", "post", "tenure", "carried out reform",
    "empty post", "post with a role", "delegation",  # all three are known by the title of their post
}  # fmt: skip
WORD = re.compile(rb"kx[0-9a-f]{12}")


@pytest.fixture(scope="module")
def aviary(stage):
    """Things of every kind and side: first ours, then the other province's, so that a list would show these first."""
    world, _doorman = stage
    made = {
        relation: [
            world.thing(row.thing, row.side, relation)
            for row in rows()
            if row.thing and row.side != "self"
        ]
        for relation in ("own", "other")
    }
    canaries = {
        thing.token.encode()
        for (kind, _side, relation, _who), thing in world.made.items()
        if relation == "other" and kind not in OPEN_TO_ALL and thing.token
    }
    assert len(canaries) > 20
    assert made["own"]
    return canaries


@pytest.mark.parametrize("person", [one for one in PEOPLE if one != "anonymous"])
def test_nobody_meets_a_word_of_the_other_province(in_the_world, aviary, person):
    world, doorman = in_the_world
    met = []
    for row in READ:
        for credential in ("session", "key") if row.is_api else ("session",):
            for relation in ("own", "other") if row.thing else ("",):
                thing = world.thing(row.thing, row.side, relation, person) if relation else Thing(0)
                client, headers = doorman.let_in(person, credential)
                answer = client.generic("GET", address(row, thing), headers=headers)
                heard = set(WORD.findall(contents(answer))) & aviary
                met += [(row.name, relation, credential)] * bool(heard)
    assert met == []


def test_the_canaries_sing(in_the_world, aviary):
    """The builder of the world, who reads everything, meets nearly all of them: the crawl looks where they are."""
    world, doorman = in_the_world
    doorman.let_in_too("builder", world.office)
    heard = set()
    for row in READ:
        if row.thing:
            thing = world.thing(row.thing, row.side, "other", "nobody")
            client, _headers = doorman.let_in("builder", "session")
            heard |= set(WORD.findall(contents(client.generic("GET", address(row, thing)))))
    assert len(heard & aviary) > len(aviary) // 2
