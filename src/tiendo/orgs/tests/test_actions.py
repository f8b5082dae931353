from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from makers import a_person
from tiendo.access.capabilities import Role
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.sentences import sentence
from tiendo.orgs.actions import (
    also_called,
    appoint,
    dissolve,
    enter_share,
    found,
    leave,
    load_pack,
    move,
    open_post,
    rename,
)
from tiendo.orgs.models import Kind, Placement, Post, Unit, UnitName

SPRING, SUMMER, AUTUMN = date(2025, 3, 1), date(2025, 7, 1), date(2025, 10, 1)


@pytest.fixture
def river(cast):
    """A department beneath the ministry, since spring."""
    return founded(cast)


def founded(cast, *, by=None, name="Sở Sông", key="test.river"):
    return found(
        key, Kind.DEPARTMENT, {"vi": name}, by=by or cast.office, beneath=cast.ministry, on=SPRING
    )


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


class TestPosts:
    def test_a_person_takes_a_post_and_leaves_it(self, cast, river):
        post = open_post(river, Post.Kind.HEAD, by=cast.office, title="Giám đốc")
        tenure = appoint(cast.nobody, post, by=cast.office, on=SPRING)
        leave(tenure, by=cast.office, on=SUMMER)

        assert post.tenures.as_of(date(2025, 6, 30)).exists()
        assert not post.tenures.as_of(SUMMER).exists()
        assert "Giám đốc" in last_sentence()

    def test_nobody_holds_a_post_twice_or_backwards(self, cast, river):
        post = open_post(river, Post.Kind.HEAD, by=cast.office)
        tenure = appoint(cast.nobody, post, by=cast.office, on=SPRING)

        with pytest.raises(Refused, match="already holds"):
            appoint(cast.nobody, post, by=cast.office, on=SUMMER)
        with pytest.raises(Invalid):
            leave(tenure, by=cast.office, on=SPRING)
        with pytest.raises(Invalid):
            appoint(cast.lead, post, by=cast.office, on=SUMMER, ends_on=SUMMER)

    def test_a_unit_head_opens_none(self, cast, river):
        with pytest.raises(Forbidden):
            open_post(river, Post.Kind.HEAD, by=cast.lead)


class TestLoading:
    def test_only_an_administrator_or_the_console_loads_a_pack(self, cast, a_pack, operator):
        with pytest.raises(Forbidden):
            load_pack(a_pack(), by=cast.office)

        assert load_pack(a_pack(), by=operator).units.added == 6
