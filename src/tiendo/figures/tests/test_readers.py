import json
from datetime import UTC, date, datetime, timedelta

import pytest

from makers import an_issued
from tiendo.figures.lights import light
from tiendo.figures.readers import figure_json
from tiendo.figures.registry import FIGURES
from tiendo.figures.tests.journal import DAWN, days, done, issued, lay
from tiendo.kit.permission import roots
from tiendo.kit.refusals import Invalid
from tiendo.tasks import actions

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def said(cast, key, **asked):
    answer = figure_json(key, roots(cast.office, "figures.view"), now=NOW, **asked)
    return json.loads(json.dumps(answer))


class TestJson:
    def test_the_rate_is_given_with_what_it_was_divided_from(self, cast):
        lay(cast, [[issued(), *done(issued(), DAWN + days(9), DAWN + days(10))]] * 2 + [[issued()]])

        answer = said(cast, "tasks.of_due", on="2025-07-01", programme="57-NQ/TW")

        assert answer["percent"] == "66.67"
        assert (answer["numerator"], answer["denominator"]) == (2, 3)
        assert answer["true_on"] == "2025-07-01"
        assert answer["set"]["programme"] == "57-NQ/TW"
        assert answer["rule_version"] == "1"

    def test_a_day_alone_means_known_at_its_last_instant_and_true_on_it(self, cast):
        lay(cast, [[issued(), *done(issued(), DAWN + days(9), DAWN + days(10))]])

        judged_on = (DAWN + days(10)).date()
        before = said(cast, "tasks.cells", known=str(judged_on - timedelta(days=1)))
        after = said(cast, "tasks.cells", known=str(judged_on))

        assert (before["numbers"]["done"], after["numbers"]["done"]) == (0, 1)
        assert before["true_on"] == str(judged_on - timedelta(days=1))

    @pytest.mark.parametrize("key", FIGURES)
    def test_every_figure_can_be_written_as_json(self, cast, key):
        lay(cast, [[issued(due_on=date(2025, 6, 1))]], is_key=True)
        actions.refuse(an_issued(cast).lead, by=cast.lead, reason="Not ours")

        assert said(cast, key)["figure"] == key

    def test_an_unknown_name_is_refused_with_the_names_that_are_known(self, cast):
        with pytest.raises(Invalid, match=r"tasks\.cells"):
            said(cast, "tasks.guess")


@pytest.mark.parametrize(
    ("late", "due", "given", "colour"),
    [
        (0, 0, 0, "not_applicable"),
        (0, 0, 7, "not_due"),
        (0, 9, 9, "green"),
        (1, 20, 30, "green"),
        (2, 39, 40, "yellow"),
        (3, 20, 20, "yellow"),
        (4, 26, 30, "red"),
    ],
)
def test_the_light_of_late_of_due(late, due, given, colour):
    assert light(late, due, given) == colour
