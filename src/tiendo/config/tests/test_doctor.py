"""The doctor finds what is wrong: each question is shown to bite."""

import json
import os
import runpy
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

import tiendo
from tiendo.config.doctor import database, house, machine, rounds
from tiendo.config.doctor.findings import wrong
from tiendo.kit import jobs
from tiendo.ledger.record import record


def grade(question, *given):
    found = rounds.asked(lambda: question(*given))
    return found[0].grade


@pytest.fixture
def production(settings):
    settings.PRODUCTION = True
    return settings


def answering(monkeypatch, **answers):
    """The database answers some questions like this."""
    real = database.asked

    def asked(question):
        for start, answer in answers.items():
            if start.replace("_", " ") in question.replace("_", " "):
                return answer
        return real(question)

    monkeypatch.setattr(database, "asked", asked)


def fail(*_given):
    raise DatabaseError("could not connect to server\nIs it running?")


class TestDatabase:
    def test_a_sound_one_has_no_fault(self, db):
        for question in [*rounds.DATABASE, database.locks_stand, database.clocks_agree]:
            assert rounds.asked(question)[0].grade in {"good", "note"}, question

    def test_one_that_does_not_answer(self, db, monkeypatch):
        assert grade(database.is_reachable) == "good"
        monkeypatch.setattr(database, "asked", fail)
        found = database.is_reachable()
        assert (found.grade, found.says) == (
            "wrong",
            "does not answer: could not connect to server",
        )

    def test_an_old_one(self, db, monkeypatch, settings):
        if connection.vendor == "postgresql":
            answering(monkeypatch, server_version_num="130011")
            assert grade(database.is_new_enough) == "wrong"
        else:
            settings.SQLITE_WAL_IS_SAFE = False
            assert grade(database.is_new_enough) == "note"

    @pytest.mark.parametrize("setting", database.KEEPS)
    def test_one_that_takes_back_what_it_promised(self, monkeypatch, setting):
        monkeypatch.setattr(database, "connection", SimpleNamespace(vendor="postgresql"))
        monkeypatch.setattr(database, "asked", lambda question: "on")
        assert grade(database.keeps_its_promises) == "good"
        answers = {f"SHOW {setting}": "off"}
        monkeypatch.setattr(database, "asked", lambda question: answers.get(question, "on"))
        assert setting in database.keeps_its_promises().says

    @pytest.mark.parametrize(
        ("mounted", "expected"),
        [
            ("/dev/sda1 / ext4 rw\n/dev/sdb1 /srv xfs rw\n", "good"),
            ("/dev/sda1 / ext4 rw\nserver:/x /srv nfs4 rw\n", "wrong"),
            ("//server/x /srv/house cifs rw\n/dev/sda1 / ext4 rw\n", "wrong"),
            ("server:/x /srv/other nfs rw\n/dev/sda1 / ext4 rw\n", "good"),
            ("", "good"),
        ],
    )
    def test_one_on_a_network_disk(self, tmp_path, mounted, expected):
        from pathlib import Path

        place = Path("/srv/house/tiendo.sqlite3")
        assert grade(database.on_own_disk, place, mounted) == expected

    def test_one_that_cannot_be_written(self, db, monkeypatch):
        monkeypatch.setattr(database, "asked", fail)
        assert grade(database.is_writable) == "wrong"

    def test_one_with_migrations_to_do(self, db, monkeypatch):
        assert grade(database.is_migrated) == "good"
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'ledger'")
        found = database.is_migrated()
        assert found.grade == "wrong"
        assert "ledger.0001" in found.says

    def test_one_without_its_cache(self, db, monkeypatch):
        with connection.cursor() as cursor:
            names = connection.introspection.table_names(cursor)
        monkeypatch.setattr(
            database.connection.introspection, "table_names", lambda: [*names, "cache"]
        )
        assert grade(database.has_cache) == "good"
        monkeypatch.setattr(database.connection.introspection, "table_names", list)
        assert grade(database.has_cache) == "wrong"

    @pytest.mark.parametrize("table", database.JOURNALS)
    def test_one_whose_journals_were_unlocked(self, db, table):
        assert grade(database.locks_stand) == "good"
        with connection.cursor() as cursor:
            name = sorted(database.triggers(table))[0]
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")
        found = database.locks_stand()
        assert found.grade == "wrong"
        assert table in found.says

    def test_a_disabled_lock_is_none(self, db):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_change")
        else:
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER ledger_entry_no_update")
        assert grade(database.locks_stand) == "wrong"

    def test_every_table_that_tests_unlock_is_one_the_doctor_looks_at(self):
        stage = runpy.run_path(str(Path(tiendo.__file__).parents[1] / "conftest.py"))

        assert set(stage["LOCKED"]) == set(database.JOURNALS)

    def test_a_clock_that_went_back(self, cast, monkeypatch):
        with transaction.atomic():
            record("people.welcomed", cast.office, by=None)
        assert grade(database.clocks_agree) == "good"
        earlier = database.clock.now() - timedelta(hours=1)
        monkeypatch.setattr(database.clock, "now", lambda: earlier)
        assert "in the future" in database.clocks_agree().says

    def test_a_clock_that_differs_from_the_database_s(self, db, monkeypatch):
        monkeypatch.setattr(database, "skew_of_database", lambda: timedelta(seconds=-3))
        assert "differ by 3.0 s" in database.clocks_agree().says
        monkeypatch.setattr(database, "skew_of_database", lambda: timedelta(seconds=1))
        assert grade(database.clocks_agree) == "good"


class TestMachine:
    @pytest.mark.parametrize(
        ("total", "free", "expected"),
        [
            (100 * 2**30, 50 * 2**30, "good"),
            (100 * 2**30, 4 * 2**30, "wrong"),
            (10 * 2**30, 2**30 - 1, "wrong"),
        ],
    )
    def test_little_room(self, total, free, expected):
        assert grade(machine.room, total, total - free, free) == expected

    def test_an_old_python(self, monkeypatch):
        assert grade(machine.python_is_new_enough) == "good"
        monkeypatch.setattr(machine.sys, "version_info", (3, 10, 2))
        assert grade(machine.python_is_new_enough) == "wrong"

    def test_a_place_that_is_not_ours(self, production, tmp_path):
        production.VAR = tmp_path
        assert grade(machine.var_is_ours) == "good"
        tmp_path.chmod(0o777)
        assert "everybody may write" in machine.var_is_ours().says
        production.VAR = tmp_path / "nowhere"
        assert "cannot be written" in machine.var_is_ours().says

    def test_styles_that_are_missing(self, settings, tmp_path):
        settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "a", [tmp_path]
        assert grade(machine.has_styles) == "wrong"
        (tmp_path / "x.css").touch()
        assert grade(machine.has_styles) == "note"
        settings.STATIC_ROOT.mkdir()
        (settings.STATIC_ROOT / "staticfiles.json").touch()
        assert grade(machine.has_styles) == "good"

    def test_what_only_tests_and_printing_need_is_a_note(self, monkeypatch):
        monkeypatch.setattr(machine.shutil, "which", lambda name: None)
        assert (grade(machine.has_browser), grade(machine.has_fonts)) == ("note", "note")
        monkeypatch.setattr(machine.shutil, "which", lambda name: name)
        monkeypatch.setattr(machine, "fonts_for", lambda code: "a font" if code == "ru" else "")
        assert "none draws Vietnamese:" in machine.has_fonts().says
        monkeypatch.setattr(machine, "fonts_for", lambda code: "a font")
        assert (grade(machine.has_browser), grade(machine.has_fonts)) == ("good", "good")


class TestHouse:
    def test_unsafe_settings_are_named(self, db, production):
        production.DEBUG = True
        assert "TIENDO_DEBUG is on." in [one.says for one in house.settings_are_safe()]

    def test_a_laptop_s_key(self, production):
        assert grade(house.secret_is_own) == "wrong"
        production.PRODUCTION = False
        assert grade(house.secret_is_own) == "note"

    def test_a_key_that_others_can_read(self, settings, tmp_path):
        place = tmp_path / "key"
        place.touch(mode=0o600)
        settings.SECRET_KEY, settings.SECRET_KEY_FILE = "y" * 50, str(place)
        assert grade(house.secret_is_own) == "good"
        place.chmod(0o644)
        assert grade(house.secret_is_own) == "wrong"

    def test_a_seal_key_that_others_can_read(self, settings, tmp_path):
        settings.SEALS, settings.SEAL_KEY = tmp_path, tmp_path / "key.pem"
        assert grade(house.seal_key_is_kept) == "note"
        settings.SEAL_KEY.touch(mode=0o600)
        assert grade(house.seal_key_is_kept) == "good"
        settings.SEAL_KEY.chmod(0o666)
        assert grade(house.seal_key_is_kept) == "wrong"

    def test_jobs_that_are_not_done(self, db, production):
        from django_q.models import Task

        now = timezone.now()
        assert grade(house.jobs_are_done, now) == "wrong"
        Task.objects.create(
            id="1", name="beat", func=jobs.BEAT, started=now, stopped=now, success=True
        )
        assert grade(house.jobs_are_done, now + timedelta(minutes=4)) == "good"
        assert grade(house.jobs_are_done, now + timedelta(minutes=6)) == "wrong"
        production.PRODUCTION = False
        assert grade(house.jobs_are_done, now + timedelta(minutes=6)) == "note"

    def test_jobs_that_broke(self, db):
        from django_q.models import Task

        now = timezone.now()
        assert grade(house.jobs_succeed, now) == "good"
        Task.objects.create(
            id="1", name="x", func="tiendo.x", started=now, stopped=now, success=False
        )
        assert "tiendo.x" in house.jobs_succeed(now).says
        assert grade(house.jobs_succeed, now + timedelta(days=2)) == "good"

    def test_letters_that_go_nowhere(self, production):
        production.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        assert grade(house.letters_go_out) == "wrong"
        production.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        production.EMAIL_HOST, production.EMAIL_PORT, production.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
        assert "does not take them" in house.letters_go_out().says

    def test_letters_that_go_out(self, settings, monkeypatch):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        post = SimpleNamespace(open=lambda: True, close=lambda: None)
        monkeypatch.setattr(house.mail, "get_connection", lambda: post)
        assert grade(house.letters_go_out) == "good"

    def test_backups_that_are_old_or_were_never_made(self, production, tmp_path):
        production.LAST_BACKUP = tmp_path / "last"
        now = timezone.now()
        assert grade(house.is_backed_up, now) == "wrong"
        production.LAST_BACKUP.write_text(f"{now.isoformat()}\nfolder\n")
        assert grade(house.is_backed_up, now + timedelta(hours=25)) == "good"
        assert grade(house.is_backed_up, now + timedelta(hours=27)) == "wrong"

    def test_backups_on_the_disk_of_what_they_back_up(self, production, tmp_path, monkeypatch):
        production.BACKUPS = ""
        assert grade(house.backup_is_apart) == "note"
        production.VAR, production.BACKUPS = tmp_path, str(tmp_path)
        assert grade(house.backup_is_apart) == "wrong"
        production.BACKUPS = "/proc"
        assert grade(house.backup_is_apart) == "good"

    def test_a_story_in_production(self, db, production):
        from tiendo.ledger.models import Origin

        assert grade(house.tells_no_story) == "good"
        Origin.objects.create(offset_us=0, made_at=timezone.now())
        assert grade(house.tells_no_story) == "wrong"

    def test_a_pack_that_cannot_be_read(self, settings, tmp_path):
        settings.PACKS = tmp_path
        assert grade(house.packs_can_be_read) == "wrong"
        (tmp_path / "xx").mkdir()
        (tmp_path / "xx" / "pack.json").write_text("{")
        (found,) = house.packs_can_be_read()
        assert (found.grade, found.says[:3]) == ("wrong", "xx:")

    def test_the_pack_that_ships_can_be_read(self):
        assert grade(house.packs_can_be_read) == "good"


class TestRounds:
    def test_without_a_database_the_rest_is_still_looked_at(self, db, monkeypatch):
        monkeypatch.setattr(database, "asked", fail)
        found = list(rounds.examine())
        assert (found[-1].about, found[-1].grade) == ("database", "wrong")
        assert "disk" in {one.about for one in found}

    def test_without_its_tables_they_are_not_asked(self, db, monkeypatch):
        monkeypatch.setattr(rounds, "DATABASE", [lambda: wrong("migrations", "", "")])
        monkeypatch.setattr(rounds, "WITH_TABLES", [fail])
        assert list(rounds.examine())[-1].about == "migrations"

    def test_everything_wrong_says_what_to_do(self, db, monkeypatch, production):
        production.DEBUG = True
        assert [one for one in rounds.examine() if one.grade == "wrong" and not one.do] == []


class TestTheCommand:
    def test_a_new_house_is_told_what_to_do_first_and_ends_well_afterwards(self, house):
        found = json.loads(house.done("doctor", "--json"))
        assert {one["grade"] for one in found} <= {"good", "note"}
        assert "✓ migrations: all done" in house.done("doctor")

    def test_something_wrong_ends_with_1(self, house, tmp_path):
        bare = os.fspath(tmp_path)
        ended = house.tiendo("doctor", TIENDO_VAR=bare, DATABASE_URL="", TIENDO_PACKS=bare)
        assert ended.returncode == 1
        assert "✗ migrations:" in ended.stdout
        assert "→ Back up, then run `tiendo migrate`." in ended.stdout
