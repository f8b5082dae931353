from datetime import date
from decimal import Decimal

from tiendo.orgs.lineage import Heir, Lineage

JUNE, JULY, REFORM = date(2025, 6, 30), date(2025, 7, 1), date(2025, 7, 1)


def became(old, new, *, share=None, default=True, on=REFORM):
    return Heir(old, new, on, share and Decimal(share), default)


def lineage(*rows, since=JUNE, until=JULY):
    return Lineage.between(rows, since, until)


class TestModes:
    rows = (became(1, 10), became(2, 10), became(2, 11, default=False), became(3, 12))

    def test_then_each_stands_for_itself(self):
        assert lineage(*self.rows).standing([1, 2], "then") == {1: {1}, 2: {2}}

    def test_now_the_heirs_stand_and_who_went_on_stands_for_itself(self):
        assert lineage(*self.rows).standing([1, 2, 3, 4], "now") == {
            1: {10},
            2: {10, 11},
            3: {12},
            4: {4},
        }

    def test_in_common_units_that_share_an_heir_make_one_block(self):
        assert lineage(*self.rows).standing([1, 2, 3, 4], "common") == {
            1: {10, 11},
            2: {10, 11},
            3: {12},
            4: {4},
        }

    def test_a_reform_of_the_same_day_has_already_happened_on_that_day(self):
        same_day = lineage(*self.rows, since=JULY, until=JULY)

        assert same_day.standing([1], "now") == {1: {1}}

    def test_two_reforms_are_followed_to_the_end(self):
        later = date(2030, 1, 1)
        line = lineage(became(1, 10), became(10, 20, on=later), until=later)

        assert line.heirs_of(1) == {20}
        assert line.default_heir(1) == 20


class TestSplit:
    def test_a_split_unit_is_counted_once_under_its_default_heir(self):
        line = lineage(became(2, 10), became(2, 11, default=False))

        assert line.default_heir(2) == 10

    def test_its_ratio_is_restated_only_when_the_shares_are_known(self):
        unknown = lineage(became(2, 10), became(2, 11, default=False))
        known = lineage(became(2, 10, share="0.7"), became(2, 11, share="0.3", default=False))

        assert unknown.weights(2) is None
        assert known.weights(2) == {10: Decimal("0.7"), 11: Decimal("0.3")}

    def test_shares_that_do_not_make_a_whole_restate_nothing(self):
        half = lineage(became(2, 10, share="0.7"), became(2, 11, default=False, share="0.2"))

        assert half.weights(2) is None

    def test_shares_multiply_through_two_reforms(self):
        later = date(2030, 1, 1)
        line = lineage(
            became(2, 10, share="0.5"),
            became(2, 11, share="0.5", default=False),
            became(10, 20, share="1", on=later),
            until=later,
        )

        assert line.weights(2) == {20: Decimal("0.5"), 11: Decimal("0.5")}
