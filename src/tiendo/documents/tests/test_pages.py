from datetime import date

import pytest
from django.urls import reverse

from makers import a_document, a_draft, a_unit
from tiendo.documents.states import Secrecy

LIST = "/documents/"
TEXT = "Preamble of it.\n\nI. ASSESSMENT\n1. Work has begun.\nII. TASKS\n1. The Ministry of Rivers shall report.\na) Monthly.\n"


class TestList:
    def test_newest_first_and_found_by_symbol_or_title(self, cast, client):
        client.force_login(cast.lead)
        a_document(cast, title="Kết luận về Đường sắt", symbol="1-KL/TW")
        a_document(cast, title="Another", symbol="2-KL/TW", issued_on=date(2025, 2, 1))

        assert [d.symbol for d in client.get(LIST).context["page"].rows] == ["2-KL/TW", "1-KL/TW"]
        assert [d.symbol for d in client.get(LIST, {"q": "1-kl"}).context["page"].rows] == [
            "1-KL/TW"
        ]
        assert [d.symbol for d in client.get(LIST, {"q": "đường sắt"}).context["page"].rows] == [
            "1-KL/TW"
        ]
        assert client.get(LIST, {"q": "nothing like it"}).context["page"].rows == []

    @pytest.mark.parametrize("asked", ["0", "-1", "x", "99999999999999999999", "²"])
    def test_a_nonsense_page_is_the_first(self, cast, client, asked):
        client.force_login(cast.lead)
        a_document(cast)

        assert len(
            client.get(LIST, {"page": asked, "type": "\x00", "q": "\x00"}).context["page"].rows
        ) in {0, 1}
        assert client.get(LIST, {"page": asked}).context["page"].number == 1

    def test_a_graded_text_of_others_is_not_listed(self, cast, client):
        graded = a_document(cast, secrecy=Secrecy.SECRET)
        client.force_login(cast.stranger)

        assert client.get(LIST).context["page"].rows == []
        assert client.get(graded.get_absolute_url()).status_code == 404
        assert client.get(reverse("documents:file", args=[graded.pk])).status_code == 404

    def test_nobody_is_asked_to_sign_in(self, client, db):
        assert client.get(LIST).status_code == 302

    def test_the_number_of_questions_does_not_grow_with_the_rows(self, cast, client):
        client.force_login(cast.office)
        a_document(cast)
        one = queries(client, LIST)
        for _n in range(19):
            a_document(cast, issuer=a_unit("Ministry of Tides", under=cast.country))

        assert queries(client, LIST) == one


class TestDocument:
    def test_everybody_signed_in_reads_an_open_text_with_its_facts(self, cast, client):
        document = a_document(cast, text=TEXT)
        client.force_login(cast.stranger)

        page = client.get(document.get_absolute_url()).content.decode()

        assert document.file_hash in page
        for line in filter(None, TEXT.splitlines()):
            assert line in page
        assert "was registered" in page
        assert "Read into tasks" not in page

    def test_the_office_is_offered_to_read_it_into_tasks(self, cast, client):
        document = a_document(cast)
        client.force_login(cast.office)

        assert (
            reverse("intake:reading", args=[document.pk])
            in client.get(document.get_absolute_url()).content.decode()
        )

    def test_tasks_that_came_from_it_are_shown_to_those_who_may_see_them(self, cast, client):
        document = a_document(cast)
        a_draft(cast, title="Clear the paper backlog", document=document)
        client.force_login(cast.office)
        assert "Clear the paper backlog" in client.get(document.get_absolute_url()).content.decode()

        client.force_login(cast.stranger)
        assert (
            "Clear the paper backlog"
            not in client.get(document.get_absolute_url()).content.decode()
        )

    def test_the_number_of_questions_does_not_grow(self, cast, client):
        document = a_document(cast, text=TEXT)
        a_draft(cast, document=document)
        client.force_login(cast.office)
        one = queries(client, document.get_absolute_url())
        for _n in range(10):
            a_draft(cast, document=document)

        assert queries(client, document.get_absolute_url()) == one

    def test_a_missing_file_is_said_in_words(self, cast, client, settings, tmp_path):
        document = a_document(cast)
        client.force_login(cast.office)
        settings.MEDIA_ROOT = tmp_path / "elsewhere"

        assert client.get(reverse("documents:file", args=[document.pk])).status_code == 409

    def test_text_that_looks_like_markup_stays_text(self, cast, client):
        document = a_document(cast, text="1. <script>alert(1)</script> & more.", title="<b>x</b>")
        client.force_login(cast.office)

        assert "<script>alert" not in client.get(document.get_absolute_url()).content.decode()


def queries(client, url) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)
