"""The tree under reform: merge, split, a level abolished, another kind, another code."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makers import a_unit
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.sentences import sentence
from tiendo.orgs.actions import move, rename
from tiendo.orgs.actions_reforms import abolish_level, change_kind, merge, recode, split
from tiendo.orgs.models import Kind, Placement, Succession, Unit, UnitCode
from tiendo.orgs.portrait import kind_on
from tiendo.orgs.takeovers import Ending, Heir, Told, as_told, ended_beneath, hindrances

EVE, DAY, LATER = date(2025, 6, 30), date(2025, 7, 1), date(2025, 8, 1)
BASIS = "202/2025/QH15"


class Land:
    """Two provinces, each with its Party committee, a district and a commune in it."""

    def __init__(self, cast):
        self.country = cast.country
        self.north, self.south = self.province("North"), self.province("South")
        self.party = a_unit("Party North", under=self.north, kind=Kind.PARTY)
        self.other_party = a_unit("Party South", under=self.south, kind=Kind.PARTY)
        self.district = a_unit("District", under=self.north, kind=Kind.DISTRICT)
        self.commune = a_unit("Commune", under=self.district, kind=Kind.COMMUNE)

    def province(self, name):
        return a_unit(name, under=self.country, kind=Kind.PROVINCE)


@pytest.fixture
def land(cast):
    return Land(cast)


def above(unit, on):
    return Placement.objects.as_of(on).get(unit=unit, tree="state").parent


def where(unit):
    return Unit.objects.get(pk=unit.pk).path


def last_sentences(number=1):
    return " ".join(sentence(entry) for entry in Entry.objects.order_by("-pk")[:number])


class TestMerging:
    def test_all_that_hangs_beneath_goes_along_from_the_day_on(self, cast, land):
        merge([land.north], land.south, by=cast.office, on=DAY, basis=BASIS)

        assert land.north in Unit.objects.as_of(EVE)
        assert land.north not in Unit.objects.as_of(DAY)
        assert (above(land.district, EVE), above(land.district, DAY)) == (land.north, land.south)
        path = f"{land.south.path}{land.district.pk}/{land.commune.pk}/"
        assert where(land.commune) == path
        assert Placement.objects.as_of(DAY).get(unit=land.commune).path == path
        assert land.commune in Unit.objects.within(land.south, on=DAY)
        assert land.commune not in Unit.objects.within(land.south, on=EVE)
        assert where(land.north) == land.north.path  # it keeps the place it had at its end

    def test_an_organ_goes_to_its_counterpart(self, cast, land):
        merge(
            [land.north], land.south, by=cast.office, on=DAY, basis=BASIS,
            organs={land.party: land.other_party},
        )  # fmt: skip

        rows = Succession.objects.filter(on=DAY).values_list("old", "new", "share", "is_default")
        assert set(rows) == {
            (land.north.pk, land.south.pk, Decimal(1), True),
            (land.party.pk, land.other_party.pk, Decimal(1), True),
        }
        assert not Placement.objects.as_of(DAY).filter(unit=land.party).exists()
        assert "South took over North" in last_sentences(2)
        assert BASIS in last_sentences(2)

    def test_an_organ_may_go_to_one_that_moves_along(self, cast, land):
        west = land.province("West")
        kin = a_unit("Party West", under=west, kind=Kind.PARTY)

        merge(
            [land.north, west], land.south, by=cast.office, on=DAY, basis=BASIS,
            organs={kin: land.party},
        )  # fmt: skip

        assert where(land.party) == f"{land.south.path}{land.party.pk}/"

    def test_names_end_the_day_before(self, cast, land):
        UnitCode.objects.create(unit=land.north, system="gso", code="15", starts_on=EVE)

        merge([land.north], land.south, by=cast.office, on=DAY, basis=BASIS)

        assert not land.north.codes.as_of(DAY).exists()
        assert {name.ends_on for name in land.north.names.all()} == {DAY}

    def test_every_tree_is_rehung_and_a_tree_without_room_says_so(self, cast, land):
        for unit in (land.party, land.commune):
            root = unit == land.party
            Placement.objects.create(
                unit=unit, tree="party", parent=None if root else land.party, starts_on=EVE,
                path=f"{land.party.pk}/" + ("" if root else f"{unit.pk}/"),
            )  # fmt: skip
        organs = {land.party: land.other_party}

        with pytest.raises(Refused, match="cannot hang beneath Party South"):
            merge([land.north], land.south, by=cast.office, on=DAY, basis=BASIS, organs=organs)

        Placement.objects.create(
            unit=land.other_party, tree="party", path=f"{land.other_party.pk}/", starts_on=EVE
        )
        merge([land.north], land.south, by=cast.office, on=DAY, basis=BASIS, organs=organs)
        rehung = Placement.objects.as_of(DAY).get(unit=land.commune, tree="party")
        assert rehung.path == f"{land.other_party.pk}/{land.commune.pk}/"

    def test_not_into_what_hangs_beneath_it_or_ends_too(self, cast, land):
        with pytest.raises(Refused, match="cannot hang beneath"):
            merge([land.north], land.commune, by=cast.office, on=DAY, basis=BASIS)
        with pytest.raises(Refused, match="ends itself"):
            merge([land.north, land.south], land.south, by=cast.office, on=DAY, basis=BASIS)
        with pytest.raises(Invalid, match="at least one"):
            merge([], land.south, by=cast.office, on=DAY, basis=BASIS)

    def test_not_while_something_later_is_known(self, cast, land):
        move(land.commune, land.north, by=cast.office, on=LATER)
        with pytest.raises(Refused, match="Commune, beneath North, moves on"):
            merge([land.north], land.south, by=cast.office, on=DAY, basis=BASIS)

        rename(land.south, "vi", "Far South", by=cast.office, on=LATER)
        with pytest.raises(Refused, match="later name"):
            merge([land.south], cast.province, by=cast.office, on=DAY, basis=BASIS)

    def test_who_may_not_arrange_there_is_refused(self, cast, land):
        with pytest.raises(Forbidden):
            merge([land.north], land.south, by=cast.stranger, on=DAY, basis=BASIS)

        assert not Succession.objects.exists()

    def test_a_hundred_units_cost_as_many_statements_to_hang_as_one(self, cast, land):
        """Each unit leaves an entry of its own in the record; the tree is written at once."""
        wide, narrow = land.province("Wide"), land.province("Narrow")
        for unit, number in ((wide, 30), (narrow, 1)):
            for _n in range(number):
                a_unit("Commune", under=unit, kind=Kind.COMMUNE)

        asked = []
        for unit in (narrow, wide):
            with CaptureQueriesContext(connection) as queries:
                merge([unit], land.south, by=cast.office, on=DAY, basis=BASIS)
            asked.append(len(queries))

        assert asked[0] == asked[1]


class TestSplitting:
    def test_the_first_heir_takes_what_nobody_else_was_given(self, cast, land):
        east, west = land.province("East"), land.province("West")
        heirs = [Heir(east, Decimal("0.6")), Heir(west, Decimal("0.4"))]

        split(
            land.north,
            heirs,
            by=cast.office,
            on=DAY,
            basis=BASIS,
            children={land.district.pk: west},
        )

        assert above(land.party, DAY) == east
        assert above(land.district, DAY) == west
        assert where(land.commune).startswith(west.path)
        rows = Succession.objects.filter(old=land.north).order_by("pk")
        assert list(rows.values_list("share", "is_default")) == [
            (Decimal("0.6"), True),
            (Decimal("0.4"), False),
        ]

    @pytest.mark.parametrize(
        ("shares", "said"),
        [
            (("0.6", "0.5"), "add up to 110 %"),
            (("0.5", "0.4"), "add up to 90 %"),
            (("0", None), "above 0"),
            (("1", None), "leave nothing"),
        ],
    )
    def test_shares_add_up_to_one_or_are_unknown(self, cast, land, shares, said):
        units = (land.south, cast.province)
        heirs = [
            Heir(unit, share and Decimal(share)) for unit, share in zip(units, shares, strict=True)
        ]

        with pytest.raises(Refused, match=said):
            split(land.north, heirs, by=cast.office, on=DAY, basis=BASIS)

    def test_one_heir_is_no_split(self, cast, land):
        with pytest.raises(Invalid, match="at least two"):
            split(land.north, [Heir(land.south)], by=cast.office, on=DAY, basis=BASIS)


class TestAbolishing:
    def test_communes_hang_under_the_province(self, cast, land):
        endings = [Ending(land.district, (Heir(land.north, Decimal(1)),))]

        abolish_level(endings, land.north, Kind.DISTRICT, by=cast.office, on=DAY, basis=BASIS)

        assert above(land.commune, DAY) == land.north
        assert where(land.commune) == f"{land.north.path}{land.commune.pk}/"
        assert land.district.successions.get().new == land.north
        assert "abolished beneath North" in last_sentences()

    def test_a_level_is_abolished_only_where_one_may_arrange(self, cast, land):
        endings = [Ending(land.district, (Heir(land.north),))]

        with pytest.raises(Forbidden):
            abolish_level(endings, land.north, Kind.DISTRICT, by=cast.lead, on=DAY, basis=BASIS)


class TestKindsAndCodes:
    def test_a_commune_becomes_a_ward_from_a_day_on(self, cast, land):
        change_kind(land.commune, Kind.WARD, by=cast.office, on=DAY, basis=BASIS)

        unit = Unit.objects.get(pk=land.commune.pk)
        assert (kind_on(unit, EVE), kind_on(unit, DAY), unit.kind) == ("commune", "ward", "ward")
        assert "Ward" in last_sentences()
        with pytest.raises(Refused, match="already of this kind"):
            change_kind(unit, Kind.WARD, by=cast.office, on=LATER, basis=BASIS)
        with pytest.raises(Refused, match="already settled"):
            change_kind(unit, Kind.SPECIAL_ZONE, by=cast.office, on=DAY, basis=BASIS)

    def test_a_code_is_borne_by_one_unit_a_day(self, cast, land):
        recode(land.south, "gso", "15", by=cast.office, on=EVE, basis=BASIS)

        with pytest.raises(Invalid, match="South bears the code 15"):
            recode(land.north, "gso", "15", by=cast.office, on=DAY, basis=BASIS)
        recode(land.south, "gso", "17", by=cast.office, on=DAY, basis=BASIS)
        recode(land.north, "gso", "15", by=cast.office, on=DAY, basis=BASIS)

        bearing = UnitCode.objects.filter(code="15")
        assert [row.unit for row in bearing.as_of(EVE)] == [land.south]
        assert [row.unit for row in bearing.as_of(DAY)] == [land.north]
        with pytest.raises(Invalid, match="new code"):
            recode(land.north, "gso", " ", by=cast.office, on=LATER, basis=BASIS)

    def test_a_stranger_changes_neither(self, cast, land):
        told = {"by": cast.stranger, "on": DAY, "basis": BASIS}

        with pytest.raises(Forbidden):
            change_kind(land.commune, Kind.WARD, **told)
        with pytest.raises(Forbidden):
            recode(land.north, "gso", "15", **told)


class TestWhatTheTreeAlreadySays:
    def test_a_change_that_stands_is_recognised_and_not_written_twice(self, cast, land):
        merge([land.north], land.south, by=cast.office, on=DAY, basis=BASIS)
        told = as_told([Ending(Unit.objects.get(pk=land.north.pk), (Heir(land.south),))], DAY)

        assert told[0].told == Told.WHOLLY
        assert hindrances(told, DAY) == []
        merge([told[0].unit], land.south, by=cast.office, on=DAY, basis=BASIS)
        assert Succession.objects.count() == 1

    def test_other_heirs_or_another_day_are_named(self, cast, land):
        merge([land.north], land.south, by=cast.office, on=DAY, basis=BASIS)
        ended = Unit.objects.get(pk=land.north.pk)

        for heir, day in ((cast.province, DAY), (land.south, LATER)):
            told = as_told([Ending(ended, (Heir(heir),))], day)
            assert "The tree says that North ended" in hindrances(told, day)[0].words

    def test_who_ended_with_it_passes_to_their_own_heirs_or_to_the_heir_above(self, cast, land):
        Unit.objects.filter(pk__in=[land.north.pk, land.party.pk, land.district.pk]).update(
            ends_on=DAY
        )
        Succession.objects.create(old=land.north, new=land.south, on=DAY, is_default=True)
        Succession.objects.create(old=land.party, new=land.other_party, on=DAY, is_default=True)

        endings = ended_beneath([land.north], DAY)

        assert {(e.unit, e.heir) for e in endings} == {
            (land.north, land.south),
            (land.party, land.other_party),
            (land.district, land.south),
        }
        assert endings[0].unit == land.north
