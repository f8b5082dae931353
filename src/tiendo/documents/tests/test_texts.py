import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo.documents.offers import symbol_of, title_of
from tiendo.documents.texts import LIMIT, decoded, sound, sound_line
from tiendo.kit.refusals import Invalid

VIETNAMESE = (
    "Bộ Khoa học và Công nghệ chủ trì, phối hợp với các bộ, ngành về việc này; "
    "báo cáo kết quả cho Ban Chỉ đạo trong tháng 12."
)


class TestDecoded:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_unicode_files_are_read(self, encoding):
        assert decoded(VIETNAMESE.encode(encoding)) == VIETNAMESE

    def test_an_old_vietnamese_file_is_read_when_it_surely_is_one(self):
        written = as_windows_1258(VIETNAMESE)

        assert decoded(written) == VIETNAMESE

    def test_a_french_file_in_an_old_encoding_is_not_guessed(self):
        with pytest.raises(Invalid, match="UTF-8"):
            decoded("Le comité a décidé que les résultats seront publiés à l'été.".encode("cp1252"))

    @pytest.mark.parametrize(
        "content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"text\x00text", b"\xff\xfe\x00", b"\xed\xa0\x80"]
    )
    def test_what_is_no_text_is_refused_in_words(self, content):
        with pytest.raises(Invalid, match="not a text"):
            decoded(content)

    def test_an_empty_file_is_refused(self):
        with pytest.raises(Invalid, match=r"no text in it|not a text"):
            decoded(b"")

    def test_more_than_the_limit_is_refused_before_it_is_read(self):
        with pytest.raises(Invalid, match="larger than 2 MB"):
            decoded(b"a" * (LIMIT + 1))

    @given(st.binary(max_size=300))
    def test_any_bytes_are_a_text_or_a_sentence(self, content):
        with suppress(Invalid):
            assert decoded(content).strip()


class TestSound:
    @given(st.text(st.characters(), max_size=300))
    def test_any_characters_are_kept_or_refused(self, text):
        with suppress(Invalid):
            assert sound(text).encode()

    def test_line_ends_become_plain(self):
        assert sound("a\r\nb\rc") == "a\nb\nc"

    def test_half_a_character_is_refused(self):
        with pytest.raises(Invalid, match="half a character"):
            sound("before \ud83d after")

    def test_a_line_loses_its_spare_spaces(self):
        assert sound_line("  Kết\n luận ", "title") == "Kết luận"


def as_windows_1258(text: str) -> bytes:
    """Tone marks stand apart in that encoding; the letters with their hats stay whole."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(c for c in parts if c in tones)
        hatted = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
        out.append(hatted + tone)
    return "".join(out).encode("cp1258")


class TestOffers:
    def test_a_dateline_or_a_capital_head_is_no_title(self):
        assert (
            title_of("18:20, 25 апреля 2025 г.\nПервое заседание комитета")
            == "Первое заседание комитета"
        )
        assert title_of(
            "BAN CHẤP HÀNH TRUNG ƯƠNG\nSố: 1-TB/TW\n\nThông báo kết luận phiên họp"
        ) == ("Thông báo kết luận phiên họp")
        assert title_of("") == title_of("1.\n2.") == ""

    def test_a_number_it_cites_is_not_its_own(self):
        assert symbol_of("La mise en œuvre de la résolution n° 57-NQ/TW continue.") is None
        assert symbol_of("Số: 118-TB/BCĐTW").written == "118-TB/BCĐTW"
