"""Viet Nam as the pack tells it, on the days before and after its reforms."""

from collections import Counter
from datetime import date

import pytest

from makers import a_person
from tiendo.orgs import reads
from tiendo.orgs.models import Placement, Succession, Tile, Unit, UnitCode

JUNE, JULY = date(2025, 6, 30), date(2025, 7, 1)
JANUARY, MARCH = date(2025, 1, 20), date(2025, 3, 4)
COMMUNES = ("commune", "ward", "special_zone")


def counted(day, *kinds):
    return Unit.objects.as_of(day).filter(kind__in=kinds).count()


def bearer(code, day):
    (unit,) = reads.with_code("gso", code, day)
    return unit.key


class TestSums:
    def test_until_june_there_are_63_provinces_696_districts_and_10035_communes(self, vn):
        assert counted(JUNE, "province") == 63
        assert counted(JUNE, "district") == 696
        assert counted(JUNE, *COMMUNES) == 10_035

    def test_since_july_there_are_34_provinces_no_district_and_3321_communes(self, vn):
        assert counted(JULY, "province") == 34
        assert counted(JULY, "district") == 0
        assert [counted(JULY, kind) for kind in COMMUNES] == [2_621, 687, 13]

    def test_new_tuyen_quang_has_124_communes_and_its_own_organs(self, vn):
        inside = Unit.objects.within(vn("vn.p.tuyen-quang"), on=JULY)

        assert Counter(inside.values_list("kind", flat=True)) == {
            "commune": 117,
            "ward": 7,
            "province": 1,
            "party": 1,
            "department": 1,
        }

    def test_ha_giang_held_its_districts_and_communes_until_june(self, vn):
        inside = Unit.objects.within(vn("vn.p.ha-giang"), on=JUNE)

        assert inside.filter(kind="district").count() == 11
        assert not Unit.objects.within(vn("vn.p.ha-giang"), on=JULY).exists()

    def test_the_tree_has_one_root_each_day(self, vn):
        for day in (JANUARY, JUNE, JULY):
            roots = Placement.objects.as_of(day).filter(tree="state", parent=None)
            assert [place.unit.key for place in roots] == ["vn"]

    def test_every_unit_of_a_day_hangs_in_the_tree_that_day(self, vn):
        for day in (JANUARY, JUNE, JULY):
            placed = Placement.objects.as_of(day).filter(tree="state")
            assert placed.count() == Unit.objects.as_of(day).count()

    def test_the_party_tree_leads_from_the_centre_to_each_province(self, vn):
        beneath = Unit.objects.within(vn("vn.party.cc"), on=JULY, tree="party")

        assert beneath.filter(key__endswith=".party").count() == 34

    def test_the_central_committee_of_resolution_57_hangs_beneath_the_politburo(self, vn):
        beneath = Unit.objects.within(vn("vn.party.politburo"), on=JULY, tree="party")

        assert vn("vn.csc.council") in beneath
        assert vn("vn.csc").committee.standing_offices.get().unit == vn("vn.csc.standing")

    def test_each_sector_is_headed_by_its_ministry_and_science_reaches_the_provinces(self, vn):
        tops = Placement.objects.as_of(JULY).filter(tree="sector", parent=None)
        beneath = Unit.objects.within(vn("vn.m.most"), on=JULY, tree="sector")
        before = Unit.objects.within(vn("vn.m.most"), on=JUNE, tree="sector")

        assert {place.unit.kind for place in tops.select_related("unit")} == {"ministry"}
        assert beneath.filter(kind="department").count() == 34
        assert before.filter(kind="department").count() == 63
        assert vn("vn.p.ha-giang.dost") not in beneath

    def test_every_province_of_today_has_a_tile_of_its_own(self, vn):
        tiles = set(Tile.objects.values_list("column", "row"))
        provinces = Unit.objects.as_of(JULY).filter(kind="province")

        assert len(tiles) == provinces.filter(tile__isnull=False).count() == 34

    def test_every_commune_of_today_has_a_point_and_all_but_two_an_area(self, vn):
        today = Unit.objects.as_of(JULY).filter(kind__in=COMMUNES)

        assert not today.filter(lat=None).exists()
        assert today.filter(area_km2=None).count() == 2


class TestCodes:
    def test_code_15_is_yen_bai_on_30_june_and_lao_cai_the_day_after(self, vn):
        assert bearer("15", JUNE) == "vn.p.yen-bai"
        assert bearer("15", JULY) == "vn.p.lao-cai"
        assert bearer("10", JUNE) == "vn.p.lao-cai"
        assert reads.with_code("gso", "10", JULY) == []

    @pytest.mark.parametrize(
        ("code", "before", "after"),
        [
            ("24", "bac-giang", "bac-ninh"),
            ("44", "quang-binh", "quang-tri"),
            ("52", "binh-dinh", "gia-lai"),
            ("80", "long-an", "tay-ninh"),
            ("82", "tien-giang", "dong-thap"),
            ("91", "kien-giang", "an-giang"),
        ],
    )
    def test_six_more_codes_changed_their_meaning(self, vn, code, before, after):
        assert bearer(code, JUNE) == f"vn.p.{before}"
        assert bearer(code, JULY) == f"vn.p.{after}"

    def test_a_province_that_goes_on_is_the_same_unit(self, vn):
        assert bearer("08", JUNE) == bearer("08", JULY) == "vn.p.tuyen-quang"

    def test_every_place_of_a_day_has_one_code_and_no_code_two_places(self, vn):
        for day in (JUNE, JULY):
            codes = UnitCode.objects.as_of(day).filter(system="gso")
            bearers = Counter(codes.values_list("code", flat=True))
            assert len(bearers) == counted(day, "province", "district", *COMMUNES)
            assert set(bearers.values()) == {1}


class TestPaths:
    def test_a_branch_never_swallows_a_number_that_begins_alike(self, vn):
        by_path = dict(Unit.objects.as_of(JULY).values_list("pk", "path"))
        for key in ("vn.party", "vn.na", "vn.p.ha-noi"):
            node = vn(key)
            inside = set(Unit.objects.as_of(JULY).within(node).values_list("pk", flat=True))
            truly = {pk for pk, path in by_path.items() if str(node.pk) in path.split("/")}
            assert inside == truly

    def test_1_3_does_not_reach_into_1_34(self, db):
        one, three, thirty_four, child = (
            Unit.objects.create(pk=pk, key=f"t{pk}", kind="body", path=path, begins_on=JUNE)
            for pk, path in (
                (900001, "1/"),
                (900003, "1/3/"),
                (900034, "1/34/"),
                (900005, "1/3/5/"),
            )
        )

        assert set(Unit.objects.within(three)) == {three, child}
        assert thirty_four in Unit.objects.within(one)


class TestStandingOverTheApi:
    def rows(self, client, **asked):
        client.force_login(a_person())
        answer = client.get("/api/v1/units/standing", {"to": JULY, "limit": 500, **asked})
        return answer.json()["items"]

    def test_code_15_of_june_is_yen_bai_and_lao_cai_stands_for_it(self, vn, client):
        (row,) = self.rows(client, day=JUNE, mode="now", code="15")

        assert row["unit"]["key"] == "vn.p.yen-bai"
        assert [one["key"] for one in row["stand"]] == ["vn.p.lao-cai"]
        assert row["shares"] == [{"unit": vn("vn.p.lao-cai").pk, "share": "1"}]

    def test_code_15_of_july_is_lao_cai_which_stands_for_itself(self, vn, client):
        (row,) = self.rows(client, day=JULY, mode="now", code="15")

        assert row["unit"]["key"] == "vn.p.lao-cai"
        assert [one["key"] for one in row["stand"]] == ["vn.p.lao-cai"]


class TestSuccession:
    def test_ha_giang_is_taken_over_whole_by_tuyen_quang(self, vn):
        gone, heir = vn("vn.p.ha-giang"), vn("vn.p.tuyen-quang")

        assert gone.ends_on == JULY
        assert reads.heirs(gone) == [heir]
        assert gone in reads.ancestors(heir)
        assert reads.standing(JUNE, "now", JULY, [gone.pk, heir.pk]) == {
            gone.pk: {heir.pk},
            heir.pk: {heir.pk},
        }

    def test_its_party_committee_and_its_department_pass_on_too(self, vn):
        for organ in ("party", "dost"):
            assert reads.heirs(vn(f"vn.p.ha-giang.{organ}")) == [vn(f"vn.p.tuyen-quang.{organ}")]

    def test_no_commune_of_june_is_lost_and_none_is_counted_twice(self, vn):
        communes = Unit.objects.as_of(JUNE).filter(kind__in=COMMUNES)
        units = list(communes.values_list("pk", flat=True))
        counted_under = reads.counted(JUNE, JULY, units)

        assert len(counted_under) == 10_035
        today = set(Unit.objects.as_of(JULY).values_list("pk", flat=True))
        assert set(counted_under.values()) <= today

    def test_a_split_commune_counts_once_and_its_ratio_waits_for_the_shares(self, vn):
        old = split_communes()[0]
        (now,) = reads.standing(JUNE, "now", JULY, [old]).values()
        (common,) = reads.standing(JUNE, "common", JULY, [old]).values()

        assert len(now) > 1
        assert now <= common
        assert reads.counted(JUNE, JULY, [old])[old] in now
        assert reads.shares(JUNE, JULY, [old]) == {old: None}

    def test_442_communes_were_split_and_each_has_one_default_heir(self, vn):
        split = split_communes()
        defaults = Succession.objects.filter(old__in=split, is_default=True)

        assert len(split) == 442
        assert defaults.count() == 442

    def test_blocks_in_common_never_share_a_unit(self, vn):
        units = Unit.objects.as_of(JUNE).filter(kind__in=COMMUNES).values_list("pk", flat=True)
        blocks = set(reads.standing(JUNE, "common", JULY, list(units)).values())

        assert sum(len(block) for block in blocks) == len(frozenset().union(*blocks)) == 3_321 - 5

    def test_no_commune_crosses_the_border_of_a_new_province(self, vn):
        heirs = dict(Succession.objects.filter(is_default=True).values_list("old", "new"))
        paths = dict(Unit.objects.values_list("pk", "path"))
        provinces = set(Unit.objects.filter(kind="province").values_list("pk", flat=True))

        def province(unit):
            home = next(pk for pk in map(int, paths[unit].split("/")[:-1]) if pk in provinces)
            return heirs.get(home, home)

        rows = Succession.objects.filter(old__kind__in=COMMUNES).values_list("old", "new")
        assert all(province(old) == province(new) for old, new in rows)

    def test_five_island_districts_without_communes_became_special_zones(self, vn):
        origins = Succession.objects.filter(new__kind="special_zone", old__kind="district")
        names = {row.old.name_on(JUNE, "vi").removeprefix("Huyện ") for row in origins}

        assert names == {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}

    def test_an_unchanged_commune_goes_on_beneath_its_province(self, vn):
        unit = vn("vn.c.00919")

        assert unit.ends_on is None
        assert not unit.successions.exists()
        assert unit in Unit.objects.within(vn("vn.p.ha-giang"), on=JUNE)
        assert unit in Unit.objects.within(vn("vn.p.tuyen-quang"), on=JULY)


def split_communes():
    old = Succession.objects.filter(old__kind__in=COMMUNES).values_list("old", flat=True)
    return sorted(pk for pk, times in Counter(old).items() if times > 1)


class TestCentre:
    def test_eighteen_ministries_and_four_agencies_in_january_fourteen_and_three_in_march(self, vn):
        assert counted(JANUARY, "ministry") == 18 + 4
        assert counted(MARCH, "ministry") == 14 + 3

    @pytest.mark.parametrize(
        ("old", "heir"),
        [
            ("information-communications", "most"),
            ("planning-investment", "finance"),
            ("transport", "construction"),
            ("natural-resources", "agriculture-environment"),
            ("agriculture-rural", "agriculture-environment"),
            ("labour", "home-affairs"),
        ],
    )
    def test_each_ministry_that_ended_has_its_default_heir(self, vn, old, heir):
        gone, after = vn(f"vn.m.{old}"), vn(f"vn.m.{heir}")

        assert gone.exists_on(JANUARY)
        assert not gone.exists_on(date(2025, 3, 1))
        assert reads.counted(JANUARY, MARCH, [gone.pk]) == {gone.pk: after.pk}

    def test_the_names_are_given_in_four_languages(self, vn):
        most = vn("vn.m.most")

        assert [most.name_on(MARCH, language) for language in ("vi", "en", "fr", "ru")] == [
            "Bộ Khoa học và Công nghệ",
            "Ministry of Science and Technology",
            "ministère des Sciences et de la Technologie",
            "Министерство науки и технологий",
        ]

    def test_hue_was_called_thua_thien_hue_until_2025(self, vn):
        hue = vn("vn.p.hue")

        assert hue.name_on(date(2024, 12, 31), "vi") == "Tỉnh Thừa Thiên Huế"
        assert hue.name_on(date(2025, 1, 1), "vi") == "Thành phố Huế"

    def test_the_pack_loads_in_a_few_seconds_and_says_how_much_it_brought(self, vn, loaded):
        assert loaded.units.added == Unit.objects.filter(key__startswith="vn").count() == 14_191
