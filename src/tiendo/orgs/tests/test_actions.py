from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from makers import a_person, a_unit
from tiendo.access.capabilities import Role
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.sentences import sentence
from tiendo.orgs.actions import (
    also_called,
    dissolve,
    enter_share,
    found,
    load_pack,
    move,
    rename,
)
from tiendo.orgs.models import SECTOR, Kind, Placement, Unit, UnitName

SPRING, SUMMER, AUTUMN = date(2025, 3, 1), date(2025, 7, 1), date(2025, 10, 1)


@pytest.fixture
def river(cast):
    """A department beneath the ministry, since spring."""
    return founded(cast)


def founded(cast, *, by=None, name="Sở Sông", key="test.river"):
    return found(
        key, Kind.DEPARTMENT, {"vi": name}, by=by or cast.office, beneath=cast.ministry, on=SPRING
    )


def province_of(cast, size):
    """A province with so many communes."""
    province = a_unit(f"Province of {size}", under=cast.country, kind=Kind.PROVINCE)
    for number in range(size):
        a_unit(f"Commune {number}", under=province, kind=Kind.COMMUNE)
    return province


def last_sentence():
    return sentence(Entry.objects.order_by("-pk")[0])


class TestShortNames:
    LONG = "Central Steering Committee for Science, Technology and Innovation"

    @pytest.mark.parametrize(
        ("name", "short", "called"),
        [
            (LONG, "Central Committee", "Central Committee"),
            (LONG, None, LONG),
            ("Ministry of Rivers", "Rivers", "Ministry of Rivers"),
        ],
    )
    def test_a_long_name_gives_way_to_its_short_one_and_a_plain_name_stays(
        self, cast, name, short, called
    ):
        unit = founded(cast, name=name)
        if short:
            unit.names.create(
                language="vi", use=UnitName.Use.SHORT, text=short, folded=short, starts_on=SPRING
            )

        with translation.override("vi"):
            assert unit.short_name == called


class TestFounding:
    def test_the_office_founds_a_unit_beneath_another(self, cast):
        unit = founded(cast)

        assert unit.path == f"{cast.ministry.path}{unit.pk}/"
        assert unit in Unit.objects.within(cast.ministry, on=SPRING)
        assert unit.name_on(SPRING, "vi") == "Sở Sông"
        assert "Sở Sông" in last_sentence()

    def test_a_unit_head_may_not(self, cast):
        with pytest.raises(Forbidden):
            founded(cast, by=cast.lead)

    def test_a_name_is_needed(self, cast):
        with pytest.raises(Invalid, match="name"):
            founded(cast, name=" ")

    def test_a_key_is_used_once(self, cast, river):
        with pytest.raises(Invalid, match="already has the key"):
            founded(cast)


class TestRenaming:
    def test_the_old_name_holds_until_the_day_before(self, cast, river):
        rename(river, "vi", "Sở Suối", by=cast.office, on=SUMMER)

        assert river.name_on(date(2025, 6, 30), "vi") == "Sở Sông"
        assert river.name_on(SUMMER, "vi") == "Sở Suối"
        assert "Sở Suối" in last_sentence()

    def test_a_stranger_may_not(self, cast, river):
        with pytest.raises(Forbidden):
            rename(river, "vi", "Sở Suối", by=cast.stranger, on=SUMMER)

    def test_not_before_a_later_name(self, cast, river):
        rename(river, "vi", "Sở Suối", by=cast.office, on=AUTUMN)

        with pytest.raises(Refused, match="later name"):
            rename(river, "vi", "Sở Hồ", by=cast.office, on=SUMMER)

    def test_another_writing_is_noted_beside_the_name(self, cast, river):
        also_called(river, "vi", "SS", by=cast.office, on=SPRING)

        assert river.name_on(SPRING, "vi") == "Sở Sông"
        with pytest.raises(Invalid):
            also_called(river, "vi", "", by=cast.office, on=SPRING)


class TestMoving:
    def test_a_branch_moves_with_all_beneath_it(self, cast, river):
        desk = found(
            "test.desk", Kind.OFFICE, {"vi": "Bàn"}, by=cast.office, beneath=river, on=SPRING
        )
        move(river, cast.other_ministry, by=cast.office, on=SUMMER)
        desk.refresh_from_db()

        assert desk.path == f"{cast.other_ministry.path}{river.pk}/{desk.pk}/"
        assert desk in Unit.objects.within(cast.ministry, on=SPRING)
        assert desk not in Unit.objects.within(cast.ministry, on=SUMMER)
        assert desk in Unit.objects.within(cast.other_ministry, on=SUMMER)
        assert "Ministry of Roads" in last_sentence()

    def test_where_it_hangs_already_it_is_not_moved(self, cast, river):
        with pytest.raises(Refused, match="already hangs there"):
            move(river, cast.ministry, by=cast.office, on=SUMMER)

    def test_three_units_and_three_hundred_cost_the_same_number_of_statements(self, cast):
        few, many = (province_of(cast, size) for size in (3, 300))

        with CaptureQueriesContext(connection) as small:
            move(few, cast.other_ministry, by=cast.office, on=SUMMER)
        with CaptureQueriesContext(connection) as large:
            move(many, cast.other_ministry, by=cast.office, on=SUMMER)

        assert len(large) == len(small)
        assert Unit.objects.within(many, on=SUMMER).count() == 301
        assert Unit.objects.within(many, on=SPRING).count() == 301
        assert (
            Unit.objects.filter(path__startswith=f"{cast.other_ministry.path}{many.pk}/").count()
            == 301
        )

    def test_in_another_tree_it_hangs_apart_and_rights_stay_where_they_were(self, cast, river):
        with pytest.raises(Invalid, match="does not hang in this tree"):
            move(river, cast.ministry, by=cast.office, on=SPRING, tree=SECTOR)
        Placement.objects.create(
            unit=cast.ministry, tree=SECTOR, path=f"{cast.ministry.pk}/", starts_on=SPRING
        )
        move(river, cast.ministry, by=cast.office, on=SPRING, tree=SECTOR)
        path = river.path

        assert river in Unit.objects.within(cast.ministry, on=SPRING, tree=SECTOR)
        assert river in Unit.objects.within(cast.ministry, tree=SECTOR)
        assert river not in Unit.objects.within(cast.country, on=SPRING, tree=SECTOR)
        move(river, cast.province, by=cast.office, on=SUMMER)
        assert river in Unit.objects.within(cast.ministry, on=SUMMER, tree=SECTOR)
        assert river.path != path

    def test_never_beneath_itself(self, cast, river):
        desk = found(
            "test.desk", Kind.OFFICE, {"vi": "Bàn"}, by=cast.office, beneath=river, on=SPRING
        )

        with pytest.raises(Refused, match="beneath itself"):
            move(river, desk, by=cast.office, on=SUMMER)

    def test_not_before_something_beneath_it_moved(self, cast, river):
        move(river, cast.other_ministry, by=cast.office, on=AUTUMN)

        with pytest.raises(Refused, match="later day"):
            move(river, cast.province, by=cast.office, on=AUTUMN)

    def test_only_who_may_arrange_both_ends(self, cast, river):
        local = a_person("Local", role=Role.STANDING_OFFICE, over=cast.ministry)

        with pytest.raises(Forbidden):
            move(river, cast.other_ministry, by=local, on=SUMMER)


class TestDissolving:
    def test_heirs_take_over_and_the_first_counts(self, cast, river):
        heirs = [(cast.other_ministry, Decimal("0.6")), (cast.province, None)]
        dissolve(river, by=cast.office, on=SUMMER, heirs=heirs, basis="5/2025")

        assert not Unit.objects.as_of(SUMMER).filter(pk=river.pk).exists()
        assert not Placement.objects.as_of(SUMMER).filter(unit=river).exists()
        assert [row.new for row in river.successions.filter(is_default=True)] == [
            cast.other_ministry
        ]
        assert "Ministry of Roads, Hill Province" in last_sentence()

    @pytest.mark.parametrize("shares", [("0.6", "0.5"), ("0", None), ("-1", None)])
    def test_shares_must_make_sense(self, cast, river, shares):
        given = [share and Decimal(share) for share in shares]
        heirs = list(zip((cast.other_ministry, cast.province), given, strict=True))

        with pytest.raises(Invalid):
            dissolve(river, by=cast.office, on=SUMMER, heirs=heirs, basis="")

    def test_somebody_must_take_over_and_not_the_unit_itself(self, cast, river):
        with pytest.raises(Invalid, match="takes over"):
            dissolve(river, by=cast.office, on=SUMMER, heirs=[], basis="")
        with pytest.raises(Invalid, match="own heir"):
            dissolve(river, by=cast.office, on=SUMMER, heirs=[(river, None)], basis="")

    def test_not_while_others_hang_beneath(self, cast, river):
        with pytest.raises(Refused, match="still hang"):
            dissolve(
                cast.ministry, by=cast.office, on=SUMMER, heirs=[(cast.province, None)], basis=""
            )

    def test_a_share_learnt_later_is_entered(self, cast, river):
        heirs = [(cast.other_ministry, Decimal("0.6")), (cast.province, None)]
        dissolve(river, by=cast.office, on=SUMMER, heirs=heirs, basis="")
        row = river.successions.get(new=cast.province)

        with pytest.raises(Invalid, match=r"0\.4"):
            enter_share(row, Decimal("0.5"), by=cast.office)
        enter_share(row, Decimal("0.4"), by=cast.office)

        assert river.successions.get(new=cast.province).share == Decimal("0.4")


class TestLoading:
    def test_only_an_administrator_or_the_console_loads_a_pack(self, cast, a_pack, operator):
        with pytest.raises(Forbidden):
            load_pack(a_pack(), by=cast.office)

        assert load_pack(a_pack(), by=operator).units.added == 6
