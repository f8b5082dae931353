import stat
import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from makers import a_person, a_unit
from tiendo.access.capabilities import ALLOWED, Role
from tiendo.kit import clock
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger import actions, keys, proof, sealing
from tiendo.ledger.models import Entry, Personal, Seal, Sealed
from tiendo.ledger.record import record
from tiendo.ledger.sentences import sentence
from tiendo.ledger.tests.stage import seal_everything, tampered, write
from tiendo.ledger.verifying import verify
from tiendo.people.models import Person


class TestSealing:
    def test_a_seal_gathers_what_is_not_sealed_and_signs_it(self, db):
        write(3)

        one = seal_everything().get()

        assert (one.number, one.size, one.total, one.previous) == (1, 3, 3, proof.FIRST)
        assert keys.is_signed(one.key, proof.canonical(sealing.statement(one)), one.signature)
        assert verify().is_whole

    def test_the_next_seal_follows_it_and_holds_only_what_is_new(self, db):
        write(3)
        first = seal_everything().get()
        write(2)
        second = seal_everything().get()

        assert (second.number, second.size, second.total) == (2, 2, 5)
        assert second.previous == first.hash
        assert second.past == proof.root([proof.leaf(bytes.fromhex(first.hash))]).hex()

    def test_nothing_new_makes_no_seal(self, db):
        write()
        seal_everything()

        assert not seal_everything()

    def test_the_job_seals_at_most_every_minute(self, db):
        write()
        now, late = clock.now() + sealing.SKEW, timedelta(seconds=1)
        sealing.seal_up_to(now, now)
        write()

        sealing.seal()

        assert Seal.objects.count() == 1
        assert late < sealing.EVERY

    def test_the_job_seals_what_has_settled_and_leaves_the_last_seconds(self, db, monkeypatch):
        old = write(2)
        monkeypatch.setattr(sealing, "watermark", lambda now: old[-1].at + sealing.SKEW)
        write(2)

        sealing.seal()

        assert set(Sealed.objects.values_list("entry", flat=True)) == {entry.pk for entry in old}

    def test_more_than_one_seal_can_hold_is_sealed_in_several(self, db, monkeypatch):
        monkeypatch.setattr(sealing, "MOST", 4)
        write(10)

        made = seal_everything()

        assert [one.size for one in made.order_by("number")] == [4, 4, 2]
        assert verify().is_whole

    def test_a_seal_that_fails_halfway_leaves_nothing(self, db, monkeypatch):
        write()
        monkeypatch.setattr(Sealed.objects, "bulk_create", broken)

        with pytest.raises(ZeroDivisionError):
            seal_everything()

        assert not Seal.objects.exists()
        monkeypatch.undo()
        assert seal_everything().get().size == 3

    def test_two_jobs_at_once_make_one_seal(self, several_connections):
        write(5)
        now = clock.now() + timedelta(seconds=1)
        gate, said = threading.Barrier(3), []

        def job():
            gate.wait()
            try:
                said.append(len(sealing.seal_up_to(now, now)))
            finally:
                connection.close()

        jobs = [threading.Thread(target=job) for _ in range(3)]
        for one in jobs:
            one.start()
        for one in jobs:
            one.join()

        assert sorted(said) == [0, 0, 1]
        assert Seal.objects.get().size == 5
        assert verify().is_whole

    def test_what_another_has_open_is_not_passed_by(self, several_connections):
        """Two open transactions: the earlier act commits later; no seal says it covers that moment before."""
        acted, let_go = threading.Event(), threading.Event()

        def slow():
            try:
                with transaction.atomic():
                    record("orgs.founded", a_unit(), by=None, name="slow")
                    acted.set()
                    let_go.wait(10)
            finally:
                connection.close()

        first = threading.Thread(target=slow)
        first.start()
        assert acted.wait(10)
        if connection.vendor == "sqlite":  # one writer: the second can only come after the first
            threading.Timer(0.3, let_go.set).start()
        write(2)
        sealing.seal_up_to(sealing.watermark(clock.now()), clock.now())
        let_go.set()
        first.join()
        sealing.seal_up_to(sealing.watermark(clock.now()), clock.now())

        slow_one = Entry.objects.get(facts__name="slow")
        before = Seal.objects.filter(number__lt=slow_one.sealed.seal_id)
        assert all(slow_one.at > one.upto for one in before)
        assert Sealed.objects.count() == 3
        assert verify().is_whole

    def test_a_clock_that_went_back_leaves_nobody_out(self, db):
        write(1)
        seal_everything()
        with transaction.atomic():
            late = record("orgs.founded", a_unit(), by=None, name="late")
        tampered(f"update ledger_entry set at = at - 100000000 where id = {late.pk}")

        seal_everything()

        assert Sealed.objects.filter(entry=late).exists()
        assert any("put in afterwards" in fault for fault in verify().faults)


def broken(*_args, **_kwargs):
    raise ZeroDivisionError


class TestLocks:
    @pytest.mark.parametrize("table", ["ledger_seal", "ledger_sealed"])
    @pytest.mark.parametrize("sql", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
    def test_seals_cannot_be_changed_or_removed(self, db, table, sql):
        write()
        seal_everything()
        column = "root" if table == "ledger_seal" else "place"

        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(sql.format(table, column, column))


class TestTheKey:
    def test_it_is_made_once_and_only_its_owner_reads_it(self, db, settings):
        first = keys.public_of(keys.signing_key())

        assert keys.public_of(keys.signing_key()) == first
        assert stat.S_IMODE(settings.SEAL_KEY.stat().st_mode) == 0o600
        assert keys.known() == {first}

    def test_two_who_make_it_at_once_sign_with_the_same(self, db, settings):
        keys.keep_first(settings.SEAL_KEY, keys.fresh())
        kept = settings.SEAL_KEY.read_bytes()

        keys.keep_first(settings.SEAL_KEY, keys.fresh())

        assert settings.SEAL_KEY.read_bytes() == kept
        assert [place.name for place in settings.SEALS.iterdir()] == ["key.pem"]

    @pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o602])
    def test_production_refuses_a_key_that_others_can_read_or_change(self, db, settings, mode):
        keys.signing_key()
        settings.PRODUCTION = True
        settings.SEAL_KEY.chmod(mode)

        with pytest.raises(Refused, match="TIENDO_SEAL_KEY"):
            keys.signing_key()
        assert [fault.id for fault in seal_faults()] == ["tiendo.E020"]

    def test_production_refuses_a_folder_that_is_not_there(self, settings, tmp_path):
        settings.PRODUCTION, settings.SEAL_KEY = True, tmp_path / "nowhere" / "key.pem"

        assert "TIENDO_SEAL_KEY: the folder" in seal_faults()[0].msg

    def test_a_well_kept_key_is_taken_and_a_laptop_may_be_lax(self, db, settings):
        keys.signing_key()
        settings.PRODUCTION = True
        assert seal_faults() == []
        settings.PRODUCTION = False
        settings.SEAL_KEY.chmod(0o644)
        assert seal_faults() == []
        assert keys.signing_key()

    def test_a_file_that_is_no_such_key_says_so(self, db, settings):
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        other = generate_private_key(SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        keys.keep_first(settings.SEAL_KEY, other)

        with pytest.raises(Refused, match="no Ed25519 key"):
            keys.signing_key()


def seal_faults():
    from tiendo.ledger.checks import the_key_of_seals_is_kept_well

    return the_key_of_seals_is_kept_well(None)


class TestANewKey:
    def test_the_old_key_seals_the_act_that_names_the_new_one(self, db, monkeypatch):
        write()
        seal_everything()
        old = keys.public_of(keys.signing_key())

        new = actions.change_key(by=Person.objects.operator())
        assert keys.public_of(keys.signing_key()) == old
        seal_everything()
        monkeypatch.setattr(sealing, "EVERY", sealing.EARLY)
        monkeypatch.setattr(sealing, "SKEW", -timedelta(seconds=1))
        write()
        sealing.seal()

        act = Entry.objects.get(act="ledger.key_changed")
        assert (act.sealed.seal.key, sealing.newest().key) == (old, new)
        assert keys.known() == {old, new}
        assert verify().is_whole

    def test_without_that_seal_the_new_key_waits(self, db):
        write()
        seal_everything()
        old = keys.public_of(keys.signing_key())
        actions.change_key(by=Person.objects.operator())

        sealing.seal()

        assert keys.public_of(keys.signing_key()) == old

    def test_the_old_key_stays_with_its_owner(self, db, settings):
        old = keys.public_of(keys.signing_key())
        keys.prepare_next()
        keys.take_next()

        kept = settings.SEAL_KEY.with_name(f"key.pem.until-{old[:8]}")
        assert keys.public_of(keys.read(kept)) == old
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    def test_only_the_console_and_administrators_of_everything_change_it(self, person):
        with pytest.raises(Forbidden):
            actions.change_key(by=person)

    def test_before_the_first_seal_there_is_nothing_to_change(self, db):
        with pytest.raises(Refused):
            actions.change_key(by=Person.objects.operator())


class TestErasing:
    def test_an_erased_name_is_gone_and_the_record_stays_whole(self, db):
        entry = write(1)[0]
        seal_everything()

        actions.erase(entry, by=Person.objects.operator(), reason="Asked for")

        assert not Personal.objects.exists()
        assert verify().is_whole
        told = Entry.objects.get(act="ledger.erased")
        assert told.facts["erased"] == [f"{entry.pk}:who"]
        assert "Reason: Asked for" in sentence(told)

    def test_everything_beside_the_record_about_one_person_goes_at_once(self, db):
        person, other = a_person("Hồng"), a_person("Lan")
        with transaction.atomic():
            for who in (person, person, other):
                record("access.given", a_unit(), by=None, personal={"to": who})

        actions.erase(person, by=Person.objects.operator(), reason="Left")

        assert [row.value for row in Personal.objects.all()] == ["Lan"]
        assert Entry.objects.about(person).get().facts["count"] == 2

    def test_who_may_not_erase_everywhere_it_stands_erases_nowhere(self, db):
        here, there = a_unit(), a_unit()
        person = a_person("Hồng")
        keeper = a_person(role=Role.ADMINISTRATOR, over=here)
        with transaction.atomic():
            record("access.given", here, by=None, personal={"to": person})
            record("access.given", there, by=None, personal={"to": person})

        with pytest.raises(Forbidden):
            actions.erase(person, by=keeper, reason="Left")
        assert Personal.objects.count() == 2

    def test_an_administrator_erases_beneath_their_own_unit(self, db):
        here = a_unit()
        entry = write(1, here)[0]

        actions.erase(entry, by=a_person(role=Role.ADMINISTRATOR, over=here), reason="Asked")

        assert not Personal.objects.exists()

    def test_a_stranger_is_told_neither_what_is_there_nor_what_is_not(self, person):
        for entry in (write(1)[0], a_person("Nobody named")):
            with pytest.raises(Forbidden):
                actions.erase(entry, by=person, reason="Curious")

    def test_a_reason_is_needed_and_something_to_erase(self, db):
        entry, operator = write(1)[0], Person.objects.operator()
        with pytest.raises(Invalid):
            actions.erase(entry, by=operator, reason=" ")
        actions.erase(entry, by=operator, reason="Asked")
        with pytest.raises(Refused):
            actions.erase(Entry.objects.get(pk=entry.pk), by=operator, reason="Again")


def test_who_reads_the_record_may_see_all_that_stands_in_it():
    """A line of the record tells what its subject's page tells, so its readers must be those of every page."""
    connected = "exchange.view"  # its page lists deliveries; the record tells a hook's name and address, never more
    views = [
        roles for name, roles in ALLOWED.items() if name.endswith(".view") and name != connected
    ]

    assert views
    assert all(ALLOWED["ledger.read"] <= roles for roles in views)
