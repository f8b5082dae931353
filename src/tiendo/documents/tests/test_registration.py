import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers import a_document, a_unit
from tiendo.documents.models import Document
from tiendo.documents.offers import offered
from tiendo.kit.refusals import Invalid
from tiendo.ledger.models import Entry
from tiendo.orgs.models import Kind

URL = "/documents/new/"
TYPED = st.characters(exclude_categories=["Cs"])  # a browser sends no halves


@pytest.fixture
def office(cast, client):
    client.force_login(cast.office)
    return client


class TestRegister:
    def test_the_office_registers_a_pasted_text(self, cast, office, form):
        answer = office.post(URL, form)

        document = Document.objects.get()
        assert answer.status_code == 302
        assert answer.url == document.get_absolute_url()
        assert (document.issuer, document.unit) == (cast.committee, cast.committee)
        assert document.file_hash == hashlib.sha256(form["text"].encode()).hexdigest()
        assert document.file_name.endswith(".txt")
        assert Entry.objects.about(document).get().act == "documents.registered"

    def test_the_office_registers_a_file_and_it_comes_back_byte_for_byte(self, office, form):
        content = "﻿Bộ Y tế báo cáo.\r\nHết.".encode()
        form |= {"text": "", "file": SimpleUploadedFile("kết luận.txt", content)}

        office.post(URL, form)

        document = Document.objects.get()
        assert document.text == "Bộ Y tế báo cáo.\nHết."
        answer = office.get(reverse("documents:file", args=[document.pk]))
        assert b"".join(answer.streaming_content) == content
        assert answer["Content-Disposition"].startswith("attachment")

    def test_a_unit_head_registers_in_their_own_register(self, cast, client, form):
        client.force_login(cast.lead)
        form["unit"] = cast.ministry.pk

        assert client.post(URL, form).status_code == 302
        assert Document.objects.get().unit == cast.ministry

    def test_nobody_registers_in_a_register_not_theirs(self, cast, client, form):
        client.force_login(cast.lead)

        answer = client.post(URL, form)

        assert answer.status_code == 422
        assert not Document.objects.exists()

    def test_who_may_only_look_is_refused(self, cast, client, form):
        client.force_login(cast.inspector)

        assert client.get(URL).status_code == 403
        assert client.post(URL, form).status_code == 403
        assert not Document.objects.exists()

    def test_somebody_not_signed_in_is_asked_to(self, client, db):
        assert client.get(URL).status_code == 302

    def test_the_same_number_of_the_same_issuer_and_year_is_said_beside_it(self, office, form):
        office.post(URL, form)

        answer = office.post(URL, form | {"text": "Another text.", "symbol": "12-kl/tw"})

        assert answer.status_code == 422
        assert "symbol" in answer.context["form"].errors
        assert "Another text." in answer.content.decode()
        assert Document.objects.count() == 1


class TestBadInput:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"text": ""}, "text"),
            ({"text": "   \n "}, "text"),
            ({"text": "half\x00text"}, "text"),
            ({"text": "x" * (2 * 2**20 + 1)}, "text"),
            ({"title": "t\x00"}, "title"),
            ({"title": "t" * 501}, "title"),
            ({"symbol": "s" * 81}, "symbol"),
            ({"issuer": "Ministry of Nowhere At All"}, "issuer"),
            ({"issuer": "\x00"}, "issuer"),
            ({"issued_on": "31/02/2025"}, "issued_on"),
            ({"issued_on": "9999-12-31"}, "issued_on"),
            ({"type": "XX"}, "type"),
            ({"language": "de"}, "language"),
            ({"unit": "999999999999999999999"}, "unit"),
            ({"secrecy": "whisper"}, "secrecy"),
        ],
    )
    def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_is_lost(
        self, office, form, change, field
    ):
        given = form | change

        answer = office.post(URL, given)

        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        for name in {"title", "symbol", "issuer"} - {field}:
            assert given[name] in answer.content.decode()
        assert not Document.objects.exists()
        assert not Entry.objects.exists()

    @pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"\xc3\x28", b"a" * (2 * 2**20 + 1)])
    def test_a_file_that_is_no_text_is_refused(self, office, form, content):
        answer = office.post(URL, form | {"text": "", "file": SimpleUploadedFile("a.txt", content)})

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() & {"file", "text"}
        assert not Document.objects.exists()

    def test_a_text_and_a_file_at_once_are_refused(self, office, form):
        answer = office.post(
            URL, form | {"file": SimpleUploadedFile("a.txt", b"A text of the file.")}
        )

        assert answer.status_code == 422
        assert "not both" in answer.content.decode()
        assert not Document.objects.exists()

    def test_a_good_file_waits_while_another_field_is_corrected(self, office, form):
        sent = form | {
            "text": "",
            "title": "",
            "file": SimpleUploadedFile("minutes.txt", b"1. Report soon.\n"),
        }
        first = office.post(URL, sent)
        assert "minutes.txt" in first.content.decode()

        again = form | {"text": "", "kept": first.context["token"]}
        assert office.post(URL, again).status_code == 302

        document = Document.objects.get()
        assert (document.file_name, document.text) == ("minutes.txt", "1. Report soon.\n")

    def test_a_waiting_file_cannot_be_claimed_by_somebody_else(self, cast, client, office, form):
        first = office.post(
            URL,
            form | {"text": "", "title": "", "file": SimpleUploadedFile("m.txt", b"Secret words.")},
        )
        client.force_login(cast.lead)

        answer = client.post(
            URL, form | {"text": "", "unit": cast.ministry.pk, "kept": first.context["token"]}
        )

        assert answer.status_code == 422
        assert not Document.objects.exists()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(text=st.text(TYPED, max_size=400), line=st.text(TYPED, max_size=90))
    def test_whatever_is_typed_is_answered(self, office, form, text, line):
        answer = office.post(
            URL, form | {"text": text, "title": line, "symbol": line, "issuer": line}
        )

        assert answer.status_code in {302, 422}

        look = office.post(URL, {"text": text, "look": "1", "issuer": line})
        assert look.status_code in {200, 422}


class TestIssuer:
    def test_a_name_that_may_mean_two_units_is_asked_about_and_the_choice_is_taken(
        self, cast, office, form
    ):
        north = a_unit("Commune of Springs", under=cast.province, kind=Kind.MINISTRY)
        south = a_unit("Commune of Springs", under=cast.ministry, kind=Kind.MINISTRY)
        form["issuer"] = "Commune of Springs"

        asked = office.post(URL, form)
        assert asked.status_code == 422
        assert {unit.pk for unit in asked.context["choices"]["issuer"]["units"]} == {
            north.pk,
            south.pk,
        }

        chosen = form | {"issuer_for": "Commune of Springs", "issuer_unit": south.pk}
        assert office.post(URL, chosen).status_code == 302
        assert Document.objects.get().issuer == south

    def test_a_choice_made_for_another_name_is_not_taken(self, cast, office, form):
        form |= {"issuer_for": "Ministry of Roads", "issuer_unit": cast.other_ministry.pk}

        office.post(URL, form)

        assert Document.objects.get().issuer == cast.committee


class TestLook:
    def test_the_committees_register_is_offered_before_anything_is_typed(self, cast, office):
        page = office.get(reverse("documents:registration"))

        assert page.context["form"]["unit"].value() == str(cast.committee.pk)

    def test_what_the_text_says_of_itself_is_offered_and_not_registered(self, office, form):
        text = "Số: 118-TB/BCĐTW\nHà Nội, ngày 24 tháng 10 năm 2025\n\nKết luận phiên họp của Ban Chỉ đạo\nBộ Y tế báo cáo."
        answer = office.post(URL, {"text": text, "look": "1"})

        page = answer.context["form"]
        assert answer.status_code == 200
        assert page["symbol"].value() == "118-TB/BCĐTW"
        assert page["issued_on"].value() == "2025-10-24"
        assert page["language"].value() == "vi"
        assert page["title"].value() == "Kết luận phiên họp của Ban Chỉ đạo"
        assert not Document.objects.exists()

    def test_what_is_missing_is_filled_in_and_must_be_checked_before_it_is_registered(
        self, office, form
    ):
        answer = office.post(URL, form | {"title": "", "language": ""})

        assert answer.status_code == 422
        assert answer.context["filled"] == ["title", "language"]
        assert not answer.context["form"].errors
        assert not Document.objects.exists()

    def test_an_empty_form_chooses_no_language_so_that_the_text_can_say_it(self, office):
        assert not office.get(URL).context["form"]["language"].value()
        answer = office.post(
            URL,
            {
                "text": "Le comité décide que les résultats sont publiés.",
                "language": "",
                "look": "1",
            },
        )

        assert answer.context["form"]["language"].value() == "fr"

    def test_what_was_typed_is_not_overwritten(self, office, form):
        answer = office.post(URL, form | {"look": "1"})

        assert answer.context["form"]["title"].value() == form["title"]
        assert not Document.objects.exists()


class TestAction:
    def test_a_text_that_cannot_be_kept_is_refused_by_the_action_too(self, cast):
        with pytest.raises(Invalid) as refusal:
            a_document(cast, text="half\x00")

        assert refusal.value.field == "text"
        assert not Document.objects.exists()


def test_a_title_does_not_end_in_the_bar_of_a_picture_caption():
    text = "![]() |\nLes membres du comité visitent un atelier |\nLe reste du texte suit ici."

    assert offered(text).title == "Les membres du comité visitent un atelier"
