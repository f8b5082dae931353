"""What strangers send is looked at before it is opened, and opened where it can break nothing."""

import io
import time
import zipfile

import pytest
from django.conf import settings

from tiendo.kit import uploads
from tiendo.kit.uploads import Unreadable, guarded_zip, in_child

HERE = "tiendo.kit.tests.parsers"


def a_zip(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


class TestZip:
    def test_a_modest_one_passes_as_it_is(self):
        content = a_zip(**{"xl__sheet.xml": "<a/>", "xl__big.bin": "ab" * 10_000})
        assert guarded_zip(content) == content

    @pytest.mark.parametrize(
        "parts",
        [
            {"bomb.bin": b"0" * (21 * 2**20)},
            {f"b{n}.bin": b"0" * (9 * 2**20) for n in range(6)},
            {"ratio.bin": b"0" * (2 * 2**20)},
            {f"part{n}": b"x" for n in range(2_001)},
        ],
        ids=["a part", "in all", "ratio", "parts"],
    )
    def test_a_bomb_is_refused_unopened_and_at_once(self, parts):
        began = time.monotonic()
        with pytest.raises(Unreadable, match="more than can be read"):
            guarded_zip(a_zip(**parts))
        assert time.monotonic() - began < 5  # with the packing of it

    @pytest.mark.parametrize("path", ["../out", "a/../../out", "/etc/x", "..\\out", "C:/x", "\\x"])
    def test_a_path_that_leads_out_is_refused(self, path):
        with pytest.raises(Unreadable, match="cannot be read"):
            guarded_zip(a_zip(**{path: "x"}))

    def test_a_link_is_refused(self):
        buffer = io.BytesIO()
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(link, "/etc/passwd")
        with pytest.raises(Unreadable):
            guarded_zip(buffer.getvalue())

    def test_two_parts_of_one_name_are_refused(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a.xml", "<a/>")
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr("a.xml", "<b/>")
        with pytest.raises(Unreadable):
            guarded_zip(buffer.getvalue())

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
    @pytest.mark.parametrize(
        "words", ["<!DOCTYPE a>", '<!doctype a SYSTEM "x">', '<!ENTITY a "b">']
    )
    def test_a_document_type_is_refused_in_any_encoding(self, encoding, words):
        markup = f'<?xml version="1.0"?>{words}<a/>'.encode(encoding)
        with pytest.raises(Unreadable):
            guarded_zip(a_zip(**{"xl__a.xml": markup}))
        with pytest.raises(Unreadable):
            guarded_zip(a_zip(**{"_rels__.rels": markup}))

    @pytest.mark.parametrize(
        "content", [b"", b"PK\x03\x04", b"no zip", b"PK\x05\x06" + b"\x00" * 18]
    )
    def test_what_is_no_zip_is_refused(self, content):
        with pytest.raises(Unreadable):
            guarded_zip(content)

    def test_a_broken_or_lying_zip_is_refused(self):
        content = bytearray(a_zip(**{"a.xml": "<a>" + "x" * 2000 + "</a>"}))
        content[40] ^= 0xFF
        with pytest.raises(Unreadable):
            guarded_zip(bytes(content))


class TestChild:
    def test_what_the_function_makes_of_the_file_comes_back(self):
        assert in_child(f"{HERE}.length", b"12345") == 5

    def test_it_knows_no_settings_no_secret_and_no_database(self, monkeypatch):
        monkeypatch.setenv("TIENDO_SECRET_KEY", settings.SECRET_KEY)
        monkeypatch.setenv("DATABASE_URL", "postgres://x")
        told = in_child(f"{HERE}.surroundings", b"")
        assert not [name for name in told["environment"] if "TIENDO" in name or "DATABASE" in name]
        assert not told["django"]

    @pytest.mark.parametrize("ill", ["hungry", "raising", "exiting", "talkative", "broken"])
    def test_one_that_dies_is_a_file_that_cannot_be_read(self, ill):
        with pytest.raises(Unreadable, match="cannot be read"):
            in_child(f"{HERE}.{ill}", b"x")

    def test_one_that_works_too_long_is_ended(self, monkeypatch):
        monkeypatch.setattr(uploads, "WALL", 2)
        began = time.monotonic()
        with pytest.raises(Unreadable):
            in_child(f"{HERE}.sleeping", b"x")
        assert time.monotonic() - began < 15

    def test_its_limits_are_those_promised(self):
        assert in_child(f"{HERE}.limits", b"") == {"memory": 512 * 2**20, "seconds": 10}
        assert uploads.WALL == 20
