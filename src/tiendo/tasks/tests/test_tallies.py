"""The tally says what a recount of the journal says, whatever happened."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from makers import a_draft, a_file, a_submission, an_accepted, an_issued
from tiendo.kit import clock
from tiendo.kit.refusals import Refused
from tiendo.tasks import actions, tallies
from tiendo.tasks.models import Move, Tally
from tiendo.tasks.states import ReturnReason

pytestmark = pytest.mark.django_db


def recounted():
    """Part by part, from the last step of each: slow, and written apart from the tally's own ways."""
    last = {move.part_id: move for move in Move.objects.select_related("part__task").order_by("pk")}
    keys = (tallies.key_of(move) for move in last.values())
    return Counter(key for key in keys if key is not None)


def some_life(cast, lot):
    """A task that goes some way: each act may be refused where it stands."""
    task = an_issued(cast, due_in=lot.choice([-3, 2, 40])) if lot.random() < 0.8 else a_draft(cast)
    acts = [
        lambda: actions.accept(task.lead, by=cast.lead),
        lambda: actions.refuse(task.lead, by=cast.lead, reason="Not ours"),
        lambda: actions.report(
            task.lead, by=cast.lead, words="Done", is_final=True, files=(a_file(),)
        ),
        lambda: actions.verify(task.lead.reports.last(), by=cast.verifier),
        lambda: actions.send_back(
            task.lead.reports.last(), by=cast.verifier, reason=ReturnReason.OTHER, note="No"
        ),
        lambda: actions.transfer(task.lead, cast.other_ministry, by=cast.office, reason="Theirs"),
        lambda: actions.suspend(task.lead, by=cast.office, reason="Wait"),
        lambda: actions.drop(task, by=cast.office, reason="Twice"),
    ]
    for act in lot.choices(acts, k=6):
        task.refresh_from_db()
        try:
            act()
        except (Refused, AttributeError):
            continue


def test_whatever_happened_the_tally_says_what_the_journal_says(cast):
    lot = Random(2)
    for _life in range(12):
        some_life(cast, lot)

    assert tallies.said() == recounted()
    assert sum(tallies.said().values()) > 0


def test_a_new_date_moves_a_part_from_one_day_to_another(cast):
    task = an_accepted(cast, due_in=3)
    asked = clock.today() + timedelta(days=30)
    wish = actions.ask_extension(task.lead, by=cast.lead, asked_on=asked, reason="The law is late")
    actions.decide_extension(wish, by=cast.office, granted=True, note="Once")

    (key,) = tallies.said()
    assert (key.due_on, key.first_due_on) == (asked.toordinal(), asked.toordinal() - 27)
    assert tallies.said() == recounted()


def test_folding_changes_no_count_and_leaves_one_row_a_key(cast):
    for _ in range(3):
        a_submission(cast)
    before = tallies.said()

    assert tallies.fold() > 0

    assert tallies.said() == before == recounted()
    assert Tally.objects.count() == len(before)
    assert tallies.fold() == 0


def test_a_rebuilt_tally_says_the_same(cast):
    some_life(cast, Random(7))
    a_submission(cast)
    before = tallies.said()
    Tally.objects.create(
        role="lead", programme=1, given_by=1, unit=1, is_key=0, secrecy="open", stands="open", kept=0,
        due_on=0, first_due_on=0, n=5,
    )  # fmt: skip
    assert tallies.said() != before

    tallies.rebuild()

    assert tallies.said() == before == recounted()
