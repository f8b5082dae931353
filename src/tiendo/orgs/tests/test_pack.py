import pytest

from tiendo.ledger.models import Entry
from tiendo.ledger.proof import root_of
from tiendo.orgs.actions import load_pack, rename
from tiendo.orgs.models import Placement, Unit, UnitCode, UnitName
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
