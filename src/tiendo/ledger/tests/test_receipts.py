"""Receipts, and the stand-alone script that checks them: run as a stranger runs it, in an empty place without Tiendo."""

import copy
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tiendo.kit.refusals import Invalid
from tiendo.ledger import receipts, sealing
from tiendo.ledger.models import Entry, Personal, Seal
from tiendo.ledger.receipts import receipt
from tiendo.ledger.tests.stage import seal_everything, write

SCRIPT = Path(__file__).resolve().parents[4] / "tools" / "check_receipt.py"


class Stranger:
    """Somebody with Python, the script and what was handed to them."""

    def __init__(self, place):
        self.place = place

    def hold(self, name, told):
        (self.place / name).write_text(json.dumps(told))
        return name

    def check(self, told, *more):
        name = self.hold("receipt.json", told)
        command = [sys.executable, "-I", str(SCRIPT), name, *more]
        done = subprocess.run(
            command, cwd=self.place, env={}, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def stranger(tmp_path):
    return Stranger(tmp_path)


def test_the_script_is_short_and_needs_nothing_of_ours():
    text = SCRIPT.read_text()

    assert len(text.splitlines()) < 150
    assert "tiendo" not in {line.split()[1] for line in text.splitlines() if "import" in line[:6]}


class TestTheStranger:
    def test_every_entry_s_receipt_is_proved_by_the_key(self, sealed_record, stranger):
        for entry in Entry.objects.order_by("?")[:6]:
            code, said = stranger.check(receipt(entry), "--key", sealed_record.key)
            assert (code, said.split("\n")[0]) == (0, "PROVED.")
            assert f"Entry {entry.pk} stood in the record" in said
            assert f"name: {entry.facts['name']}" in said

    def test_without_key_or_anchor_it_says_that_somebody_must_be_asked(
        self, sealed_record, stranger
    ):
        code, said = stranger.check(receipt(Entry.objects.last()))

        assert code == 3
        assert said.startswith("WHOLE IN ITSELF, but signed by whom?")
        assert sealed_record.key in said

    @pytest.mark.parametrize("of", [1, 4, 7])
    def test_it_leads_to_the_seal_of_the_anchor_that_one_holds(self, sealed_record, stranger, of):
        anchor = sealing.anchor_of(Seal.objects.get(number=of))
        kept = stranger.hold("anchor.json", anchor)
        first = Entry.objects.filter(sealed__seal=1).first()

        code, said = stranger.check(receipt(first, head=of), "--anchor", kept)

        assert code == 0, said
        assert f"the anchor saw at seal {of}" in said

    def test_an_anchor_of_another_seal_says_which_receipt_to_fetch(self, sealed_record, stranger):
        kept = stranger.hold("anchor.json", sealing.anchor_of(Seal.objects.get(number=5)))

        code, said = stranger.check(
            receipt(Entry.objects.filter(sealed__seal=2).first()), "--anchor", kept
        )

        assert (code, "Download a receipt that leads to seal 5" in said) == (1, True)

    def test_an_anchor_older_than_the_entry_cannot_vouch_for_it(self, sealed_record, stranger):
        kept = stranger.hold("anchor.json", sealing.anchor_of(Seal.objects.get(number=2)))

        code, said = stranger.check(
            receipt(Entry.objects.filter(sealed__seal=6).first()), "--anchor", kept
        )

        assert (code, "older than the entry" in said) == (1, True)

    def test_the_name_beside_is_shown_and_proved_and_its_loss_breaks_nothing(
        self, sealed_record, stranger
    ):
        entry = Entry.objects.first()
        assert "who: Lan" in stranger.check(receipt(entry))[1]
        Personal.objects.all().delete()

        code, said = stranger.check(receipt(entry), "--key", sealed_record.key)

        assert code == 0
        assert "Lan" not in said

    def test_a_lone_entry_in_a_lone_seal_has_a_receipt_too(self, db, stranger):
        entry = write(1)[0]
        seal_everything()

        assert stranger.check(receipt(entry), "--key", sealing.newest().key)[0] == 0

    def test_a_strange_letter_in_a_fact_is_no_trouble(self, db, stranger):
        entry = write(1, note="Tuyên Quang 𝒟 \n “x”")[0]
        seal_everything()

        assert stranger.check(receipt(entry), "--key", sealing.newest().key)[0] == 0


def leaves_of(told, place=()):
    """Every place of a receipt where something stands."""
    if isinstance(told, dict):
        return [one for key, inner in told.items() for one in leaves_of(inner, (*place, key))]
    if isinstance(told, list):
        return [one for key, inner in enumerate(told) for one in leaves_of(inner, (*place, key))]
    return [place]


def changed(told, place, lot):
    told = copy.deepcopy(told)
    inner = told
    for key in place[:-1]:
        inner = inner[key]
    was = inner[place[-1]]
    if isinstance(was, bool):
        now = not was
    elif isinstance(was, int):
        now = was + lot.choice([1, -1, 1000])
    else:
        now = turned(str(was), lot)
    inner[place[-1]] = now
    return told


def turned(words, lot):
    """The same words with one letter changed, or one more."""
    if not words:
        return "x"
    place = lot.randrange(len(words))
    other = lot.choice([c for c in "0123456789abcdef" if c != words[place]])
    return words[:place] + other + words[place + 1 :]


class TestAForger:
    def test_no_changed_place_of_a_receipt_is_proved(self, sealed_record, stranger):
        """Every single value in it, changed a little, whatever it is."""
        lot = random.Random(5)
        entry = Entry.objects.filter(sealed__seal=3)[1]
        told = receipt(entry, head=6)
        for place in leaves_of(told):
            code, said = stranger.check(changed(told, place, lot), "--key", sealed_record.key)
            assert code == 1, (place, said)
            assert said.startswith("NOT PROVED"), place

    def test_a_receipt_of_another_entry_s_path_is_not_proved(self, sealed_record, stranger):
        one, other = (receipt(e) for e in Entry.objects.filter(sealed__seal=4)[:2])

        assert stranger.check({**one, "entry": other["entry"]})[0] == 1
        assert stranger.check({**one, "path": other["path"]})[0] == 1
        assert stranger.check({**one, "place": other["place"]})[0] == 1

    def test_whoever_signs_with_a_key_of_their_own_is_not_taken_for_us(
        self, sealed_record, stranger
    ):
        from tiendo.ledger.tests.test_tampering import another_key, sealed_anew

        ours, anchor = sealed_record.key, sealing.anchor_of(sealed_record)
        with another_key():
            sealed_anew()
        told = receipt(Entry.objects.first(), head=7)

        code, said = stranger.check(told, "--key", ours)
        assert (code, "Another key than yours" in said) == (1, True)
        code, said = stranger.check(told, "--anchor", stranger.hold("anchor.json", anchor))
        assert (code, "the record was rebuilt" in said) == (1, True)

    @pytest.mark.parametrize(
        "told", [[], {}, "x", None, {"format": "tiendo.receipt.1"}, {"format": 7}]
    )
    def test_what_is_no_receipt_is_answered_in_words(self, stranger, told):
        code, said = stranger.check(told)

        assert (code, said.startswith("NOT PROVED")) == (1, True)

    def test_files_that_are_not_there_or_not_json(self, stranger):
        (stranger.place / "noise").write_bytes(b"\xff\x00{")
        for place in ("noise", "nowhere"):
            done = subprocess.run(
                [sys.executable, str(SCRIPT), place],
                cwd=stranger.place,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (done.returncode, "cannot be read" in done.stderr) == (1, True)


class TestWhatIsAskedFor:
    def test_what_is_not_sealed_yet_says_when_it_will_be(self, db):
        with pytest.raises(receipts.NotSealedYet, match="within two minutes"):
            receipt(write(1)[0])

    @pytest.mark.parametrize("head", [1, 8, 2**40])
    def test_a_head_before_the_entry_or_beyond_the_end_is_refused(self, sealed_record, head):
        with pytest.raises(Invalid, match="seal 2"):
            receipt(Entry.objects.filter(sealed__seal=2).first(), head=head)
