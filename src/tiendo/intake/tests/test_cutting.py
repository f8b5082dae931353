"""A person cuts, joins, marks and takes that back; a text read again keeps what was decided."""

from datetime import date

import pytest

from makers import a_document, a_programme, a_unit
from tiendo.documents.models import Document
from tiendo.intake import actions, actions_cutting, actions_rereading
from tiendo.intake.cuts import cuts_in, parted, span_of
from tiendo.intake.readings import found_in
from tiendo.intake.states import Origin, Status
from tiendo.intake.tests.test_actions import worded
from tiendo.kit.refusals import ChangedMeanwhile, Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.record import version_of
from tiendo.ledger.sentences import sentence
from tiendo.tasks.models import Task

BOTH = (
    "The Ministry of Rivers shall clear the backlog of paper records before 31 March 2026; "
    "the Ministry of Roads shall report on its bridges by the end of 2025."
)
LATER = "The Ministry of Roads shall mend the old ferry."
TEXT = f"It was said that work goes on.\n\n{BOTH}\n\n{LATER}"


@pytest.fixture
def desk(cast):
    a_programme(cast)
    return actions.read_document(a_document(cast, text=TEXT), by=cast.office)


def whole(desk, cast):
    """One proposal of both orders, as a reader would give that did not cut."""
    first, second = (
        desk.proposals.filter(quote__contains="backlog"),
        desk.proposals.filter(quote__contains="bridges"),
    )
    return actions_cutting.join(first.get(), by=cast.office, others=[second.get()])


def standing(desk):
    return [one.quote for one in desk.proposals.standing()]


class TestCuts:
    def test_a_sentence_is_cut_surely_at_its_semicolon_and_perhaps_at_its_commas(self):
        quote = "clear the records by May; report on the bridges, and mend the ferry"

        assert [quote[place:] for place, sure in cuts_in(quote) if sure] == [
            "report on the bridges, and mend the ferry"
        ]
        assert "and mend the ferry" in [quote[place:] for place, _sure in cuts_in(quote)]

    @pytest.mark.parametrize("quote", ["", ";;;", "short; too", "\n\n", "a" * 5_000])
    def test_no_part_is_too_short_to_be_a_task(self, quote):
        for place, _sure in cuts_in(quote):
            assert all(end - start >= 12 for start, end in parted(quote, [place]))

    def test_words_are_found_however_their_spaces_were_written(self):
        text = "one two  three\nfour one two"

        assert span_of("two three four", text) == (4, 19)
        assert span_of("one two", text, near=20) == (20, 27)
        assert span_of("five", text) is span_of("", text) is None


class TestSplit:
    def test_one_sentence_becomes_two_proposals_each_with_its_own_lead_and_date(self, cast, desk):
        proposal = whole(desk, cast)
        at = proposal.quote.index("the Ministry of Roads")

        first, second = actions_cutting.split(proposal, by=cast.office, at=[at])

        assert (first.due_on, second.due_on) == (date(2026, 3, 31), date(2025, 12, 31))
        assert first.lead == cast.ministry
        assert desk.document.text[second.start : second.end] == second.quote
        assert {first.origin, second.origin} == {Origin.PERSON}
        proposal.refresh_from_db()
        assert proposal.status == Status.REPLACED
        told = [sentence(entry) for entry in Entry.objects.about(proposal)]
        assert any("was split; parts: 2" in line for line in told)

    def test_a_part_that_names_nobody_is_for_whom_the_whole_was_for(self, cast):
        text = "The Ministry of Rivers shall clear the backlog of records, and mend the old ferry."
        desk = actions.read_document(a_document(cast, text=text), by=cast.office)
        proposal = desk.proposals.get()

        _first, second = actions_cutting.split(
            proposal, by=cast.office, at=[proposal.quote.index("and mend")]
        )

        assert second.lead == cast.ministry
        assert second.assignees[0]["written"] == "Ministry of Rivers"

    @pytest.mark.parametrize("at", [[], [0], [3], [10**9], [-4]])
    def test_a_cut_that_leaves_no_task_is_refused_and_nothing_changes(self, cast, desk, at):
        proposal = desk.proposals.first()
        before = standing(desk)

        with pytest.raises(Invalid):
            actions_cutting.split(proposal, by=cast.office, at=at)

        assert standing(desk) == before
        assert version_of(proposal) == 0

    def test_who_may_only_look_and_whoever_was_slower_cannot(self, cast, desk):
        proposal = whole(desk, cast)
        at = [proposal.quote.index("the Ministry of Roads")]
        saw = version_of(proposal)
        with pytest.raises(Forbidden):
            actions_cutting.split(proposal, by=cast.inspector, at=at)
        actions.refuse(proposal, by=cast.office, reason="Guidance", saw=saw)

        with pytest.raises(ChangedMeanwhile) as lost:
            actions_cutting.split(proposal, by=cast.office, at=at, saw=saw)

        assert "refused" in sentence(lost.value.since[-1])

    def test_what_was_accepted_is_not_cut_any_more(self, cast, desk):
        proposal = desk.proposals.first()
        actions.accept(proposal, by=cast.office, **worded(cast, proposal))

        with pytest.raises(Refused, match="decided already"):
            actions_cutting.split(proposal, by=cast.office, at=[40])


class TestJoin:
    def test_two_sentences_become_one_proposal_with_both_stretches_marked(self, cast, desk):
        first = desk.proposals.get(quote__contains="backlog")
        last = desk.proposals.get(quote__contains="ferry")

        made = actions_cutting.join(first, by=cast.office, others=[last])

        assert made.spans == [(first.start, first.end), (last.start, last.end)]
        assert made.quote == f"{first.quote} […] {last.quote}"
        assert (made.lead, made.due_on) == (cast.ministry, date(2026, 3, 31))
        assert [one["written"] for one in made.assignees] == [
            "Ministry of Rivers",
            "Ministry of Roads",
        ]
        assert len(standing(desk)) == 2

    def test_stretches_that_touch_become_one(self, cast, desk):
        made = whole(desk, cast)

        assert made.more == []
        assert made.quote == BOTH.rstrip(".")

    def test_the_joined_task_keeps_both_sentences(self, cast, desk):
        first, last = desk.proposals.first(), desk.proposals.last()
        made = actions_cutting.join(first, by=cast.office, others=[last])

        task = actions.accept(made, by=cast.office, **worded(cast, made))

        assert first.quote in task.quote
        assert last.quote in task.quote
        made.refresh_from_db()
        assert made.source["spans"] == [list(span) for span in made.spans]

    def test_with_itself_with_nothing_or_with_another_text_is_refused(self, cast, desk):
        first = desk.proposals.first()
        foreign = actions.read_document(a_document(cast, text=TEXT), by=cast.office)
        for others in ([], [first], [foreign.proposals.first()]):
            with pytest.raises(Invalid):
                actions_cutting.join(first, by=cast.office, others=others)

        assert len(standing(desk)) == 3

    def test_one_that_was_decided_meanwhile_cannot_be_joined(self, cast, desk):
        first, last = desk.proposals.first(), desk.proposals.last()
        actions.refuse(last, by=cast.office, reason="Guidance")

        with pytest.raises(Refused):
            actions_cutting.join(first, by=cast.office, others=[last])

        first.refresh_from_db()
        assert first.status == Status.WAITING


class TestPropose:
    def test_a_person_marks_words_in_which_nothing_was_found(self, cast, desk):
        start, end = span_of("It was said that work goes on.", desk.document.text)

        made = actions_cutting.propose(desk, by=cast.office, start=start, end=end)

        assert made.quote == "It was said that work goes on"
        assert (made.origin, made.status, made.lead) == (Origin.PERSON, Status.WAITING, None)
        assert desk.proposals.standing().first() == made
        assert "put on the desk" in sentence(Entry.objects.about(made).get())

    def test_what_is_proposed_already_or_says_nothing_is_refused(self, cast, desk):
        first = desk.proposals.first()
        for start, end in ((first.start, first.end), (5, 5), (9, 3), (0, 4), (10**7, 10**7 + 50)):
            with pytest.raises(Invalid):
                actions_cutting.propose(desk, by=cast.office, start=start, end=end)

        with pytest.raises(Forbidden):
            actions_cutting.propose(desk, by=cast.inspector, start=0, end=30)
        assert len(standing(desk)) == 3


class TestRestore:
    def test_a_split_is_taken_back_and_may_be_made_again(self, cast, desk):
        before = standing(desk)
        proposal = whole(desk, cast)
        at = [proposal.quote.index("the Ministry of Roads")]
        for _time in range(2):
            first, _second = actions_cutting.split(proposal, by=cast.office, at=at)
            [again] = actions_cutting.restore(first, by=cast.office)
            assert again == proposal
        actions_cutting.restore(proposal, by=cast.office)

        assert standing(desk) == before

    def test_not_while_another_part_is_decided(self, cast, desk):
        proposal = whole(desk, cast)
        at = [proposal.quote.index("the Ministry of Roads")]
        first, second = actions_cutting.split(proposal, by=cast.office, at=at)
        actions.refuse(second, by=cast.office, reason="Guidance")

        with pytest.raises(Refused, match="take that back first"):
            actions_cutting.restore(first, by=cast.office)

        actions.reopen(second, by=cast.office)
        assert actions_cutting.restore(first, by=cast.office) == [proposal]

    def test_what_the_reader_found_is_refused_with_a_reason_not_taken_back(self, cast, desk):
        with pytest.raises(Refused, match="with a reason"):
            actions_cutting.restore(desk.proposals.first(), by=cast.office)

    def test_what_was_replaced_comes_back_only_with_its_parts(self, cast, desk):
        first = desk.proposals.first()
        whole(desk, cast)

        with pytest.raises(Refused, match="Other proposals stand in its place"):
            actions.reopen(first, by=cast.office)


class TestFollow:
    def test_a_sentence_that_a_task_follows_already_makes_no_second_task(self, cast, desk):
        first, last = desk.proposals.first(), desk.proposals.last()
        task = actions.accept(first, by=cast.office, **worded(cast, first))

        actions.follow(last, by=cast.office, task=task)

        assert Task.objects.count() == 1
        assert list(task.sentences.all()) == [last]
        assert f"followed by task {task.number}" in sentence(Entry.objects.about(last).get())
        actions.reopen(last, by=cast.office)
        last.refresh_from_db()
        assert (last.status, last.follows) == (Status.WAITING, None)

    def test_a_task_one_cannot_see_is_refused(self, cast, desk):
        first, last = desk.proposals.first(), desk.proposals.last()
        task = actions.accept(first, by=cast.office, **worded(cast, first))
        elsewhere = a_unit("Ministry of Ports")
        Task.objects.filter(pk=task.pk).update(unit=elsewhere, secrecy="secret")
        task.parts.update(unit=elsewhere, verifier=a_unit("Ministry of Seas"))

        with pytest.raises(Refused):
            actions.follow(last, by=cast.office, task=task)


class TestReadAgain:
    def change(self, desk, text):
        Document.objects.filter(pk=desk.document_id).update(text=text)
        desk.document.refresh_from_db()

    def test_the_same_text_by_the_same_rules_changes_nothing(self, cast, desk):
        before = list(desk.proposals.values_list("pk", "status", "start", "quote"))

        told = actions_rereading.read_again(desk, by=cast.office)

        assert not any([told.new, told.refreshed, told.withdrawn, told.gone, told.moved])
        assert list(desk.proposals.values_list("pk", "status", "start", "quote")) == before

    def test_what_was_decided_stays_and_moves_with_its_sentence(self, cast, desk):
        accepted, refused, waiting = desk.proposals.standing()
        first_read = dict(accepted.source)
        task = actions.accept(accepted, by=cast.office, **worded(cast, accepted))
        actions.refuse(refused, by=cast.office, reason="Guidance")
        extra = "The Ministry of Rivers shall open the new canal by June 2026."
        self.change(desk, f"A new opening.\n\n{extra}\n\n{TEXT}")

        told = actions_rereading.read_again(desk, by=cast.office)

        text = desk.document.text
        for one in desk.proposals.standing():
            assert text[one.start : one.end] == one.quote
        accepted.refresh_from_db()
        assert (accepted.status, accepted.task, accepted.source) == (
            Status.ACCEPTED,
            task,
            first_read,
        )
        refused.refresh_from_db()
        assert refused.status == Status.REFUSED
        assert [one.quote for one in told.new] == [extra.rstrip(".")]
        waiting.refresh_from_db()
        assert waiting.status == Status.WAITING
        assert desk.proposals.count() == 4

    def test_a_decided_sentence_that_no_longer_stands_there_is_kept_and_said_to_be_gone(
        self, cast, desk
    ):
        first = desk.proposals.first()
        actions.accept(first, by=cast.office, **worded(cast, first))
        quote = first.quote
        self.change(desk, f"Nothing is ordered here any more.\n\n{LATER}")

        told = actions_rereading.read_again(desk, by=cast.office)

        first.refresh_from_db()
        assert (first.is_gone, first.quote, first.status) == (True, quote, Status.ACCEPTED)
        assert first.task.quote == quote
        assert [one.quote for one in told.withdrawn] != []
        assert standing(desk) == [quote, LATER.rstrip(".")]

    def test_what_a_person_cut_or_joined_is_not_proposed_a_second_time(self, cast, desk):
        whole(desk, cast)
        before = standing(desk)

        actions_rereading.read_again(desk, by=cast.office)

        assert standing(desk) == before

    def test_a_sentence_that_comes_back_is_proposed_again_by_the_same_number(self, cast, desk):
        last = desk.proposals.last()
        self.change(desk, BOTH)
        actions_rereading.read_again(desk, by=cast.office)
        last.refresh_from_db()
        assert last.status == Status.REPLACED
        self.change(desk, TEXT)

        actions_rereading.read_again(desk, by=cast.office)

        last.refresh_from_db()
        assert last.status == Status.WAITING
        assert desk.proposals.count() == 3

    def test_until_then_nothing_is_cut_in_a_text_that_has_changed(self, cast, desk):
        first = desk.proposals.first()
        self.change(desk, TEXT + " More.")

        with pytest.raises(Refused, match="Read it again"):
            actions_cutting.split(first, by=cast.office, at=[30])
        with pytest.raises(Refused, match="Read it again"):
            actions_cutting.propose(desk, by=cast.office, start=0, end=30)

    def test_who_may_only_look_cannot_have_it_read_again(self, cast, desk):
        with pytest.raises(Forbidden):
            actions_rereading.read_again(desk, by=cast.inspector, found=found_in(desk.document))
