"""What the register keeps of a text: its number, its days, its languages, its places, how it stands to other texts."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from makers import a_document
from tiendo.documents import actions, reads
from tiendo.documents.actions_bonds import bind, set_aside, unbind
from tiendo.documents.cues import bond_suggested
from tiendo.documents.models import Citation, Document, DocumentType, Relation
from tiendo.documents.states import Bond, Cited, Secrecy, Status
from tiendo.documents.tests.papers import a_docx, a_pdf
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.orgs.history import history_of
from tiendo.reading.tests.test_symbols import SYMBOLS

TEXT = """II. NHIỆM VỤ
1. Bộ Y tế:
a) Báo cáo hằng tháng.
b) Rà soát hồ sơ.
PHỤ LỤC
| TT | Việc | Hạn |
|---|---|---|
| 1 | Xây kho dữ liệu | 30/6/2026 |
| 2 | Đào tạo | 2026 |
"""
CITING = (
    "Căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024.\nKế hoạch này thay thế Kế hoạch số 82/KH-UBND."
)


@pytest.fixture
def types(db):
    for code in ("NQ", "QĐ", "KH", "KL", "CT", "TB", "BC", "NĐ", "CV"):
        DocumentType.objects.create(
            code=code, name_vi=code, name_en=code, name_fr=code, name_ru=code
        )


class TestNumber:
    @pytest.mark.parametrize("written", [row[0] for row in SYMBOLS])
    def test_every_symbol_of_the_grammar_is_registered_once_a_year_by_its_issuer(
        self, cast, types, written
    ):
        told = next(row for row in SYMBOLS if row[0] == written)
        year = told[5] or 2024
        day = date(year, 3, 1)

        first = a_document(cast, symbol=written, issued_on=day)

        assert (first.symbol, first.year) == (written, year)
        named = {"CV"} if told[3] is None else {told[3]}
        assert first.type is None or first.type.code in named
        assert (first.type is not None) == (
            named <= set(DocumentType.objects.values_list("code", flat=True))
        )
        with pytest.raises(Refused, match="already registered"):
            a_document(cast, symbol=written.lower(), issued_on=day)
        a_document(cast, symbol=written, issued_on=day, issuer=cast.ministry)
        if told[5] is None:
            a_document(cast, symbol=written, issued_on=date(year + 1, 3, 1))

    def test_a_year_in_the_symbol_agrees_with_the_date(self, cast):
        a_document(cast, symbol="30/2020/NĐ-CP", issued_on=date(2020, 3, 5))
        with pytest.raises(Invalid, match="2020"):
            a_document(cast, symbol="31/2020/NĐ-CP", issued_on=date(2021, 3, 5))


class TestDays:
    def test_a_text_is_in_force_between_its_two_days(self, cast):
        text = a_document(
            cast,
            issued_on=date(2025, 1, 20),
            in_force_from=date(2025, 3, 1),
            in_force_to=date(2026, 1, 1),
        )
        stood = [
            text.standing(day) for day in (date(2025, 2, 28), date(2025, 3, 1), date(2026, 1, 1))
        ]

        assert stood == [Status.SIGNED, Status.IN_FORCE, Status.EXPIRED]
        for day, is_in in (
            (date(2025, 2, 28), False),
            (date(2025, 12, 31), True),
            (date(2026, 1, 1), False),
        ):
            assert Document.objects.in_force(day).filter(pk=text.pk).exists() == is_in

    def test_it_does_not_end_before_it_begins(self, cast):
        with pytest.raises(Invalid) as refusal:
            a_document(cast, in_force_from=date(2025, 3, 1), in_force_to=date(2025, 3, 1))

        assert refusal.value.field == "in_force_to"
        assert not Document.objects.exists()


class TestSecrecy:
    def test_a_graded_text_is_nowhere_for_those_without_the_right(self, cast, client):
        graded = a_document(cast, title="Zebra of state", symbol="9-KL/TW", secrecy=Secrecy.SECRET)
        plain = a_document(cast, title="Open plan", symbol="10-KL/TW")
        bind(graded, Bond.IMPLEMENTS, plain, by=cast.office)

        for person, sees in ((cast.office, True), (cast.stranger, False), (cast.nobody, False)):
            client.force_login(person)
            pages = [
                client.get("/documents/"), client.get("/documents/", {"q": "9-KL"}),
                client.get("/search/", {"q": "zebra"}), client.get(plain.get_absolute_url()),
                client.get(reverse("web:history", args=[f"documents.document:{plain.pk}"])),
            ]  # fmt: skip
            assert any("Zebra" in page.content.decode() for page in pages) == sees
            assert (client.get(graded.get_absolute_url()).status_code == 200) == sees
            assert (
                client.get(reverse("documents:file", args=[graded.pk])).status_code == 200
            ) == sees

    def test_the_record_of_an_open_text_does_not_name_a_graded_one(self, cast):
        graded = a_document(cast, title="Zebra", symbol="9-KL/TW", secrecy=Secrecy.SECRET)
        plain = a_document(cast)

        bind(plain, Bond.BASED_ON, graded, by=cast.office)

        assert "9-KL" not in history_of(plain)[0].sentence
        assert "a graded text" in history_of(plain)[0].sentence


class TestTranslation:
    def test_a_text_in_another_language_has_its_own_file_and_shares_the_rest(self, cast, client):
        original = a_document(cast, text="1. Bộ Y tế báo cáo.", language="vi", symbol="57-NQ/TW")
        client.force_login(cast.office)
        url = reverse("documents:translation", args=[original.pk])
        assert client.get(url).status_code == 200

        upload = SimpleUploadedFile("fr.docx", a_docx("1. Le ministère de la santé rend compte."))
        sent = client.post(url, {"title": "Résolution", "language": "fr", "file": upload})

        assert sent.status_code == 302
        made = original.translations.get()
        assert (made.symbol, made.language, made.secrecy) == ("57-NQ/TW", "fr", "open")
        assert made.provisions.exists()
        assert (
            client.get(original.get_absolute_url()).content.decode().count(made.get_absolute_url())
        )
        assert [d.pk for d in client.get("/documents/").context["page"].rows] == [original.pk]

    def test_each_language_once_and_never_of_a_translation(self, cast, client):
        original = a_document(cast, language="vi")
        given = {"title": "Plan", "text": "1. Go.", "file": None, "by": cast.office}
        given["file"] = original_file(original)
        made = actions.translate(original, language="en", **given)

        for text, language in ((original, "en"), (original, "vi"), (made, "fr")):
            with pytest.raises(Refused):
                actions.translate(text, language=language, **given)
        with pytest.raises(Forbidden):
            actions.translate(original, language="fr", **{**given, "by": cast.lead})
        client.force_login(cast.office)
        answer = client.post(
            reverse("documents:translation", args=[original.pk]),
            {"title": "Kept words", "language": "en", "text": "x"},
        )
        assert answer.status_code == 422
        assert "Kept words" in answer.content.decode()

    def test_the_translation_of_a_graded_text_is_graded(self, cast, client):
        original = a_document(cast, language="vi", secrecy=Secrecy.SECRET)
        made = actions.translate(
            original,
            by=cast.office,
            title="Plan",
            text="1. Go.",
            language="en",
            file=original_file(original),
        )
        client.force_login(cast.stranger)

        assert client.get(made.get_absolute_url()).status_code == 404


def original_file(document):
    from tiendo.documents.files import Kept

    return Kept(document.file_hash, document.file_name, document.file_size)


class TestProvision:
    def test_every_place_has_an_address_and_a_page(self, cast, client):
        text = a_document(cast, text=TEXT, language="vi")
        client.force_login(cast.lead)
        addresses = list(text.provisions.order_by("position").values_list("address", flat=True))

        assert addresses == [
            "II",
            "II.1",
            "II.1.a",
            "II.1.b",
            "app",
            "app.t1",
            "app.t1.r1",
            "app.t1.r2",
        ]
        for address in addresses:
            page = client.get(reverse("documents:provision", args=[text.pk, address]))
            assert page.status_code == 200
        row = client.get(
            reverse("documents:provision", args=[text.pk, "app.t1.r1"])
        ).content.decode()
        assert "Xây kho dữ liệu" in row
        assert "Hạn" in row
        assert client.get(reverse("documents:provision", args=[text.pk, "IX"])).status_code == 404

    def test_the_page_of_the_text_shows_its_table_row_by_row_and_every_word_once(
        self, cast, client
    ):
        text = a_document(cast, text=TEXT, language="vi")
        client.force_login(cast.lead)

        page = client.get(text.get_absolute_url()).content.decode()

        assert 'id="app.t1.r2"' in page
        assert page.count("Xây kho dữ liệu") == 1

    def test_a_place_of_a_text_one_may_not_read_is_absent(self, cast, client):
        text = a_document(cast, text=TEXT, secrecy=Secrecy.SECRET)
        client.force_login(cast.stranger)

        assert client.get(reverse("documents:provision", args=[text.pk, "II"])).status_code == 404

    def test_a_place_asks_as_often_for_many_tasks_and_relations_as_for_one(
        self, cast, client, django_assert_max_num_queries
    ):
        text = a_document(cast, text=TEXT, language="vi")
        clause = text.provisions.get(address="II.1.a")
        for _ in range(12):
            other = a_document(cast)
            bind(other, Bond.IMPLEMENTS, text, by=cast.office, other_provision=clause)
        client.force_login(cast.office)
        with django_assert_max_num_queries(30):
            page = client.get(reverse("documents:provision", args=[text.pk, "II.1.a"]))
        assert page.content.decode().count("Is implemented by") == 12


class TestRelation:
    def test_both_texts_show_it_and_it_may_be_taken_back(self, cast, client):
        old, new = a_document(cast, symbol="82/KH-UBND"), a_document(cast, symbol="90/KH-UBND")
        client.force_login(cast.office)
        url = reverse("documents:relation", args=[new.pk])
        assert client.get(url).status_code == 200

        assert client.post(url, {"kind": "replaces", "other": "82/kh-ubnd"}).status_code == 302

        assert "Is replaced by" in client.get(old.get_absolute_url()).content.decode()
        assert "82/KH-UBND" in client.get(new.get_absolute_url()).content.decode()
        relation = Relation.objects.get()
        assert (
            client.post(reverse("documents:relation_removal", args=[relation.pk])).status_code
            == 302
        )
        assert not Relation.objects.exists()
        assert [e.act for e in Entry.objects.about(new)][-2:] == [
            "documents.bound",
            "documents.unbound",
        ]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"other": "77-NQ/TW"}, "other"),
            ({"other": "90/KH-UBND"}, "other"),
            ({"provision": "IX.9"}, "provision"),
            ({"other_provision": "IX.9"}, "other_provision"),
            ({"kind": "loves"}, "kind"),
            ({"other": "a\x00"}, "other"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(self, cast, client, change, field):
        a_document(cast, symbol="82/KH-UBND")
        new = a_document(cast, symbol="90/KH-UBND")
        client.force_login(cast.office)

        answer = client.post(
            reverse("documents:relation", args=[new.pk]),
            {"kind": "replaces", "other": "82/KH-UBND"} | change,
        )

        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not Relation.objects.exists()

    def test_it_is_entered_once_and_only_by_who_keeps_the_text(self, cast, client):
        old, new = a_document(cast), a_document(cast)
        relation = bind(new, Bond.AMENDS, old, by=cast.office)

        with pytest.raises(Invalid, match="already"):
            bind(new, Bond.AMENDS, old, by=cast.office)
        with pytest.raises(Forbidden):
            bind(new, Bond.REPLACES, old, by=cast.lead)
        with pytest.raises(Forbidden):
            unbind(relation, by=cast.lead)
        client.force_login(cast.lead)
        assert client.get(reverse("documents:relation", args=[new.pk])).status_code == 403
        assert (
            client.post(reverse("documents:relation_removal", args=[relation.pk])).status_code
            == 403
        )

    def test_a_place_answers_a_place(self, cast):
        text, plan = (
            a_document(cast, text=TEXT, language="vi"),
            a_document(cast, text=TEXT, language="vi"),
        )
        clause, answer = (
            text.provisions.get(address="II.1.a"),
            plan.provisions.get(address="II.1.b"),
        )

        bind(plan, Bond.IMPLEMENTS, text, by=cast.office, provision=answer, other_provision=clause)

        [line] = reads.relations_of(text, cast.office)
        assert (line.here, line.there, line.is_own) == (clause, answer, False)
        with pytest.raises(Invalid):
            bind(plan, Bond.IMPLEMENTS, text, by=cast.office, provision=clause)


class TestCited:
    def test_what_a_text_names_is_offered_with_its_bond_and_settled_by_a_person(self, cast, client):
        based = a_document(cast, symbol="57-NQ/TW", issued_on=date(2024, 12, 22))
        a_document(cast, symbol="82/KH-UBND")
        plan = a_document(cast, text=CITING, language="vi", symbol="90/KH-UBND")
        first, second = plan.citations.all()
        assert [(c.symbol, c.suggested) for c in (first, second)] == [
            ("57-NQ/TW", Bond.BASED_ON), ("82/KH-UBND", Bond.REPLACES),
        ]  # fmt: skip
        client.force_login(cast.office)
        assert "Texts it names" in client.get(plan.get_absolute_url()).content.decode()

        bound = client.post(
            reverse("documents:cited", args=[first.pk]), {"kind": "based_on", "other": based.pk}
        )
        aside = client.post(reverse("documents:setting_aside", args=[second.pk]))

        assert (bound.status_code, aside.status_code) == (302, 302)
        assert Relation.objects.get().other == based
        assert {c.status for c in Citation.objects.all()} == {Cited.BOUND, Cited.ASIDE}
        assert "Texts it names" not in client.get(plan.get_absolute_url()).content.decode()

    def test_a_number_is_settled_once_and_waits_again_when_the_relation_is_taken_back(self, cast):
        based = a_document(cast, symbol="57-NQ/TW", issued_on=date(2024, 12, 22))
        plan = a_document(cast, text=CITING, language="vi")
        citation = plan.citations.first()
        relation = bind(plan, Bond.BASED_ON, based, by=cast.office, citation=citation)

        with pytest.raises(Refused, match="already"):
            set_aside(citation, by=cast.office)
        unbind(relation, by=cast.office)
        citation.refresh_from_db()
        assert citation.status == Cited.WAITING

    def test_only_texts_one_may_read_are_offered_for_a_number(self, cast):
        a_document(cast, symbol="57-NQ/TW", issued_on=date(2024, 12, 22), secrecy=Secrecy.SECRET)
        plan = a_document(cast, text=CITING, language="vi")

        assert reads.named_in(plan, cast.office)[0].texts
        assert not reads.named_in(plan, cast.stranger)[0].texts

    def test_who_only_reads_may_not_settle(self, cast, client):
        based = a_document(cast, symbol="57-NQ/TW", issued_on=date(2024, 12, 22))
        plan = a_document(cast, text=CITING, language="vi")
        client.force_login(cast.lead)
        number = plan.citations.first().pk

        for name, sent in (
            ("cited", {"kind": "based_on", "other": based.pk}),
            ("setting_aside", {}),
        ):
            assert client.post(reverse(f"documents:{name}", args=[number]), sent).status_code == 403
        client.force_login(cast.office)
        assert (
            client.post(reverse("documents:cited", args=[number]), {"kind": "x"}).status_code == 422
        )


@pytest.mark.parametrize(
    ("words", "bond"),
    [
        ("Căn cứ Nghị quyết số ", Bond.BASED_ON), ("thay thế Quyết định số ", Bond.REPLACES),
        ("sửa đổi, bổ sung Thông tư ", Bond.AMENDS), ("bãi bỏ Quyết định ", Bond.REPEALS),
        ("Thực hiện Kế hoạch số ", Bond.IMPLEMENTS), ("Trả lời Công văn số ", Bond.ANSWERS),
        ("in reply to letter ", Bond.ANSWERS), ("amending Decision ", Bond.AMENDS),
        ("en application de la résolution ", Bond.BASED_ON), ("abroge la décision ", Bond.REPEALS),
        ("на основании постановления ", Bond.BASED_ON), ("взамен приказа ", Bond.REPLACES),
        ("nothing of the kind ", Bond.BASED_ON),
    ],
)  # fmt: skip
def test_the_words_before_a_number_suggest_the_bond(words, bond):
    assert (
        bond_suggested(f"A line before.\n{words}57-NQ/TW", len(f"A line before.\n{words}")) == bond
    )


class TestApi:
    def post(self, client, address, sent):
        return client.post(address, sent, content_type="application/json")

    @pytest.fixture
    def office(self, cast, client):
        client.force_login(cast.office)
        return client

    def test_a_file_is_sent_first_and_registered_by_its_seal(self, cast, office):
        upload = SimpleUploadedFile("plan.docx", a_docx("KẾ HOẠCH", "1. Bộ Y tế báo cáo."))
        sent = office.post("/api/v1/documents/files", {"file": upload})
        assert sent.status_code == 201
        assert "1. Bộ Y tế" in sent.json()["text"]
        body = {
            "unit": cast.committee.pk, "issuer": cast.committee.pk, "title": "Plan", "language": "vi",
            "issued_on": "2025-01-20", "file": sent.json()["seal"], "signer": "Lê Minh", "in_force_from": "2025-02-01",
        }  # fmt: skip

        made = self.post(office, "/api/v1/documents", body)

        assert made.status_code == 201
        told = made.json()
        assert (told["file"]["name"], told["signer"], told["in_force_from"]) == (
            "plan.docx",
            "Lê Minh",
            "2025-02-01",
        )
        assert "Bộ Y tế" in told["text"]
        place = office.get(
            f"/api/v1/documents/{told['id']}/provisions/{told['provisions'][-1]['address']}"
        )
        assert place.json()["text"]

    def test_a_scan_needs_its_words_and_a_seal_is_its_owners(self, cast, client, office):
        sent = office.post(
            "/api/v1/documents/files", {"file": SimpleUploadedFile("s.pdf", a_pdf(""))}
        ).json()
        assert sent["is_scan"]
        body = {
            "unit": cast.committee.pk, "issuer": cast.committee.pk, "title": "Scan", "language": "en",
            "issued_on": "2025-01-20", "file": sent["seal"],
        }  # fmt: skip
        assert self.post(office, "/api/v1/documents", body).status_code == 422
        assert self.post(office, "/api/v1/documents", body | {"text": "1. Go."}).status_code == 201
        client.force_login(cast.lead)
        mine = body | {"unit": cast.ministry.pk, "text": "1. Go."}
        assert self.post(client, "/api/v1/documents", mine).status_code == 422

    def test_a_hostile_file_is_a_problem_with_a_sentence(self, office):
        sent = office.post("/api/v1/documents/files", {"file": SimpleUploadedFile("a.docx", b"MZ")})

        assert sent.status_code == 422
        assert sent.json()["detail"]
        assert sent["Content-Type"].startswith("application/problem+json")

    def test_who_registers_nothing_sends_no_files(self, cast, client):
        client.force_login(cast.nobody)
        upload = SimpleUploadedFile("a.txt", b"1. Go.\n")
        assert client.post("/api/v1/documents/files", {"file": upload}).status_code == 403

    def test_translations_relations_and_citations(self, cast, office):
        based = a_document(cast, symbol="57-NQ/TW", issued_on=date(2024, 12, 22))
        plan = a_document(cast, text=CITING, language="vi")
        made = self.post(
            office,
            f"/api/v1/documents/{plan.pk}/translations",
            {"title": "Plan", "text": "1. Go.", "language": "en"},
        )
        assert made.json()["original"] == plan.pk
        first, second = office.get(f"/api/v1/documents/{plan.pk}").json()["citations"]
        assert first["texts"][0]["id"] == based.pk

        bound = self.post(
            office,
            f"/api/v1/citations/{first['id']}/relation",
            {"bond": "based_on", "other": based.pk},
        )
        aside = self.post(office, f"/api/v1/citations/{second['id']}/setting-aside", {})
        more = self.post(
            office,
            reverse("api:relation", args=[plan.pk]),
            {"bond": "implements", "other": based.pk},
        )

        assert [bound.status_code, aside.status_code, more.status_code] == [201, 201, 201]
        items = office.get(f"/api/v1/documents/{plan.pk}/relations").json()["items"]
        assert {one["bond"] for one in items} == {"based_on", "implements"}
        gone = self.post(office, f"/api/v1/relations/{items[0]['id']}/removal", {})
        assert len(gone.json()["items"]) == 1
        wrong = self.post(
            office,
            f"/api/v1/documents/{plan.pk}/relations",
            {"bond": "amends", "other": based.pk, "here": "XX"},
        )
        assert wrong.status_code == 422
