import json
from datetime import date

import pytest

from tiendo.ledger.models import Entry
from tiendo.ledger.proof import root_of
from tiendo.orgs.actions import load_pack, rename
from tiendo.orgs.models import Committee, Placement, Unit, UnitCode, UnitName
from tiendo.orgs.pack import PackBroken, read

BROKEN = [
    ("units.csv", "land.p.a,province", "land.p.a,kingdom", 3, "is not one of"),
    ("units.csv", "land.p.b,province", "land.p.a,province", 4, "stands twice"),
    (
        "units.csv",
        "2000-01-01,2025-07-01,\nland.c.1",
        "2025-13-01,2025-07-01,\nland.c.1",
        4,
        "not a day",
    ),
    ("units.csv", "02,2000-01-01,2025-07-01", "02,2025-07-01,2025-07-01", 4, "does not come after"),
    ("units.csv", "Tỉnh Lâm Yên", "", 4, "is empty"),
    ("units.csv", "21.5", "121.5", 3, "does not lie between"),
    ("units.csv", "21.5", "nan", 3, "does not lie between"),
    ("units.csv", "21.5", "north", 3, "is not a number"),
    ("units.csv", "Xã Hòa,land.p.b", "Xã Hòa,land.p.z", 5, "No unit has the key"),
    ("units.csv", "Xã Hòa,land.p.b", "Xã Hòa,land.c.2", 5, "did not exist all that time"),
    ("units.csv", "Tỉnh Hà An,land,", "Tỉnh Hà An,land.p.a,", 3, "beneath itself"),
    ("units.csv", "Tỉnh Hà An,land,", "Tỉnh Hà An,,", 3, "hangs nowhere"),
    ("units.csv", "land.c.1,", "sea.c.1,", 5, "must begin with"),
    ("units.csv", "name,parent", "name,mother", 1, "cannot stand here"),
    ("units.csv", "key,kind,name", "key,kind,title", 1, "is missing"),
    ("units.csv", "land.c.1,commune,", "land.c.1,commune,x,", 5, "9 cells under 8"),
    ("codes.csv", "01,2000-01-01,2025-07-01", "02,2000-01-01,2025-07-01", 4, "also means"),
    ("codes.csv", "2025-07-01,\n", "1999-07-01,\n", 3, "did not exist all that time"),
    ("successions.csv", ",,yes,1/2025", ",,,1/2025", 4, "exactly one default heir"),
    (
        "successions.csv",
        "land.p.b,land.p.a,2025-07-01",
        "land.p.b,land.p.a,2025-07-02",
        2,
        "does not end on",
    ),
    ("successions.csv", "2025-07-01,1,yes", "2025-07-01,1.5,yes", 2, "does not lie between"),
    ("successions.csv", "2025-07-01,1,yes", "2025-07-01,0,yes", 2, "above 0"),
    ("placements.csv", "state,land.p.b", "family,land.p.b", 2, "is not one of"),
    ("pack.json", '"root": "land"', '"root": "sea"', 2, "must begin with"),
    ("pack.json", "units.csv", "../units.csv", 1, "cannot stand here"),
    ("pack.json", "codes.csv", "gone.csv", 1, "cannot be read"),
    ("pack.json", '"version"', "version", 1, "not correct JSON"),
]


class TestBroken:
    @pytest.mark.parametrize(("file", "was", "becomes", "line", "reason"), BROKEN)
    def test_a_broken_pack_is_refused_with_its_line_and_changes_nothing(
        self, a_pack, operator, file, was, becomes, line, reason
    ):
        load_pack(a_pack(), by=operator)
        before = everything()

        with pytest.raises(PackBroken, match=reason) as refused:
            load_pack(a_pack(file, was, becomes), by=operator)

        assert refused.value.line == line
        assert refused.value.file in (file, "units.csv", "gone.csv")
        assert "nothing was changed" in str(refused.value)
        assert everything() == before

    def test_a_file_in_another_writing_is_refused(self, a_pack):
        folder = a_pack()
        (folder / "units.csv").write_bytes("key,kind,name\nxã".encode("utf-16"))

        with pytest.raises(PackBroken, match="UTF-8"):
            read(folder)

    def test_a_folder_without_a_pack_is_refused(self, tmp_path):
        with pytest.raises(PackBroken, match="cannot be read"):
            read(tmp_path)


def with_more(folder, holds, text):
    """The small pack with one more file."""
    manifest = json.loads((folder / "pack.json").read_text())
    manifest["files"].append({"path": f"more_{holds}.csv", "holds": holds})
    (folder / "pack.json").write_text(json.dumps(manifest))
    (folder / f"more_{holds}.csv").write_text(text, encoding="utf-8")
    return folder


COMMITTEE = "land.k,committee,Ban,land,,2025-01-01,,\n"
HEAD = "key,tree,parent,starts_on,ends_on\n"
COMMITTEES = "key,type,level,serves,basis,standing_office\n"


class TestTrees:
    """The Party's tree and the sectors' are checked like the State's."""

    @pytest.mark.parametrize(
        ("holds", "text", "reason"),
        [
            ("placements", "land.p.a,party,,2000-01-01,\nland.c.2,party,land.p.b,2025-07-01,\n",
             "did not exist all that time"),
            ("placements", "land.c.2,party,land.p.a,2025-07-01,\n", "does not hang in this tree"),
            ("placements", "land.p.a,party,,2026-01-01,\nland.c.2,party,land.p.a,2025-07-01,\n",
             "does not hang in this tree"),
            ("placements", "land.p.a,sector,,2000-01-01,\nland.p.a,sector,,2020-01-01,\n",
             "two places of one tree"),
            ("placements", "land.p.a,sector,land.c.2,2025-07-01,\nland.c.2,sector,land.p.a,2025-07-01,\n",
             "beneath itself"),
            ("committees", "land.p.a,steering,central,land,,\n", "not of the kind"),
            ("committees", "land.k,parliament,central,land,,\n", "is not one of"),
            ("committees", "land.k,steering,village,land,,\n", "is not one of"),
            ("committees", "land.k,steering,central,sea,,\n", "No unit has the key"),
            ("committees", "land.k,steering,central,land,,sea\n", "No unit has the key"),
            ("committees", "land.k,steering,central,land,,\nland.k,council,central,land,,\n", "stands twice"),
            ("tiles", "land.p.a,1,1\nland.p.b,1,1\n", "already stands in this place"),
            ("tiles", "land.p.a,1,1\nland.p.a,2,1\n", "already stands in this place"),
            ("tiles", "land.p.a,6,1\n", "does not lie between"),
            ("tiles", "land.p.a,x,1\n", "is not a number"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_with_its_line(self, a_pack, operator, holds, text, reason):
        head = {"placements": HEAD, "committees": COMMITTEES, "tiles": "key,column,row\n"}
        folder = a_pack("units.csv", "land.c.3,", f"{COMMITTEE}land.c.3,")

        with pytest.raises(PackBroken, match=reason) as refused:
            load_pack(with_more(folder, holds, head[holds] + text), by=operator)

        assert refused.value.file == f"more_{holds}.csv" or "itself" in reason
        assert not Unit.objects.exists()

    def test_a_unit_may_hang_apart_in_each_tree(self, a_pack, operator):
        rows = "land.p.a,sector,,2000-01-01,\nland.c.2,sector,land.p.a,2025-07-01,\n"
        load_pack(with_more(a_pack(), "placements", HEAD + rows), by=operator)
        head = Unit.objects.get(key="land.p.a")

        beneath = Unit.objects.within(head, tree="sector")
        assert {unit.key for unit in beneath} == {"land.p.a", "land.c.2"}
        assert Unit.objects.within(Unit.objects.get(key="land"), tree="sector").count() == 0

    def test_committees_and_their_standing_offices_come_with_it_and_come_once(
        self, a_pack, operator
    ):
        folder = a_pack("units.csv", "land.c.3,", f"{COMMITTEE}land.c.3,")
        with_more(
            folder, "committees", f"{COMMITTEES}land.k,steering,central,land,1/2025,land.p.a\n"
        )
        with_more(folder, "tiles", "key,column,row\nland.p.a,2,3\n")

        first, second = load_pack(folder, by=operator), load_pack(folder, by=operator)
        committee = Committee.objects.get(unit__key="land.k")

        assert (first.committees.added, first.tiles.added, second.nothing) == (2, 1, True)
        assert (committee.type, committee.serves.key) == ("steering", "land")
        assert committee.standing_offices.get().unit.key == "land.p.a"
        assert committee.standing_offices.get().starts_on == date(2025, 1, 1)


class TestLoading:
    def test_a_second_time_nothing_changes_and_nothing_is_written(
        self, a_pack, operator, django_assert_max_num_queries
    ):
        first = load_pack(a_pack(), by=operator)
        before = everything()
        with django_assert_max_num_queries(20) as asked:
            second = load_pack(a_pack(), by=operator)

        assert first.units.added == 6
        assert second.nothing
        assert second.units.unchanged == 6
        assert everything() == before
        assert not [q for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]

    def test_a_corrected_pack_changes_what_differs_and_says_so(self, a_pack, operator):
        load_pack(a_pack(), by=operator)
        changes = load_pack(a_pack("units.csv", "Xã Thủy", "Xã Thuận"), by=operator)

        assert (changes.names.changed, changes.names.added) == (4, 0)
        assert Unit.objects.get(key="land.c.2").name_on(None, "vi") == "Xã Thuận"

    def test_the_record_holds_one_entry_with_the_hash_of_the_files(self, a_pack, operator):
        load_pack(a_pack(), by=operator)
        load_pack(a_pack(), by=operator)

        (entry,) = Entry.objects.filter(act="orgs.pack_loaded")
        assert entry.facts["sha256"] == read(a_pack()).fingerprint
        assert entry.facts["root"] == root_of(read(a_pack()).rows())
        assert entry.facts["root"] != root_of(list(read(a_pack()).rows())[1:])
        assert entry.facts["units"] == 6

    def test_another_byte_is_another_hash(self, a_pack):
        assert read(a_pack()).fingerprint != read(a_pack("units.csv", "21.5", "21.50")).fingerprint

    def test_what_an_office_renamed_since_is_not_undone(self, a_pack, operator):
        load_pack(a_pack(), by=operator)
        unit = Unit.objects.get(key="land.c.2")
        rename(unit, "vi", "Phường Thủy", by=operator, on=unit.begins_on.replace(year=2027))

        assert load_pack(a_pack(), by=operator).nothing
        assert Unit.objects.get(key="land.c.2").name_on(None, "vi") == "Phường Thủy"

    def test_names_abroad_are_derived_and_say_so(self, a_pack, operator):
        load_pack(a_pack(), by=operator)
        names = UnitName.objects.filter(unit__key="land.p.a").order_by("language")

        assert [(n.language, n.text, n.derived) for n in names] == [
            ("en", "Ha An", True),
            ("fr", "Ha An", True),
            ("ru", "Хаан", True),
            ("vi", "Tỉnh Hà An", False),
        ]

    def test_a_unit_that_moves_keeps_its_place_of_each_day(self, a_pack, operator):
        load_pack(a_pack(), by=operator)
        a, b, c = (Unit.objects.get(key=f"land.{key}") for key in ("p.a", "p.b", "c.3"))

        paths = [p.path for p in Placement.objects.filter(unit=c).order_by("starts_on")]
        assert paths == [f"{b.path}{c.pk}/", f"{a.path}{c.pk}/"]
        assert c.path == paths[-1]


def everything():
    """Every row of the tree, to the last value."""
    tables = (Unit, UnitName, UnitCode, Placement)
    return [list(t.objects.order_by("pk").values_list()) for t in tables] + [Entry.objects.count()]
