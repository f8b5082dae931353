"""Files that come in: what is read of good ones, and that of bad ones nothing is kept but a sentence is said."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from tiendo.documents.extraction import letter, roman
from tiendo.documents.models import Document
from tiendo.documents.sources import source_of
from tiendo.documents.tests import papers
from tiendo.documents.tests.papers import a_docx, a_page, a_pdf
from tiendo.kit.refusals import Refused
from tiendo.ledger.models import Entry

URL = "/documents/new/"
HOSTILE = papers.hostile()
GOOD = {
    "letter.docx": (a_docx("KẾ HOẠCH năm 2026", "1. Bộ Y tế báo cáo."), "1. Bộ Y tế báo cáo."),
    "letter.pdf": (a_pdf(), "1. Bo Y te bao cao."),
    "letter.html": (a_page(), "1. The ministry reports."),
    "letter.htm": (a_page(), "1. The ministry reports."),
    "letter.md": (b"# Plan\n\n1. The **ministry** reports.\n", "1. The ministry reports."),
    "letter.txt": (b"1. The ministry reports.\n", "1. The ministry reports."),
}


@pytest.fixture
def office(cast, client):
    client.force_login(cast.office)
    return client


def sent(form, name, content):
    return form | {"text": "", "file": SimpleUploadedFile(name, content)}


def stored(settings) -> list[Path]:
    return [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]


class TestUpload:
    @pytest.mark.parametrize("name", GOOD)
    def test_a_good_file_is_registered_with_its_text_and_given_back_byte_for_byte(
        self, office, form, name
    ):
        content, line = GOOD[name]

        assert office.post(URL, sent(form, name, content)).status_code == 302

        document = Document.objects.get()
        assert line in document.text.splitlines()
        assert document.file_name == name
        assert document.provisions.exists()
        back = office.get(reverse("documents:file", args=[document.pk]))
        assert b"".join(back.streaming_content) == content
        assert back["Content-Disposition"].startswith("attachment")
        assert back["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in back["Content-Security-Policy"]

    @pytest.mark.parametrize("what", HOSTILE)
    def test_a_bad_file_is_refused_in_a_sentence_and_nothing_is_stored_or_lost(
        self, office, form, settings, what
    ):
        name, content = HOSTILE[what]

        answer = office.post(URL, sent(form, name, content))

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() & {"file", "text"}
        assert form["title"] in answer.content.decode()
        assert not Document.objects.exists()
        assert not Entry.objects.exists()
        assert stored(settings) == []

    @pytest.mark.parametrize(
        "name",
        ["../../../etc/cron.d/x.txt", "C:\\windows\\x.txt", "a\x00b.txt", "\u202etxt.exe.txt"],
    )
    def test_a_name_that_leads_elsewhere_is_only_a_name(self, office, form, settings, name):
        answer = office.post(URL, sent(form, name, b"1. The ministry reports.\n"))

        assert answer.status_code == 302
        document = Document.objects.get()
        assert not set(document.file_name) & set("/\\\x00\u202e")
        assert [p.name for p in stored(settings)] == [document.file_hash]

    def test_a_scan_waits_until_its_words_are_pasted(self, office, form):
        first = office.post(URL, sent(form, "scan.pdf", a_pdf("")))
        assert first.status_code == 422
        assert "pictures of its pages" in first.content.decode()

        again = form | {"kept": first.context["token"], "text": "1. The ministry reports."}
        assert office.post(URL, again).status_code == 302

        document = Document.objects.get()
        assert (document.file_name, document.text.strip()) == (
            "scan.pdf",
            "1. The ministry reports.",
        )

    def test_a_file_sent_again_after_another_mistake_is_read_again(self, office, form):
        first = office.post(URL, sent(form, "letter.docx", a_docx()) | {"title": ""})

        again = form | {"text": "", "kept": first.context["token"]}
        assert office.post(URL, again).status_code == 302
        assert "Bộ Y tế" in Document.objects.get().text


class TestSource:
    def test_a_bomb_is_refused_before_it_is_opened(self, monkeypatch):
        monkeypatch.setattr(
            "tiendo.documents.sources.in_child", lambda *a, **k: pytest.fail("opened")
        )
        for what in ("a zip bomb", "a document type with entities", "a PDF with a zip behind"):
            name, content = HOSTILE[what]
            with pytest.raises(Refused):
                source_of(content, name)

    def test_the_child_reads_with_little_memory_and_nothing_of_ours(self):
        assert "1. Bộ Y tế" in source_of(a_docx(), "a.docx").text
        assert os.environ.get("DJANGO_SETTINGS_MODULE")  # which the child is not given

    @settings(max_examples=20, deadline=None)
    @given(st.binary(max_size=400), st.sampled_from(["a.pdf", "a.docx", "a.html", "a.md", "a.txt"]))
    def test_any_bytes_under_any_name_are_a_text_or_a_sentence(self, content, name):
        head = {"a.pdf": b"%PDF-1.4\n", "a.docx": b"PK\x03\x04", "a.html": b"<html>"}.get(name, b"")
        tail = b"\n%%EOF" if name == "a.pdf" else b""
        with suppress(Refused):
            found = source_of(head + content + tail, name)
            assert found.text.strip() or found.is_scan


class TestWord:
    def test_numbers_of_lists_are_those_word_shows(self):
        import docx

        made = docx.Document()
        for words in ("Việc một", "Việc hai"):
            made.add_paragraph(words, style="List Number")
        made.add_paragraph("Gạch", style="List Bullet")

        text = source_of(papers.saved(made), "a.docx").text

        assert text.splitlines() == ["1. Việc một", "2. Việc hai", "- Gạch"]

    def test_a_table_is_rows_between_bars_and_a_table_that_only_lays_out_is_lines(self):
        import docx

        made = docx.Document()
        head = made.add_table(1, 2)
        head.style = None
        head.cell(0, 0).text = "BAN CHỈ ĐẠO\nSố: 118-KH/BCĐTW"
        head.cell(0, 1).text = "Hà Nội, ngày 24 tháng 10 năm 2025"
        drawn = made.add_table(2, 2, style="Table Grid")
        for place, words in zip(
            ((0, 0), (0, 1), (1, 0), (1, 1)), ("Việc", "Hạn", "a | b", "2026"), strict=True
        ):
            drawn.cell(*place).text = words

        lines = source_of(papers.saved(made), "a.docx").text.splitlines()

        assert lines[:3] == ["BAN CHỈ ĐẠO", "Số: 118-KH/BCĐTW", "Hà Nội, ngày 24 tháng 10 năm 2025"]
        assert [line for line in lines if line.startswith("|")] == [
            "| Việc | Hạn |", "|---|---|", "| a / b | 2026 |",
        ]  # fmt: skip

    def test_what_was_struck_out_in_review_is_left_out_and_what_was_added_is_there(self):
        import docx
        from docx.oxml import parse_xml

        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        made = docx.Document()
        paragraph = made.add_paragraph("Due ")
        paragraph._p.append(
            parse_xml(f"<w:del {space}><w:r><w:delText>May</w:delText></w:r></w:del>")
        )
        paragraph._p.append(parse_xml(f"<w:ins {space}><w:r><w:t>June</w:t></w:r></w:ins>"))

        assert source_of(papers.saved(made), "a.docx").text == "Due June\n"


@pytest.mark.parametrize(
    ("number", "letters", "figures"),
    [(1, "a", "i"), (4, "d", "iv"), (27, "aa", "xxvii"), (28, "bb", "xxviii")],
)
def test_lists_count_as_word_does(number, letters, figures):
    assert (letter(number), roman(number)) == (letters, figures)


def test_a_page_number_is_no_line_of_the_text():
    text = source_of(a_pdf("The first page.\n1", "The second page.\n- 2 -"), "a.pdf").text

    assert text.split() == ["The", "first", "page.", "The", "second", "page."]


def test_the_words_of_a_page_are_read_and_its_scripts_are_not():
    body = "<p>Kept</p><script>lost()</script><style>lost</style><ol type=a start=2><li>Go<li>Come</ol>"
    body += "<table><tr><th>A<th>B</tr><tr><td>1<td>2</table>"

    lines = [line for line in source_of(a_page(body), "a.html").text.splitlines() if line]

    assert lines == ["Kept", "b) Go", "c) Come", "| A | B |", "|---|---|", "| 1 | 2 |"]
