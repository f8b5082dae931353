"""The arithmetic of who must sit in a council, without a table."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo.orgs.composition import Rule, Share, can_still_be_met, is_sound, judge

THIRD, HALF = Fraction(1, 3), Fraction(1, 2)
COUNCIL = Rule((Share("scientist", least=THIRD), Share("manager", most=HALF)), 4, 10)


def council(scientists=0, managers=0, unknown=0):
    return ["scientist"] * scientists + ["manager"] * managers + [None] * unknown


def verdicts(members, rule=COUNCIL):
    said = judge(members, rule)
    return [line.verdict for line in said.lines], said.verdict


class TestJudging:
    def test_people_are_whole_so_at_least_rounds_up_and_at_most_down(self):
        share = Share("scientist", least=THIRD, most=THIRD)

        assert (share.needed(10), share.allowed(10)) == (4, 3)
        assert (share.needed(9), share.allowed(9)) == (3, 3)

    def test_a_council_that_is_short_says_by_how_many(self):
        said = judge(council(scientists=2, managers=4) + ["other"] * 4, COUNCIL)

        assert [(line.verdict, line.gap) for line in said.lines] == [("short", 2), ("met", 0)]
        assert said.verdict == "short"

    def test_one_that_has_too_many_says_by_how_many(self):
        said = judge(council(scientists=3, managers=5), COUNCIL)

        assert [(line.verdict, line.gap) for line in said.lines] == [("met", 0), ("over", 1)]

    def test_a_third_of_three_is_exactly_one(self):
        assert verdicts(council(scientists=1) + ["other"] * 2)[0][0] == "met"

    def test_members_nobody_placed_leave_a_line_open_only_where_they_could_decide_it(self):
        assert verdicts(council(scientists=1, managers=1, unknown=4)) == (
            ["unknown", "unknown"], "unknown",
        )  # fmt: skip
        assert verdicts(council(scientists=0, managers=5, unknown=1))[0] == ["short", "over"]
        assert verdicts(council(scientists=3, managers=1, unknown=2))[0] == ["met", "met"]

    def test_a_committee_without_members_is_judged_by_its_size_alone(self):
        said = judge([], COUNCIL)

        assert [line.verdict for line in said.lines] == ["nobody", "nobody"]
        assert (said.size_verdict, said.size_gap) == ("short", 4)
        assert judge([], Rule((Share("scientist", least=HALF),))).verdict == "met"

    def test_a_size_is_met_or_missed_by_so_many(self):
        assert judge(council(scientists=12), COUNCIL).size_gap == 2
        assert judge(council(scientists=4), COUNCIL).size_verdict == "met"


class TestStillPossible:
    def test_a_full_table_that_fails_can_no_longer_be_met_by_adding(self):
        assert not can_still_be_met(council(scientists=2) + ["other"] * 7, COUNCIL)
        assert can_still_be_met(council(scientists=2) + ["other"] * 6, COUNCIL)

    def test_too_many_of_a_group_are_diluted_while_seats_are_free(self):
        assert can_still_be_met(council(managers=5), COUNCIL)
        assert not can_still_be_met(council(managers=6), COUNCIL)

    def test_without_a_largest_size_more_can_always_come(self):
        assert can_still_be_met(["other"] * 50, Rule((Share("scientist", least=HALF),)))

    @pytest.mark.parametrize(
        ("shares", "sound"),
        [
            ((Share("a", least=Fraction(3, 5)), Share("b", least=HALF)), False),
            ((Share("a", least=HALF), Share("b", least=HALF)), True),
            ((Share("a", least=Fraction(1, 7)),), True),
        ],
    )
    def test_a_rule_nobody_could_meet_is_not_sound(self, shares, sound):
        assert is_sound(Rule(shares, 2, 9)) is sound

    @given(
        st.lists(st.sampled_from(["a", "b", None]), max_size=12),
        st.fractions(0, 1, max_denominator=9),
        st.fractions(0, 1, max_denominator=9),
    )
    def test_what_is_met_within_its_size_can_be_met(self, members, least, most):
        rule = Rule((Share("a", least=least), Share("b", most=most)), None, 12)
        if judge(members, rule).verdict == "met" and members:
            assert can_still_be_met(members, rule)
