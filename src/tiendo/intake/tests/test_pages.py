import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers import a_document, a_programme, a_unit
from tiendo.intake import actions
from tiendo.intake.models import Intake
from tiendo.intake.states import Status
from tiendo.intake.tests.conftest import TEXT, a_reading
from tiendo.ledger.models import Entry
from tiendo.orgs.models import Kind
from tiendo.tasks.clears import unclear
from tiendo.tasks.models import Programme, Task
from tiendo.tasks.reads import wording_of
from tiendo.tasks.states import Status as PartStatus


@pytest.fixture
def office(cast, client):
    client.force_login(cast.office)
    return client


def at(name, thing) -> str:
    return reverse(name, args=[thing.pk])


def typed(proposal, **changes):
    """What the desk's form holds for a proposal, as a browser sends it."""
    return {
        "title": proposal.work,
        "lead": "Ministry of Rivers",
        "product": "A signed list of the records",
        "due_on": "2026-03-31",
        "cycle": "",
        "measure": "records cleared ÷ records at the start",
        "authority": "The minister signs",
        "responsibility": "Answers to the committee",
        "verifier": "Steering Committee",
        "partners": "",
    } | changes


class TestReading:
    def test_the_office_has_a_text_read_and_lands_on_its_desk(self, cast, office):
        document = a_document(cast, text=TEXT)

        answer = office.post(at("intake:reading", document))

        assert answer.url == Intake.objects.get().get_absolute_url()
        assert office.post(at("intake:reading", document)).url == answer.url
        assert Intake.objects.count() == 1

    def test_who_may_not_decide_is_refused(self, cast, client):
        document = a_document(cast)
        client.force_login(cast.lead)

        assert client.post(at("intake:reading", document)).status_code == 403
        assert not Intake.objects.exists()

    def test_a_stranger_to_a_graded_text_finds_nothing(self, cast, client):
        document = a_document(cast, secrecy="secret")
        client.force_login(cast.stranger)

        assert client.post(at("intake:reading", document)).status_code == 404


class TestDesk:
    def test_the_text_stands_left_and_the_proposals_right(self, office, intake):
        page = office.get(intake.get_absolute_url()).content.decode()

        assert "Work has begun well." in page
        assert "Clear the backlog of paper records" in page
        assert "Ministry of Rivers<sup>A</sup>" in page
        assert "Not in the text." in page
        assert 'data-key="a"' in page

    def test_who_may_only_look_sees_no_buttons(self, cast, client, intake):
        client.force_login(cast.inspector)

        page = client.get(intake.get_absolute_url()).content.decode()

        assert "Clear the backlog" in page
        assert 'data-key="a"' not in page

    def test_a_stranger_finds_nothing_and_nobody_signs_in(self, cast, client, intake):
        assert client.get(intake.get_absolute_url()).status_code == 302
        client.force_login(cast.stranger)
        assert client.get(intake.get_absolute_url()).status_code == 404
        assert client.get(reverse("intake:desks")).status_code == 403

    @pytest.mark.parametrize("asked", ["x", "-1", "99999999999999999999999", "²", "\x00"])
    def test_an_unknown_proposal_opens_the_first_that_waits(self, office, intake, asked):
        assert office.get(intake.get_absolute_url(), {"p": asked}).status_code == 200

    def test_the_list_says_how_far_each_text_is(self, cast, office, intake):
        a_document(cast, title="Not read yet")

        page = office.get(reverse("intake:desks")).content.decode()

        assert "0 of 2 settled" in page
        assert "Not read yet" in page

    def test_the_number_of_questions_does_not_grow_with_the_proposals(self, cast, office):
        few, many = a_reading(cast, 2), a_reading(cast, 20)
        for one in (few, many):
            first = one.proposals.first()
            office.post(at("intake:acceptance", first), typed(first))

        assert queries(office, few.get_absolute_url()) == queries(office, many.get_absolute_url())

    def test_of_a_very_long_text_the_desk_shows_what_stands_around_the_open_proposal(
        self, cast, office
    ):
        intake = a_reading(cast, 150)
        last = intake.proposals.last()

        desk = office.get(intake.get_absolute_url(), {"p": last.pk}).context["desk"]

        assert desk.current.proposal == last
        assert (desk.count, desk.after, desk.later) == (150, None, 0)
        assert desk.earlier + len(desk.rows) == 150
        assert len(desk.rows) < 60

    def test_one_text_or_six_the_list_asks_as_often(self, cast, office, intake):
        before = queries(office, reverse("intake:desks"))
        for _n in range(5):
            a_reading(cast, 3)

        assert queries(office, reverse("intake:desks")) == before


class TestAcceptance:
    def test_what_the_desk_offers_is_accepted_by_one_key(self, office, intake):
        page = office.get(intake.get_absolute_url())
        offered = {
            name: field.value() or ""
            for name, field in zip(page.context["form"].fields, page.context["form"], strict=True)
        }
        first = intake.proposals.first()

        answer = office.post(at("intake:acceptance", first), {**offered, "version": "0"})

        task = Task.objects.get()
        assert answer.status_code == 302
        assert (task.title, task.lead.unit.name, task.lead.due_on) == (
            first.work, "Ministry of Rivers", date(2026, 3, 31),
        )  # fmt: skip
        assert task.quote == first.quote
        assert answer.url.endswith(f"p={intake.proposals.last().pk}")

    def test_the_edited_fields_are_the_task(self, cast, office, intake):
        first = intake.proposals.first()

        office.post(
            at("intake:acceptance", first),
            typed(first, title="Digitise all", partners="Ministry of Roads", is_key="on"),
        )

        task = Task.objects.get()
        assert (task.title, task.is_key, task.measure) == (
            "Digitise all",
            True,
            "records cleared ÷ records at the start",
        )
        assert [part.unit for part in task.co_parts] == [cast.other_ministry]
        first.refresh_from_db()
        assert first.edited

    def test_what_the_text_does_not_say_is_typed_on_the_spot(self, cast, office):
        first = a_reading(cast, lead=None, due_on=None, target="").proposals.first()
        page = office.get(first.intake.get_absolute_url())
        shown = page.content.decode()
        hidden = {n: v for n, v in page.context["form"].initial.items() if v and n != "is_key"}

        office.post(
            at("intake:acceptance", first),
            {**hidden, "lead": "Ministry of Rivers", "due_on": "2026-03-31", "measure": "1 ÷ 9"},
        )

        for name in ("lead", "due_on", "measure"):
            assert re.search(rf'<input type="(text|date)" name="{name}"[^>]*form="accept"', shown)
            assert not re.search(rf'<input type="hidden" name="{name}"', shown)
        task = Task.objects.get()
        assert task.authority == "The head of Ministry of Rivers decides"
        assert not unclear(wording_of(task))

    def test_the_authority_offered_follows_the_lead_and_one_typed_stays(self, cast, office, intake):
        first, last = intake.proposals.all()
        offered = "The head of Ministry of Rivers decides"
        roads = {"lead": "Ministry of Roads"}

        office.post(at("intake:acceptance", first), typed(first, authority=offered, **roads))
        office.post(at("intake:acceptance", last), typed(last, **roads))

        assert [task.authority for task in Task.objects.order_by("number")] == [
            "The head of Ministry of Roads decides",
            "The minister signs",
        ]

    @pytest.mark.parametrize("who", ["inspector", "committee_head"])
    def test_who_may_only_look_is_refused(self, cast, client, intake, who):
        first = intake.proposals.first()
        client.force_login(getattr(cast, who))

        for name in ("intake:acceptance", "intake:refusal", "intake:reopening"):
            assert client.post(at(name, first), typed(first)).status_code == 403
        assert client.get(at("intake:edit", first)).status_code == 403
        assert not Task.objects.exists()

    def test_a_stranger_finds_nothing(self, cast, client, intake):
        first = intake.proposals.first()
        client.force_login(cast.stranger)

        for name in ("intake:acceptance", "intake:refusal", "intake:reopening"):
            assert client.post(at(name, first), typed(first)).status_code == 404

    def test_the_slower_of_two_is_told_what_happened_and_loses_no_word(self, cast, office, intake):
        first = intake.proposals.first()
        actions.refuse(first, by=cast.office, reason="Guidance only")

        answer = office.post(at("intake:acceptance", first), typed(first, version="0"))

        assert answer.status_code == 422
        assert "Guidance only" in answer.content.decode()
        assert not Task.objects.exists()

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"title": " "}, "title"),
            ({"title": "t" * 501}, "title"),
            ({"title": "nul\x00"}, "title"),
            ({"lead": ""}, "lead"),
            ({"lead": "Ministry of Nowhere At All"}, "lead"),
            ({"lead": "Steering Committee"}, "verifier"),
            ({"verifier": "Nobody we know of"}, "verifier"),
            ({"due_on": "31/31/2026"}, "due_on"),
            ({"cycle": "P1D"}, "cycle"),
            ({"partners": "Ministry of Roads\nNobody we know of"}, "partners"),
            ({"product": "p" * 301}, "product"),
        ],
    )
    def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_is_lost(
        self, office, intake, change, field
    ):
        first = intake.proposals.first()

        answer = office.post(
            at("intake:acceptance", first), typed(first, measure="kept words") | change
        )

        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert "kept words" in answer.content.decode()
        assert not Task.objects.exists()

    def test_a_name_of_two_units_is_asked_about_and_the_choice_is_taken(self, cast, office, intake):
        a_unit("Commune of Springs", under=cast.province, kind=Kind.MINISTRY)
        south = a_unit("Commune of Springs", under=cast.ministry, kind=Kind.MINISTRY)
        first = intake.proposals.first()
        given = typed(first, lead="Commune of Springs")

        assert "lead" in office.post(at("intake:acceptance", first), given).context["choices"]
        office.post(
            at("intake:acceptance", first),
            given | {"lead_for": "Commune of Springs", "lead_unit": south.pk},
        )

        assert Task.objects.get().lead.unit == south

    def test_without_a_programme_one_is_asked_for(self, cast, office):
        intake = a_reading(cast, programme=False)
        first = intake.proposals.first()

        assert office.post(at("intake:acceptance", first), typed(first)).status_code == 422
        assert not Task.objects.exists()

        office.post(
            at("intake:programme", intake), {"symbol": "57-NQ/TW", "title": "Breakthroughs"}
        )
        assert office.post(at("intake:acceptance", first), typed(first)).status_code == 302
        assert Task.objects.get().programme == Programme.objects.get()

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(words=st.text(st.characters(exclude_categories=["Cs"]), max_size=320))
    def test_whatever_is_typed_is_answered(self, office, intake, words):
        first = intake.proposals.first()
        names = (
            "lead",
            "product",
            "measure",
            "partners",
            "verifier",
            "due_on",
            "version",
            "lead_unit",
        )

        answer = office.post(
            at("intake:acceptance", first), typed(first, **dict.fromkeys(names, words))
        )

        assert answer.status_code == 422


class TestRefusal:
    def test_the_office_refuses_with_a_reason_and_takes_it_back(self, office, intake):
        first = intake.proposals.first()
        assert office.get(at("intake:refusal", first)).status_code == 200

        answer = office.post(at("intake:refusal", first), {"kind": "guidance", "words": "No date"})
        first.refresh_from_db()
        assert first.reason == "Guidance: no product, no date: No date"
        assert at("intake:reopening", first) in office.get(answer.url).content.decode()

        office.post(at("intake:reopening", first))
        first.refresh_from_db()
        assert first.status == Status.WAITING

    @pytest.mark.parametrize(
        "given", [{}, {"kind": "other"}, {"kind": "no such"}, {"kind": "other", "words": "\x00"}]
    )
    def test_a_refusal_without_a_reason_is_sent_back(self, office, intake, given):
        first = intake.proposals.first()

        assert office.post(at("intake:refusal", first), given).status_code == 422
        first.refresh_from_db()
        assert first.status == Status.WAITING

    def test_what_waits_cannot_be_taken_back(self, office, intake):
        assert office.post(at("intake:reopening", intake.proposals.first())).status_code == 409


class TestProgramme:
    def test_the_choice_stays_for_the_desk(self, cast, office, intake):
        other = a_programme(cast, "226-KL/TW")
        first = Programme.objects.exclude(pk=other.pk).get()
        proposal = intake.proposals.first()

        office.post(at("intake:programme", intake), {"chosen": first.pk})
        office.post(at("intake:acceptance", proposal), typed(proposal))

        assert Task.objects.get().programme == first

    @pytest.mark.parametrize("symbol", ["", "s" * 41, "57-NQ/TW", "\x00"])
    def test_a_programme_that_cannot_be_opened_is_said(self, office, intake, symbol):
        given = {"symbol": symbol, "title": "Breakthroughs"}

        assert office.post(at("intake:programme", intake), given).status_code == 422
        assert Programme.objects.count() == 1

    @pytest.mark.parametrize("chosen", ["x", "999999999999999999999999", "\x00", ""])
    def test_a_nonsense_choice_changes_nothing(self, office, intake, chosen):
        assert office.post(at("intake:programme", intake), {"chosen": chosen}).status_code == 302
        assert office.get(intake.get_absolute_url()).status_code == 200

    def test_who_may_only_look_is_refused(self, cast, client, intake):
        client.force_login(cast.inspector)

        assert (
            client.post(at("intake:programme", intake), {"symbol": "1", "title": "x"}).status_code
            == 403
        )


class TestIssue:
    def test_clear_tasks_go_out_and_the_others_say_what_is_missing(self, office, intake):
        first, last = intake.proposals.all()
        office.post(at("intake:acceptance", first), typed(first))
        office.post(at("intake:acceptance", last), typed(last, measure=""))

        page = office.post(at("intake:issue", intake), follow=True).content.decode()

        assert {task.lead.status for task in Task.objects.all()} == {
            PartStatus.ISSUED,
            PartStatus.DRAFT,
        }
        assert "1 task was issued." in page
        assert "1 task is not clear yet" in page
        assert "missing:" in page

    def test_who_may_only_look_is_refused(self, cast, client, intake):
        client.force_login(cast.inspector)

        assert client.post(at("intake:issue", intake)).status_code == 403
        assert not Entry.objects.filter(act="tasks.issued").exists()


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_the_desks_show_texts_that_wait_to_be_read(cast, client):
    """Also to somebody with a bell: the shell's own words and the page's do not share a name."""
    document = a_document(cast, text="The Ministry of Rivers shall report.")
    client.force_login(cast.office)
    page = client.get("/desk/").content.decode()
    assert document.title in page
