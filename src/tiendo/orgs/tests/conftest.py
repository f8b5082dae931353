"""A land small enough to break, written as a pack."""

from pathlib import Path

import pytest

from tiendo.people.models import Person


@pytest.fixture
def operator(db):
    return Person.objects.operator()


SMALL = {
    "pack.json": """{"pack": "land", "version": "1", "root": "land",
 "transcription": {"prefixes": ["Tỉnh", "Xã"]},
 "files": [
  {"path": "units.csv", "holds": "units"},
  {"path": "codes.csv", "holds": "codes"},
  {"path": "successions.csv", "holds": "successions"},
  {"path": "placements.csv", "holds": "placements"}
 ]}""",
    "units.csv": """key,kind,name,parent,code,begins_on,ends_on,lat
land,country,Đất,,,2000-01-01,,
land.p.a,province,Tỉnh Hà An,land,,2000-01-01,,21.5
land.p.b,province,Tỉnh Lâm Yên,land,02,2000-01-01,2025-07-01,
land.c.1,commune,Xã Hòa,land.p.b,0001,2000-01-01,2025-07-01,
land.c.2,commune,Xã Thủy,land.p.a,0002,2025-07-01,,
land.c.3,commune,Xã Quý,,0003,2000-01-01,,
""",
    "codes.csv": """key,system,code,starts_on,ends_on
land.p.a,gso,01,2000-01-01,2025-07-01
land.p.a,gso,02,2025-07-01,
""",
    "successions.csv": """old,new,on,share,default,basis
land.p.b,land.p.a,2025-07-01,1,yes,1/2025
land.c.1,land.c.2,2025-07-01,,yes,1/2025
land.c.1,land.c.3,2025-07-01,,,1/2025
""",
    "placements.csv": """key,tree,parent,starts_on,ends_on
land.c.3,state,land.p.b,2000-01-01,2025-07-01
land.c.3,state,land.p.a,2025-07-01,
""",
}


@pytest.fixture
def a_pack(tmp_path):
    """A small sound pack; name a file and what to write otherwise in it."""

    def make(file: str = "", was: str = "", becomes: str = "") -> Path:
        folder = tmp_path / "land"
        folder.mkdir(exist_ok=True)
        for name, text in SMALL.items():
            assert name != file or was in text
            written = text.replace(was, becomes) if name == file else text
            (folder / name).write_text(written, encoding="utf-8")
        return folder

    return make
