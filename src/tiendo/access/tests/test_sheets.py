"""People and roles by spreadsheet: looked at line by line, then all of it or nothing, in one act."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
import time_machine
import xlsxwriter
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from makers import a_person, a_unit
from tiendo.access import sheets
from tiendo.access.actions_sheets import SheetWrong, bring_in
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant, Invitation, Sheet
from tiendo.access.sheets import Outcome
from tiendo.access.views.sheets import read
from tiendo.kit import clock, jobs
from tiendo.kit.permission import can
from tiendo.kit.refusals import Invalid
from tiendo.ledger import root_of
from tiendo.ledger.models import Entry
from tiendo.ledger.sentences import sentence
from tiendo.orgs import matching
from tiendo.orgs.models import UnitName
from tiendo.people.models import Person

HEAD = ["E-mail", "Full name", "Role", "Unit", "From", "Last day", "Language"]
HOUSE = "https://tiendo.example/"


@pytest.fixture(autouse=True)
def named(cast):
    for name in UnitName.objects.all():
        UnitName.objects.filter(pk=name.pk).update(folded=name.text.lower())
    Person.objects.filter(pk=cast.officer.pk).update(email="Mai@rivers.example")
    matching.forget()
    yield
    matching.forget()


def line(
    email="thu@rivers.example",
    name="Thu",
    role="Officer",
    unit="Ministry of Rivers",
    start="",
    last="",
    language="",
):
    return [email, name, role, unit, start, last, language]


def as_csv(*lines, head=HEAD, mark=","):
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows([head, *lines])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(*lines, head=HEAD):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate([head, *lines]):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(number, column, cell, day)
                else:
                    page.write(number, column, cell)
    return buffer.getvalue()


def laid(*lines):
    return sheets.laid_out([["1", *HEAD], *([str(n), *row] for n, row in enumerate(lines, 2))])


def judged(by, *lines):
    return sheets.judged(laid(*lines), by=by, on=clock.today(), now=clock.now())


def brought(by, *lines):
    return bring_in(laid(*lines), by=by, name="people.xlsx", house=HOUSE)


class TestReading:
    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    def test_csv_as_every_country_writes_it(self, mark):
        rows = sheets.laid_out(read(as_csv(line(name='Thu, "T"'), mark=mark)))
        assert rows == [["2", *line(name='Thu, "T"')]]

    def test_a_workbook_with_days_numbers_and_empty_rows(self):
        content = as_xlsx(line(start=date(2025, 3, 1)), [""] * 7, line(email="b@c.de", name=7))
        rows = sheets.laid_out(read(content))
        assert [(row[0], row[1], row[2], row[5]) for row in rows] == [
            ("2", "thu@rivers.example", "Thu", "2025-03-01"), ("4", "b@c.de", "7", ""),
        ]  # fmt: skip

    @pytest.mark.parametrize("language", ["vi", "fr", "ru", "en"])
    def test_columns_in_any_order_and_any_of_our_languages(self, language):
        with translation.override(language):
            head = [str(words) for words in sheets.COLUMNS.values()]
        order = [3, 0, 6, 2, 1, 5, 4]
        content = as_csv([line()[n] for n in order], head=[head[n] for n in order])
        assert sheets.laid_out(read(content)) == [["2", *line()]]

    def test_columns_as_offices_head_them(self):
        head = ["Thư điện tử", "Họ tên", "Vai trò", "Đơn vị", "Từ ngày", "Đến ngày", "Ngôn ngữ"]
        assert sheets.laid_out(read(as_csv(line(), head=head))) == [["2", *line()]]

    def test_our_own_keys_do_too_and_other_columns_are_left_alone(self):
        head, row = ["phone", "email", "role", "unit"], ["0123", "a@b.cd", "officer", "x"]
        assert sheets.laid_out(read(as_csv(row, head=head))) == [
            ["2", "a@b.cd", "", "officer", "x", "", "", ""]
        ]

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "empty"),
            (as_csv(head=["a", "b"]), "Missing: E-mail, Role, Unit"),
            ("e-mail,vai trò".encode("utf-16"), "CSV UTF-8"),
            (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "Save it as .xlsx"),
            (b"PK\x03\x04 no zip", "cannot be read"),
            (as_csv(*[line()] * 5_001), "more than 5000 rows"),
        ],
        ids=["empty", "head", "utf-16", "xls", "zip", "long"],
    )
    def test_what_cannot_be_taken_is_said(self, content, why):
        with pytest.raises(Invalid, match=why):
            sheets.laid_out(read(content))

    def test_a_bomb_or_an_entity_never_reaches_the_parser(self):
        good = io.BytesIO(as_xlsx(line()))
        for name, content in (
            ("xl/worksheets/sheet2.xml", b"0" * (21 * 2**20)),
            ("xl/sharedStrings2.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
            ("../../out", b"x"),
        ):
            bad = io.BytesIO(good.getvalue())
            with zipfile.ZipFile(bad, "a", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(name, content)
            with pytest.raises(Invalid):
                read(bad.getvalue())

    def test_a_formula_is_read_as_its_value_and_done_as_nothing(self):
        rows = sheets.laid_out(read(as_csv(line(name="=1+1"))))
        assert rows[0][2] == "=1+1"


class TestJudging:
    @pytest.mark.parametrize(
        ("words", "outcome"),
        [
            ({}, Outcome.INVITE),
            ({"email": " THU@Rivers.example "}, Outcome.INVITE),
            ({"email": "mai@rivers.example"}, Outcome.NOTHING),
            ({"email": "mai@rivers.example", "unit": "Ministry of Roads"}, Outcome.GIVE),
            ({"role": "cán bộ chuyên trách"}, Outcome.WRONG),
            ({"role": "standing office"}, Outcome.WRONG),
            ({"role": "administrator"}, Outcome.WRONG),
            ({"unit": "Ministry of Nothing"}, Outcome.WRONG),
            ({"unit": ""}, Outcome.WRONG),
            ({"email": "thu"}, Outcome.WRONG),
            ({"start": "31/11/2025"}, Outcome.WRONG),
            ({"last": "2001-01-01"}, Outcome.WRONG),
            ({"language": "Klingon"}, Outcome.WRONG),
            ({"language": "Tiếng Pháp"}, Outcome.INVITE),
            ({"start": "1/3/2025", "last": "28.11.2099"}, Outcome.INVITE),
        ],
    )
    def test_each_line_has_its_outcome_and_each_wrong_one_its_reason(self, cast, words, outcome):
        (row,) = judged(cast.office, line(**words)).rows
        assert row.outcome == outcome
        assert bool(row.why) == (outcome == Outcome.WRONG)

    def test_units_by_key_roles_in_any_language(self, cast):
        for label in ("officer", "OFFICER", "Chuyên viên", "Agent", "Сотрудник"):
            row = judged(cast.office, line(role=label, unit=cast.ministry.key)).rows[0]
            assert (row.role, row.unit) == (Role.OFFICER, cast.ministry)

    def test_a_name_that_may_mean_two_is_asked_back(self, cast):
        for province in (cast.province, cast.country):
            other = a_unit("Green Ward", under=province)
            UnitName.objects.filter(unit=other).update(folded="green ward")
        matching.forget()
        row = judged(cast.office, line(unit="Green Ward")).rows[0]
        assert "may mean" in row.why

    def test_a_line_twice_and_oneself(self, cast):
        Person.objects.filter(pk=cast.office.pk).update(email="hoa@office.example")
        cast.office.refresh_from_db()
        rows = judged(cast.office, line(), line(), line(email="hoa@office.example")).rows
        assert [row.outcome for row in rows] == [Outcome.INVITE, Outcome.WRONG, Outcome.WRONG]

    def test_a_closed_account(self, cast):
        Person.objects.filter(pk=cast.officer.pk).update(is_active=False)
        row = judged(cast.office, line(email="mai@rivers.example", unit="Ministry of Roads")).rows[
            0
        ]
        assert "closed" in row.why

    def test_what_ended_is_given_again(self, cast):
        Grant.objects.filter(person=cast.officer).update(ends_on=clock.today())
        (row,) = judged(cast.office, line(email="mai@rivers.example")).rows
        assert row.outcome == Outcome.GIVE

    def test_as_many_questions_for_a_thousand_rows_as_for_one(self, cast):
        def questions(rows):
            cast.office.roots_asked = {}
            with CaptureQueriesContext(connection) as asked:
                judged(cast.office, *rows)
            return len(asked)

        few = questions([line()])
        many = questions([line(email=f"p{n}@rivers.example") for n in range(850)])
        assert many <= few


class TestBringingIn:
    def test_the_known_get_their_role_the_others_a_letter_and_the_record_one_entry(self, cast):
        before = Entry.objects.count()
        sheet = brought(
            cast.office,
            line(language="fr", last="2099-12-31"),
            line(email="mai@rivers.example", unit="Ministry of Roads"),
        )
        jobs.run_waiting()

        assert Entry.objects.count() == before + 1
        entry = Entry.objects.about(sheet).get()
        assert entry.facts["root"] == sheet.root == root_of(sheet.rows)
        assert entry.path == cast.country.path
        assert sentence(entry) == (
            "The sheet “people.xlsx” was brought in: 2 rows, 1 roles given, 1 people invited."
        )
        assert can(cast.officer, "tasks.report", cast.other_ministry)
        (letter,) = mail.outbox
        assert letter.to == ["thu@rivers.example"]
        invitation = Invitation.objects.get()
        assert (invitation.ends_on, invitation.sheet) == (date(2100, 1, 1), sheet)

    def test_the_same_sheet_twice_is_nothing_new(self, cast):
        rows = [line(), line(email="mai@rivers.example", unit="Ministry of Roads")]
        brought(cast.office, *rows)
        with pytest.raises(SheetWrong, match="Nothing in this sheet is new"):
            brought(cast.office, *rows)
        assert (Sheet.objects.count(), Invitation.objects.count()) == (1, 1)

    def test_after_72_hours_it_sends_another_letter(self, cast):
        brought(cast.office, line())
        with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
            brought(cast.office, line())
        assert Invitation.objects.get().is_open

    def test_one_wrong_line_and_nothing_is_done(self, cast):
        before = Entry.objects.count()
        with pytest.raises(SheetWrong, match="some lines are wrong") as refusal:
            brought(cast.office, line(), line(email="b@c.de", unit="Ministry of Nothing"))
        assert [row.number for row in refusal.value.judged.wrong] == [3]
        assert not Invitation.objects.exists()
        assert Entry.objects.count() == before

    @pytest.mark.parametrize("who", ["stranger", "officer", "inspector", "nobody"])
    def test_who_may_give_nothing_there_brings_in_nothing(self, cast, who):
        with pytest.raises(SheetWrong) as refusal:
            brought(getattr(cast, who), line())
        assert "not yours to give" in refusal.value.judged.wrong[0].why

    def test_two_thousand_people_in_one_act(self, cast):
        rows = [line(email=f"p{n}@rivers.example") for n in range(2_000)]
        assert brought(cast.office, *rows)
        assert Invitation.objects.count() == 2_000


def sent(client, person, content, name="people.csv"):
    client.force_login(person)
    return client.post("/people/sheets/", {"file": SimpleUploadedFile(name, content)})


class TestPages:
    def test_looked_at_and_then_brought_in(self, client, cast):
        looked = sent(client, cast.office, as_xlsx(line()), "people.xlsx")

        page = looked.content.decode()
        assert looked.status_code == 200
        assert "Will be invited" in page
        assert "Nothing is changed yet" in page
        assert not Invitation.objects.exists()
        kept = {"sheet": looked.context["kept"]}
        done = client.post(reverse("access:sheet_entry"), kept)
        assert done.status_code == 302
        sheet = Sheet.objects.get()
        assert done["Location"] == reverse("access:sheet_brought_in", args=[sheet.pk])
        assert sheet.root in client.get(done["Location"]).content.decode()
        again = client.post(reverse("access:sheet_entry"), kept)
        assert again.status_code == 422
        assert Invitation.objects.count() == 1

    def test_wrong_lines_are_shown_with_their_reasons_and_no_button(self, client, cast):
        looked = sent(client, cast.office, as_csv(line(), line(email="x")))
        page = looked.content.decode()
        assert looked.status_code == 422
        assert "“x” is no e-mail address." in page
        assert "Bring all of it in" not in page

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PK\x03\x04", b"a,b\n1,2"])
    def test_a_bad_file_is_a_sentence(self, client, cast, content):
        answer = sent(client, cast.office, content)
        assert answer.status_code == 422
        assert "t-wrong" in answer.content.decode()

    def test_one_too_large_is_said(self, client, cast):
        answer = sent(client, cast.office, b"x" * (5 * 2**20 + 1))
        assert answer.status_code == 422
        assert "larger than 5 MB" in answer.content.decode()

    def test_a_sheet_nobody_looked_at_brings_in_nothing(self, client, cast):
        looked = sent(client, cast.office, as_csv(line()))
        for forged in ("", "x", "x" * 999, looked.context["kept"][:-1]):
            assert client.post("/people/sheets/entry/", {"sheet": forged}).status_code == 302
        client.force_login(cast.lead)  # what the office looked at is not the lead's
        stolen = client.post("/people/sheets/entry/", {"sheet": looked.context["kept"]})
        assert stolen.status_code == 302
        assert not Invitation.objects.exists()

    def test_who_may_give_nothing_is_not_offered_it(self, client, cast):
        for who in (cast.inspector, cast.officer):
            client.force_login(who)
            for address in ("/people/sheets/", reverse("access:sheet_template")):
                assert client.get(address).status_code == 403
            assert client.post("/people/sheets/entry/", {}).status_code == 403
        client.force_login(cast.office)
        assert client.get(reverse("access:sheet")).status_code == 200

    def test_a_sheet_is_there_for_those_who_see_rights_over_all_of_it(self, client, cast):
        sheet = brought(cast.office, line())
        for who, status in (("lead", 200), ("inspector", 200), ("stranger", 404), ("officer", 404)):
            client.force_login(getattr(cast, who))
            assert client.get(f"/people/sheets/{sheet.pk}/").status_code == status

    @pytest.mark.parametrize("language", ["vi", "fr", "ru", "en"])
    def test_the_template_comes_back_as_it_was_filled(self, client, cast, language):
        client.force_login(cast.lead)
        client.cookies["django_language"] = language

        content = client.get("/people/sheets/template/").content

        assert content.startswith(b"PK")
        assert sheets.laid_out(read(content)) == []


def test_a_person_made_by_hand_is_matched_by_address_however_spelt(cast):
    person = a_person("Capital")
    Person.objects.filter(pk=person.pk).update(email="CAPITAL@rivers.example")
    (row,) = judged(cast.office, line(email="capital@RIVERS.example")).rows
    assert row.person == person
