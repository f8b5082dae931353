from decimal import Decimal

import pytest

from tiendo.figures.arithmetic import rate


class TestRate:
    def test_the_public_table_of_2017_divides_to_its_printed_percents(self):
        done_in_time, done_late, open_in_time, open_late = 14_068, 1_983, 5_640, 223
        done = done_in_time + done_late

        assert done + open_in_time + open_late == 21_914
        assert rate(done, done + open_late) == Decimal("98.63")
        assert rate(done, 21_914) == Decimal("73.25")

    def test_the_quarter_of_tuyen_quang(self):
        assert rate(485, 1_132) == Decimal("42.84")

    @pytest.mark.parametrize(
        ("numerator", "denominator", "percent"),
        [
            (1, 800, "0.13"),  # 0.125 goes up, where half to even would say 0.12
            (-1, 800, "-0.13"),
            (3, 800, "0.38"),
            (0, 7, "0.00"),
            (7, 7, "100.00"),
            (1, 3, "33.33"),
            (2, 3, "66.67"),
        ],
    )
    def test_half_goes_away_from_zero(self, numerator, denominator, percent):
        assert rate(numerator, denominator) == Decimal(percent)

    def test_nobody_divides_by_nothing_and_that_is_not_zero(self):
        assert rate(0, 0) is None

    def test_a_denominator_below_zero_is_our_mistake(self):
        with pytest.raises(ValueError, match="counts rows"):
            rate(1, -1)
