"""What the console says about the record, and with which number it ends."""

import json

import pytest
from django.db import transaction

from makers import a_person, a_unit
from tiendo.config.cli import parser
from tiendo.kit import clock
from tiendo.ledger import keys, sealing
from tiendo.ledger.models import Entry, Personal
from tiendo.ledger.record import record
from tiendo.ledger.tests.stage import (
    a_sealed_record,
    seal_everything,
    tampered,
    write,
)


@pytest.fixture
def sealed_record(db):
    return a_sealed_record()


def say(*words):
    asked = parser().parse_args(["ledger", *words])
    asked.run(asked)


class TestVerify:
    def test_a_whole_record_says_so(self, sealed_record, capsys):
        say("verify")

        said = capsys.readouterr().out
        assert "Seals read: 7," in said
        assert "The record is whole." in said

    def test_against_an_anchor_it_says_that_too(self, sealed_record, capsys, tmp_path):
        place = tmp_path / "anchor.json"
        say("anchor", "--out", str(place))
        assert f"seal 7 of {sealed_record.total} entries" in capsys.readouterr().out

        say("verify", "--anchor", str(place))

        assert "the one that the anchor saw" in capsys.readouterr().out

    def test_what_does_not_fit_is_said_and_the_end_is_1(self, sealed_record, capsys):
        tampered("update ledger_entry set act = 'orgs.renamed' where version = 2")

        with pytest.raises(SystemExit) as ended:
            say("verify", "--most", "2")

        assert str(ended.value).startswith("THE RECORD IS NOT WHOLE")
        said = capsys.readouterr().out.splitlines()
        assert "was changed or swapped" in said[0]
        assert said[2] == "… and 1 more."

    def test_what_waits_is_said(self, sealed_record, capsys):
        write(2)
        say("verify")

        assert "Entries waiting for a seal: 2." in capsys.readouterr().out

    @pytest.mark.parametrize("content", [None, b"\xff", b"{"])
    def test_an_anchor_that_cannot_be_read_is_answered_in_words(self, db, tmp_path, content):
        place = tmp_path / "anchor.json"
        if content is not None:
            place.write_bytes(content)

        with pytest.raises(SystemExit, match="cannot be read"):
            say("verify", "--anchor", str(place))


class TestAnchor:
    def test_it_is_printed_when_no_file_is_named(self, sealed_record, capsys):
        say("anchor")

        assert json.loads(capsys.readouterr().out) == sealing.anchor_of(sealed_record)

    def test_before_the_first_seal_there_is_none(self, db):
        with pytest.raises(SystemExit, match="Nothing is sealed yet"):
            say("anchor")

    def test_a_place_that_cannot_be_written_is_named(self, sealed_record, tmp_path):
        with pytest.raises(SystemExit, match="cannot be written"):
            say("anchor", "--out", str(tmp_path / "no" / "anchor.json"))


class TestTheRest:
    def test_seal_now(self, db, capsys, monkeypatch):
        write(3)
        say("seal")
        assert "Nothing new to seal" in capsys.readouterr().out
        monkeypatch.setattr(sealing, "SKEW", sealing.SKEW * 0)
        now = clock.now
        monkeypatch.setattr(clock, "now", lambda: now() + sealing.EVERY)
        say("seal")
        assert "Seal 1: 3 entries, 3 in all." in capsys.readouterr().out

    def test_keys_and_a_new_one(self, db, capsys):
        write()
        seal_everything()
        say("new-key")
        new = capsys.readouterr().out.split()[0]
        say("keys")
        assert capsys.readouterr().out.startswith(f"* {keys.public_of(keys.signing_key())}")
        assert keys.next_public() == new

    def test_a_receipt_by_number(self, sealed_record, capsys):
        entry = Entry.objects.first()
        say("receipt", str(entry.pk))
        assert json.loads(capsys.readouterr().out)["entry"]["number"] == entry.pk
        with pytest.raises(SystemExit, match="has no entry 999999"):
            say("receipt", "999999")

    @pytest.mark.parametrize("number", ["0", "x", "9" * 40, "-1"])
    def test_a_number_that_is_none(self, capsys, number):
        with pytest.raises(SystemExit):
            say("receipt", f"--head={number}", "1")
        assert "a whole number above 0" in capsys.readouterr().err

    def test_erase(self, db, capsys):
        person = a_person("Hồng")
        with transaction.atomic():
            record("access.given", a_unit(), by=None, personal={"to": person})
        say("erase", "--person", person.username, "--reason", "Asked for it")
        assert "were erased: 1. Reason: Asked for it" in capsys.readouterr().out
        assert not Personal.objects.exists()
        with pytest.raises(SystemExit, match="Nobody signs in as"):
            say("erase", "--person", "nobody-at-all", "--reason", "x")
