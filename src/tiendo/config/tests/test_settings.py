"""An unsafe production does not start, and names the setting; secrets may lie in files."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2]
ROOT = PACKAGE.parents[1]
# a setting only those who build the house say
FOR_DEVELOPERS = {"TIENDO_DEBUG", "TIENDO_PACKS", "TIENDO_EMAIL_BACKEND"}

SAFE = {
    "TIENDO_PRODUCTION": "1",
    "TIENDO_SECRET_KEY": "s3cret-" * 10,
    "TIENDO_HOSTS": "tiendo.example",
    "TIENDO_BEHIND_PROXY": "1",
}
UNSAFE = [
    ({"TIENDO_SECRET_KEY": ""}, "TIENDO_SECRET_KEY"),
    ({"TIENDO_SECRET_KEY": "short"}, "TIENDO_SECRET_KEY is too short"),
    ({"TIENDO_DEBUG": "1"}, "TIENDO_DEBUG is on"),
    ({"TIENDO_HOSTS": "*"}, "TIENDO_HOSTS names every host"),
    ({"TIENDO_HOSTS": ""}, "TIENDO_HOSTS is not set"),
    ({"TIENDO_BEHIND_PROXY": ""}, "TIENDO_BEHIND_PROXY is not set"),
    ({"TIENDO_SEAL_KEY": "/nowhere/at/all/key.pem"}, "TIENDO_SEAL_KEY"),
]


class TestProduction:
    @pytest.mark.parametrize(("fault", "said"), UNSAFE, ids=[said for _, said in UNSAFE])
    def test_it_refuses_to_start_and_names_the_setting(self, house, fault, said):
        ended = house.tiendo("serve", "--port", "1", **(SAFE | fault))
        assert ended.returncode != 0
        assert said in ended.stderr

    def test_a_safe_one_gets_as_far_as_its_port(self, house):
        house.done("check", "--database", "default", **SAFE)

    def test_it_refuses_a_database_whose_record_is_not_locked(self, house, db, settings):
        from django.core.checks import run_checks
        from django.db import connection

        settings.PRODUCTION = True
        trigger = "change ON ledger_entry" if connection.vendor == "postgresql" else "update"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER ledger_entry_no_{trigger}")
        assert "tiendo.E016" in {one.id for one in run_checks(databases=["default"])}

    def test_a_secret_may_lie_in_a_file(self, house, tmp_path):
        (tmp_path / "key").write_text("from-a-file-" * 5 + "\n")
        ask = "from django.conf import settings; print(settings.SECRET_KEY)"
        told = {"TIENDO_SECRET_KEY": "", "TIENDO_SECRET_KEY_FILE": str(tmp_path / "key")}
        said = house.done("shell", "--no-imports", "-c", ask, **told)
        assert said.strip() == "from-a-file-" * 5

    @pytest.mark.parametrize(
        ("name", "value"), [("TIENDO_SECRET_KEY_FILE", "/nowhere/key"), ("TIENDO_JOB_SECONDS", "x")]
    )
    def test_a_setting_that_cannot_be_read_is_named(self, house, name, value):
        ended = house.tiendo("check", **{name: value})
        assert ended.returncode == 1
        assert ended.stderr.startswith(f"{name}: ")


class TestPapers:
    """What the administrator reads and what settings read are the same names."""

    NAME = re.compile(r"\b(?:TIENDO_[A-Z_]+[A-Z]|DATABASE_URL)\b")

    def read_by_the_house(self):
        asked = re.compile(r'(?:text|secret|flag|number|words)\(\s*"([A-Z_]+)"')
        names = set(asked.findall((PACKAGE / "config" / "settings.py").read_text()))
        return names | {f"{name}_FILE" for name in names}

    def test_every_setting_is_written_down(self):
        papers = "".join(place.read_text() for place in (ROOT / "docs").glob("*.md"))
        told = {name for name in self.read_by_the_house() if not name.endswith("_FILE")}
        assert sorted(told - set(self.NAME.findall(papers)) - FOR_DEVELOPERS) == []

    def test_no_paper_names_a_setting_that_nobody_reads(self):
        places = [ROOT / "docs" / "administrator.md", *(ROOT / "deploy").iterdir()]
        named = {name for place in places for name in self.NAME.findall(place.read_text())}
        assert sorted(named - self.read_by_the_house()) == []
