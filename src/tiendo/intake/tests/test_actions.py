from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers import a_document, a_programme
from tiendo.documents.texts import one_spelling
from tiendo.intake import actions
from tiendo.intake.actions import AlreadyRead
from tiendo.intake.models import Intake, Proposal
from tiendo.intake.readings import found_in
from tiendo.intake.states import Status
from tiendo.intake.tests.conftest import TEXT, a_reading
from tiendo.kit.refusals import ChangedMeanwhile, Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.record import version_of
from tiendo.ledger.sentences import sentence
from tiendo.orgs.models import Post
from tiendo.tasks.models import Task


def worded(cast, proposal, **changes):
    """What the desk offers, as the person accepts it."""
    return {
        "programme": a_programme(cast),
        "title": proposal.work,
        "lead": proposal.lead,
        "product": proposal.work,
        "due_on": proposal.due_on,
    } | changes


class TestReadDocument:
    def test_the_office_reads_a_text_into_proposals_for_units_of_that_day(self, cast):
        document = a_document(cast, text=TEXT)

        intake = actions.read_document(document, by=cast.office)

        first = intake.proposals.first()
        assert first.lead == cast.ministry
        assert first.quote == document.text[first.start : first.end]
        assert first.due_on == date(2026, 3, 31)
        assert Entry.objects.about(intake).get().act == "intake.read"

    def test_a_text_is_read_once(self, cast, intake):
        with pytest.raises(AlreadyRead):
            actions.read_document(intake.document, by=cast.office)

        assert Intake.objects.count() == 1

    def test_somebody_else_cannot_have_it_read(self, cast):
        document = a_document(cast)

        with pytest.raises(Forbidden):
            actions.read_document(document, by=cast.lead)

        assert not Intake.objects.exists()

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        text=st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
            min_size=1,
            max_size=500,
        )
    )
    def test_any_text_is_read_without_an_exception(self, cast, text):
        if not one_spelling(text).strip():
            return
        document = a_document(cast, text=text)
        found = found_in(document)

        assert all(document.text[p.start : p.end] == p.quote for p in found.proposals)
        actions.read_document(document, by=cast.office, found=found)


class TestAccept:
    def test_the_office_accepts_and_the_sentence_stays_with_the_task(self, cast, intake):
        proposal = intake.proposals.first()

        task = actions.accept(
            proposal, by=cast.office, **worded(cast, proposal, measure="cleared ÷ all")
        )

        assert (task.quote, task.document, task.quote_language) == (
            proposal.quote,
            intake.document,
            "en",
        )
        assert (task.lead.unit, task.lead.verifier) == (cast.ministry, cast.committee)
        assert task.lead.post.kind == Post.Kind.HEAD
        proposal.refresh_from_db()
        assert (proposal.status, proposal.task, proposal.edited) == (Status.ACCEPTED, task, False)
        assert "became task" in sentence(Entry.objects.about(proposal).get())

    def test_what_the_person_changed_is_marked(self, cast, intake):
        proposal = intake.proposals.first()

        actions.accept(proposal, by=cast.office, **worded(cast, proposal, due_on=date(2026, 6, 30)))

        proposal.refresh_from_db()
        assert proposal.edited

    def test_helping_units_get_parts_of_their_own(self, cast, intake):
        proposal = intake.proposals.first()

        task = actions.accept(
            proposal, by=cast.office, **worded(cast, proposal, partners=(cast.other_ministry,))
        )

        assert [part.unit for part in task.co_parts] == [cast.other_ministry]

    def test_a_unit_that_would_verify_itself_is_refused_and_nothing_is_left(self, cast, intake):
        proposal = intake.proposals.first()

        with pytest.raises(Invalid) as refusal:
            actions.accept(proposal, by=cast.office, **worded(cast, proposal, lead=cast.committee))

        assert refusal.value.field == "verifier"
        assert not Task.objects.exists()
        assert not Entry.objects.about(proposal).exists()

    @pytest.mark.parametrize("who", ["lead", "inspector", "stranger", "committee_head"])
    def test_only_the_office_decides(self, cast, intake, who):
        proposal = intake.proposals.first()

        with pytest.raises(Forbidden):
            actions.accept(proposal, by=getattr(cast, who), **worded(cast, proposal))

        assert not Task.objects.exists()

    def test_two_people_cannot_both_decide(self, cast, intake):
        mine = intake.proposals.first()
        theirs = Proposal.objects.get(pk=mine.pk)
        seen = version_of(mine)
        actions.accept(theirs, by=cast.office, **worded(cast, theirs))

        with pytest.raises(ChangedMeanwhile) as refusal:
            actions.refuse(mine, by=cast.office, reason="Guidance", saw=seen)

        assert [entry.act for entry in refusal.value.since] == ["intake.accepted"]
        assert Task.objects.count() == 1

    def test_a_decision_that_slips_between_look_and_act_wins(self, cast, intake, monkeypatch):
        mine = intake.proposals.first()
        monkeypatch.setattr(actions, "require_move", lambda *_given: None)
        actions.refuse(Proposal.objects.get(pk=mine.pk), by=cast.office, reason="Guidance")

        with pytest.raises(ChangedMeanwhile):
            actions.accept(mine, by=cast.office, **worded(cast, mine))

        assert not Task.objects.exists()


class TestRefuse:
    def test_the_office_refuses_with_a_reason_and_takes_it_back(self, cast, intake):
        proposal = intake.proposals.first()

        actions.refuse(proposal, by=cast.office, reason="Guidance: no product, no date")
        proposal.refresh_from_db()
        assert (proposal.status, proposal.reason) == (
            Status.REFUSED,
            "Guidance: no product, no date",
        )

        actions.reopen(proposal, by=cast.office)
        proposal.refresh_from_db()
        assert (proposal.status, proposal.reason, proposal.decided_by) == (Status.WAITING, "", None)
        acts = [entry.act for entry in Entry.objects.about(proposal)]
        assert acts == ["intake.refused", "intake.reopened"]

    def test_a_refusal_needs_its_reason(self, cast, intake):
        proposal = intake.proposals.first()

        with pytest.raises(Invalid):
            actions.refuse(proposal, by=cast.office, reason="  ")

        proposal.refresh_from_db()
        assert proposal.status == Status.WAITING

    def test_somebody_else_cannot_refuse_or_reopen(self, cast, intake):
        proposal = intake.proposals.first()

        with pytest.raises(Forbidden):
            actions.refuse(proposal, by=cast.lead, reason="Not ours")
        actions.refuse(proposal, by=cast.office, reason="Guidance")
        with pytest.raises(Forbidden):
            actions.reopen(proposal, by=cast.lead)

        proposal.refresh_from_db()
        assert proposal.status == Status.REFUSED

    def test_an_accepted_proposal_stays_accepted(self, cast):
        proposal = a_reading(cast).proposals.first()
        actions.accept(proposal, by=cast.office, **worded(cast, proposal))

        with pytest.raises(Refused, match="decided already"):
            actions.reopen(proposal, by=cast.office)

        proposal.refresh_from_db()
        assert proposal.status == Status.ACCEPTED
