"""A backup that was never restored is none: load, back up, load on, restore elsewhere, compare, say what was lost."""

import json
import shutil
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as house_settings

from tiendo.config.backups import manifest as papers
from tiendo.config.backups import postgres
from tiendo.config.backups.making import drop_old, last_good
from tiendo.config.backups.manifest import Doubt, Manifest
from tiendo.config.backups.restoring import lost_interval
from tiendo.config.tests.houses import House, a_database, python

LOAD = """
from datetime import date, timedelta
from django.db import transaction
from tiendo.documents.files import keep
from tiendo.kit.jobs import BEAT, enqueue
from tiendo.ledger.record import record
from tiendo.people.actions import open_token
from tiendo.people.models import Person
with transaction.atomic():
    for number in range({many}):
        one = Person(username=f"{name}-{{number}}", name="Ánh"); one.set_unusable_password(); one.save()
        record("people.welcomed", one, by=None)
        keep(f"{name} {{number}}".encode(), "a.txt")
    open_token(one, by=one, name="{name}", expires_on=date.today() + timedelta(days=5))
    enqueue(BEAT)
"""
COUNTS = """
from django_q.models import OrmQ
from tiendo.kit.jobs import waiting
from tiendo.ledger.models import Entry
from tiendo.people.models import Person, Token
print(Person.objects.count(), Entry.objects.count(), Token.objects.filter(ended_at=None).count())
print(OrmQ.objects.count(), waiting().count())
"""


def load(house, name, *, many):
    python(house, LOAD.format(name=name, many=many))


def elsewhere(var):
    """Words that lead to an empty place, and the house that will stand there."""
    return a_database() if house_settings.DATABASE_URL else nullcontext("")


def files(house):
    return {p.name for p in (house.var / "files").rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def backup(house, tmp_path_factory):
    """A house with a backup, and with work done since."""
    load(house, "before", many=5)
    house.done("backup", "--to", str(tmp_path_factory.mktemp("backups")))
    folder = Path((house.var / "last-backup").read_text().splitlines()[1])
    load(house, "after", many=3)
    return folder


class TestDrill:
    def test_what_was_backed_up_is_whole_elsewhere_and_what_was_lost_is_said(
        self, house, backup, tmp_path
    ):
        told = papers.read(backup)
        last = datetime.fromtimestamp(told.head["entry"]["at"] / 1e6, UTC)
        with elsewhere(tmp_path) as url:
            to = ["--into", str(tmp_path), *(["--database", url] if url else [])]
            known = last + timedelta(minutes=3, seconds=2)
            said = house.done("restore", str(backup), *to, "--last-known", known.isoformat())

            there = House(tmp_path, house.env | {"TIENDO_VAR": str(tmp_path), "DATABASE_URL": url})
            people, entries, keys, jobs, ready = map(int, python(there, COUNTS).split())
            assert (people, keys, jobs, ready) == (5, 0, 1, 0)
            assert entries == told.head["entries"] + 1  # the end of the key is on record
            assert there.done("jobs", "--release") == "1 released\n"

            refused = house.tiendo("restore", str(backup), *to)
            assert refused.returncode == 1
            assert "is not empty" in refused.stderr

            house.done("restore", str(backup), *to, "--replace")
            assert int(python(there, COUNTS).split()[0]) == 5
        assert f"Lost: what happened from {last:%Y-%m-%d %H:%M:%S} UTC" in said
        assert f"to {known:%Y-%m-%d %H:%M:%S} UTC, 0 h 3 min 2 s." in said
        assert files(there) == {p.name for p in (backup / "files").rglob("*") if p.is_file()}
        assert len(files(there)) == 5
        assert len(files(house)) == 8
        assert list(tmp_path.glob("files.before-restore-*"))

    def test_the_house_rehearses_by_itself(self, house, backup):
        said = house.done("drill")
        assert "every hash, row count and the head of the record agree" in said
        assert not list(house.var.glob("tiendo-drill-*"))

    def test_the_newest_good_backup_is_known(self, house, backup, settings):
        settings.LAST_BACKUP = house.var / "last-backup"
        assert last_good().isoformat() == papers.read(backup).made_at


def flip(place):
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1
    place.write_bytes(content)


def a_file_of(folder):
    return next(p for p in (folder / "files").rglob("*") if p.is_file())


HARM = {
    "one bit of the database": lambda folder: flip(next(folder.glob("database.*"))),
    "one bit of a file": lambda folder: flip(a_file_of(folder)),
    "a file gone": lambda folder: a_file_of(folder).unlink(),
    "a file too many": lambda folder: (folder / "files" / "stranger").write_text("x"),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "half a manifest": lambda folder: (folder / "manifest.json").write_text('{"format": "tien'),
}


class TestDamage:
    @pytest.mark.parametrize("harm", HARM)
    def test_it_is_found_before_anything_is_touched(self, backup, tmp_path, harm):
        copy = shutil.copytree(backup, tmp_path / "copy")
        assert papers.verified(copy).engine
        HARM[harm](copy)
        with pytest.raises(Doubt):
            papers.verified(copy)

    def test_the_command_ends_with_1_and_leaves_nothing(self, house, backup, tmp_path):
        copy = shutil.copytree(backup, tmp_path / "copy")
        flip(a_file_of(copy))
        ended = house.tiendo("restore", str(copy), "--into", str(tmp_path / "there"))
        assert ended.returncode == 1
        assert "This backup is damaged: files/" in ended.stderr
        assert not list((tmp_path / "there").rglob("*.sqlite3"))

    def test_a_manifest_that_counts_otherwise_is_not_believed(self, house, backup, tmp_path):
        copy = shutil.copytree(backup, tmp_path / "copy")
        told = json.loads((copy / "manifest.json").read_text())
        told["tables"]["people_person"] += 1
        (copy / "manifest.json").write_text(json.dumps(told))
        with elsewhere(tmp_path) as url:
            to = ["--into", str(tmp_path / "there"), *(["--database", url] if url else [])]
            ended = house.tiendo("restore", str(copy), *to)
        assert ended.returncode == 1
        assert "people_person has 5 rows instead of 6" in ended.stderr

    def test_another_engine_s_backup_is_refused(self, house, backup, tmp_path):
        copy = shutil.copytree(backup, tmp_path / "copy")
        told = (copy / "manifest.json").read_text()
        for engine in ("sqlite", "postgresql"):
            told = told.replace(f'"engine": "{engine}"', '"engine": "oracle"')
        (copy / "manifest.json").write_text(told)
        ended = house.tiendo("restore", str(copy))
        assert ended.returncode == 1
        assert "This backup is of oracle" in ended.stderr

    def test_a_rotten_file_is_found_when_it_is_backed_up(self, house, backup, tmp_path):
        place = a_file_of(house.var)
        whole = place.read_bytes()
        flip(place)
        ended = house.tiendo("backup", "--to", str(tmp_path))
        place.write_bytes(whole)
        assert ended.returncode == 1
        assert place.name in ended.stderr
        assert list(tmp_path.iterdir()) == []


class TestKeys:
    def test_they_stay_out_and_are_named_unless_asked_for(self, house, backup, tmp_path):
        python(house, "from tiendo.ledger.keys import signing_key; signing_key()")
        said = house.done("backup", "--to", str(tmp_path / "a"))
        without = next((tmp_path / "a").iterdir())
        assert f"keep it elsewhere: {house.var / 'seals' / 'key.pem'}" in said
        assert (without / "keys" / "known-keys.txt").exists()
        assert not list(without.rglob("*.pem"))

        house.done("backup", "--to", str(tmp_path / "b"), "--with-keys")
        key = next((tmp_path / "b").rglob("key.pem"))
        assert key.read_bytes() == (house.var / "seals" / "key.pem").read_bytes()
        assert key.stat().st_mode & 0o077 == 0


def told(at, entries=3):
    entry = {"id": 9, "at": at, "act": "a", "subject": "b"} if at else None
    return Manifest(
        "", "sqlite", "", {}, {"entries": entries if at else 0, "entry": entry, "seal": None}, {}
    )


def seal(upto, total):
    return {"seal": {"upto": upto, "total": total}}


SECOND = 1_000_000


class TestLostInterval:
    @pytest.mark.parametrize(
        ("witness", "last_known", "said"),
        [
            (None, None, "Until when the house went on is not known here"),
            (seal(90 * SECOND, 7), None, "to 1970-01-01 00:01:30 UTC, 0 h 1 min 20 s. At least 4 "),
            (seal(5 * SECOND, 3), None, "Nothing is known to be lost"),
            (
                seal(90 * SECOND, 7),
                datetime.fromtimestamp(7200, UTC),
                "to 1970-01-01 02:00:00 UTC, 1 h 59 min 50 s. At least 4 ",
            ),
        ],
    )
    def test_it_reaches_to_the_newest_thing_known(self, witness, last_known, said):
        assert said in lost_interval(told(10 * SECOND), witness, last_known)

    def test_a_backup_without_entries_says_so(self):
        assert "holds no entry" in lost_interval(told(None), None, None)


class TestTools:
    def a_tool(self, place, version):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(
            f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.2 (Somewhere {version})'\n"
        )
        place.chmod(0o755)
        return place

    def test_the_first_that_is_new_enough_is_taken(self, monkeypatch, tmp_path):
        old, new = self.a_tool(tmp_path / "a/pg_dump", 15), self.a_tool(tmp_path / "b/pg_dump", 18)
        monkeypatch.setattr(postgres, "places", lambda tool: [old, new])
        assert postgres.tool("pg_dump", least=18) == new
        assert postgres.tool("pg_dump", least=14) == old

    def test_none_new_enough_is_a_sentence(self, monkeypatch, tmp_path):
        old = self.a_tool(tmp_path / "a/pg_dump", 15)
        monkeypatch.setattr(postgres, "places", lambda tool: [old])
        with pytest.raises(Doubt, match=r"needs pg_dump of version 18 or newer .* is 15.* Install"):
            postgres.tool("pg_dump", least=18)

    def test_the_place_that_settings_name_goes_first(self, settings, tmp_path):
        settings.PG_BIN = str(self.a_tool(tmp_path / "pg_dump", 99).parent)
        assert postgres.places("pg_dump")[0] == tmp_path / "pg_dump"


class TestKeeping:
    def test_only_so_many_whole_backups_are_kept(self, tmp_path):
        for day in range(1, 6):
            (tmp_path / f"tiendo-2025-01-0{day}T000000Z").mkdir()
            (tmp_path / f"tiendo-2025-01-0{day}T000000Z" / "manifest.json").touch()
        (tmp_path / "of somebody else").mkdir()
        dropped = drop_old(tmp_path, 2)
        assert [folder.name[15:17] for folder in dropped] == ["01", "02", "03"]
        assert len(list(tmp_path.iterdir())) == 3
