from datetime import timedelta

import pytest

from makers import a_draft, a_grant, a_person, a_submission, a_unit, an_accepted, an_issued
from tiendo.access.capabilities import Role
from tiendo.kit import clock
from tiendo.kit.refusals import ChangedMeanwhile, Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.record import version_of
from tiendo.orgs.models import Kind, Succession
from tiendo.tasks import actions
from tiendo.tasks.actions import NotClear, PartWording
from tiendo.tasks.models import Part, Programme, Report, Task, Verdict
from tiendo.tasks.states import ReturnReason, Status


class TestIssue:
    def test_the_office_issues_a_clear_task_and_its_first_date_is_kept(self, cast):
        task = actions.issue(a_draft(cast), by=cast.office)

        assert task.lead.status == Status.ISSUED
        assert task.lead.first_due_on == task.lead.due_on
        assert Entry.objects.about(task).last().act == "tasks.issued"

    def test_a_task_without_a_measure_stays_a_draft(self, cast):
        task = a_draft(cast, measure="")

        with pytest.raises(NotClear) as refusal:
            actions.issue(task, by=cast.office)

        assert refusal.value.missing == ["measure"]
        assert task.lead.status == Status.DRAFT
        assert Entry.objects.about(task).last().act == "tasks.drafted"

    def test_the_head_may_overrule_the_gate_with_a_note_and_the_office_may_not(self, cast):
        task = a_draft(cast, measure="")

        with pytest.raises(Forbidden):
            actions.issue(task, by=cast.office, overrule="Urgent")

        actions.issue(task, by=cast.committee_head, overrule="Urgent; the measure follows")
        assert task.lead.status == Status.ISSUED

    def test_a_unit_head_cannot_issue(self, cast):
        task = a_draft(cast)

        with pytest.raises(Forbidden):
            actions.issue(task, by=cast.lead)

        assert task.lead.status == Status.DRAFT


class TestReport:
    def test_the_lead_submits_with_a_file(self, cast):
        report = a_submission(cast)

        assert report.part.status == Status.SUBMITTED
        assert report.evidence.get().name == "minutes.pdf"

    def test_a_final_report_without_a_file_is_refused_and_leaves_nothing(self, cast):
        task = an_accepted(cast)

        with pytest.raises(Invalid) as refusal:
            actions.report(task.lead, by=cast.lead, words="All done.", is_final=True)

        assert refusal.value.field == "files"
        assert not task.lead.reports.exists()

    def test_a_part_not_yet_accepted_cannot_be_reported(self, cast):
        task = an_issued(cast)

        with pytest.raises(Refused, match="Accept the task first"):
            actions.report(task.lead, by=cast.lead, words="All done.")

    def test_a_stranger_cannot_report(self, cast):
        task = an_accepted(cast)

        with pytest.raises(Forbidden):
            actions.report(task.lead, by=cast.stranger, words="All done.")

        assert not task.lead.reports.exists()


class TestVerdict:
    def test_done_happened_the_day_it_was_submitted_and_is_known_from_the_verdict(self, cast):
        report = a_submission(cast)

        verdict = actions.verify(report, by=cast.verifier)

        move = report.part.moves.order_by("pk").last()
        assert report.part.status == Status.DONE
        assert move.true_on == report.part.done_on == clock.day_of(report.sent_at)
        assert move.at == verdict.at > report.sent_at

    def test_the_doer_can_never_verify(self, cast):
        report = a_submission(cast)

        with pytest.raises(Forbidden):
            actions.verify(report, by=cast.lead)

        assert report.part.status == Status.SUBMITTED

    def test_whoever_may_report_for_the_unit_may_not_verify_it_even_as_verifier(self, cast):
        report = a_submission(cast)
        a_grant(Role.OFFICER, cast.ministry, cast.verifier)

        with pytest.raises(Forbidden, match="outside the unit"):
            actions.verify(report, by=cast.verifier)

    def test_nobody_verifies_a_product_they_sent_themselves(self, cast):
        report = a_submission(cast)
        cast.verifier.grants.update(ends_on=clock.today())
        a_grant(Role.VERIFIER, cast.committee, cast.lead)
        cast.lead.grants.filter(role=Role.UNIT_HEAD).update(ends_on=clock.today())

        with pytest.raises(Forbidden, match="outside the unit"):
            actions.verify(report, by=cast.lead)

    def test_a_verifier_merged_into_the_doer_leaves_the_verdict_to_those_above_both(self, cast):
        report = a_submission(cast)
        Succession.objects.create(
            old=cast.committee, new=cast.ministry, on=clock.today(), is_default=True
        )
        inside = a_person("Inside", role=Role.VERIFIER, over=cast.ministry)

        with pytest.raises(Forbidden, match="outside the unit"):
            actions.verify(report, by=inside)

        assert actions.verify(report, by=cast.office).accepted

    def test_no_part_of_the_doer_is_named_as_its_verifier(self, cast):
        within = a_unit("Department of Locks", under=cast.ministry, kind=Kind.DEPARTMENT)
        task = a_draft(cast)

        for unit in (cast.ministry, within):
            lead = PartWording(unit=cast.ministry, verifier=unit)
            with pytest.raises(Invalid, match="cannot verify its own part"):
                actions.draft(task.programme, by=cast.office, title="Count the locks", lead=lead)
            with pytest.raises(Invalid, match="cannot verify its own part"):
                actions.reword(task, by=cast.office, saw=1, lead=lead)
        above = PartWording(unit=within, verifier=cast.ministry)
        assert actions.draft(task.programme, by=cast.office, title="Count the locks", lead=above)

    def test_two_verifiers_who_both_saw_it_waiting_give_one_verdict(self, cast):
        one = a_submission(cast)
        other = Report.objects.select_related("part__task").get(pk=one.pk)
        actions.verify(one, by=cast.verifier)

        with pytest.raises(Refused, match="not waiting"):
            actions.send_back(other, by=cast.office, reason=ReturnReason.FORM, note="No stamp")

        assert Verdict.objects.get().accepted
        assert Entry.objects.about(one.part.task).last().act == "tasks.verified"

    def test_a_returned_report_is_reported_again_and_verified(self, cast):
        first = a_submission(cast)
        actions.send_back(
            first, by=cast.verifier, reason=ReturnReason.EVIDENCE, note="The list is not signed."
        )
        second = a_submission(cast, first.part.task)

        actions.verify(second, by=cast.verifier)

        assert second.number == 2
        assert second.part.status == Status.DONE

    def test_a_report_is_judged_once(self, cast):
        report = a_submission(cast)
        actions.verify(report, by=cast.verifier)

        with pytest.raises(Refused):
            actions.send_back(report, by=cast.verifier, reason=ReturnReason.FORM, note="No stamp.")

        assert report.verdict.accepted


class TestExtension:
    def test_the_first_date_stays_when_a_new_one_is_granted(self, cast):
        part = an_accepted(cast).lead
        first = part.due_on
        asked = actions.ask_extension(
            part, by=cast.lead, asked_on=first + timedelta(days=31), reason="Legal check"
        )

        actions.decide_extension(asked, by=cast.office, granted=True, note="Last one")

        part.refresh_from_db()
        assert (part.first_due_on, part.due_on) == (first, first + timedelta(days=31))

    def test_the_unit_cannot_grant_its_own_request(self, cast):
        part = an_accepted(cast).lead
        asked = actions.ask_extension(
            part, by=cast.lead, asked_on=part.due_on + timedelta(days=31), reason="Legal check"
        )

        with pytest.raises(Forbidden):
            actions.decide_extension(asked, by=cast.lead, granted=True, note="Of course")

        part.refresh_from_db()
        assert part.due_on == part.first_due_on

    def test_nobody_answers_their_own_request_even_with_both_roles(self, cast):
        a_grant(Role.COMMITTEE_HEAD, cast.country, cast.lead)
        part = an_accepted(cast).lead
        asked = actions.ask_extension(
            part, by=cast.lead, asked_on=part.due_on + timedelta(days=31), reason="Legal check"
        )

        with pytest.raises(Forbidden, match="Somebody else"):
            actions.decide_extension(asked, by=cast.lead, granted=True, note="Of course")

        part.refresh_from_db()
        assert part.due_on == part.first_due_on

    def test_a_declined_request_changes_no_date_and_is_answered_once(self, cast):
        part = an_accepted(cast).lead
        asked = actions.ask_extension(
            part, by=cast.lead, asked_on=part.due_on + timedelta(days=31), reason="Legal check"
        )
        actions.decide_extension(asked, by=cast.office, granted=False, note="Keep the date")

        with pytest.raises(Refused, match="already been answered"):
            actions.decide_extension(asked, by=cast.office, granted=True, note="After all")

        part.refresh_from_db()
        assert part.due_on == part.first_due_on


class TestTransfer:
    def test_the_office_hands_a_part_to_another_unit_with_its_first_date(self, cast):
        part = an_accepted(cast).lead
        first = part.first_due_on

        heir = actions.transfer(part, cast.other_ministry, by=cast.office, reason="Merged")

        task = type(part.task).objects.get(pk=part.task_id)
        assert (part.status, heir.status) == (Status.TRANSFERRED, Status.ISSUED)
        assert task.lead == heir
        assert (heir.first_due_on, heir.due_on, heir.product) == (first, first, part.product)
        assert heir.moves.get().first_due_on == first

    def test_a_task_that_was_handed_over_counts_once_before_and_after(self, cast):
        from tiendo.figures.ask import Scope, ask

        part = an_accepted(cast).lead
        before = clock.now()
        actions.transfer(part, cast.other_ministry, by=cast.office, reason="Merged")

        for known_at in (before, clock.now()):
            numbers = ask("tasks.cells", Scope(("",)), clock.today(), known_at).numbers
            assert (numbers["all"], numbers["open_in_time"]) == (1, 1)

    def test_the_unit_itself_cannot_hand_its_part_on(self, cast):
        part = an_accepted(cast).lead

        with pytest.raises(Forbidden):
            actions.transfer(part, cast.other_ministry, by=cast.lead, reason="Not ours")

        assert part.task.parts.count() == 1

    def test_a_part_is_not_handed_to_the_unit_that_verifies_it(self, cast):
        part = an_accepted(cast).lead

        with pytest.raises(Invalid):
            actions.transfer(part, cast.committee, by=cast.office, reason="Merged")

        part.refresh_from_db()
        assert part.status == Status.ACCEPTED


class TestTwoEditors:
    def test_the_second_editor_loses_and_is_shown_what_changed(self, cast):
        task = a_draft(cast)
        seen = version_of(task)
        lead = PartWording(unit=cast.ministry, due_on=task.lead.due_on, verifier=cast.committee)
        actions.reword(task, by=cast.office, saw=seen, lead=lead, title="Clear the whole backlog")

        with pytest.raises(ChangedMeanwhile) as refusal:
            actions.reword(
                task, by=cast.committee_head, saw=seen, lead=lead, title="Clear half of it"
            )

        assert [entry.facts["title"] for entry in refusal.value.since] == [
            "Clear the whole backlog"
        ]
        task.refresh_from_db()
        assert task.title == "Clear the whole backlog"


class TestADraftThatWasDropped:
    def test_stays_unknown_to_the_units_it_was_meant_for(self, cast):
        known = [(Task, an_issued(cast).pk), (Part, Part.objects.get().pk)]
        task = a_draft(cast, title="Never sent")
        actions.drop(task, by=cast.office, reason="Not needed")

        for model, pk in known:
            assert [row.pk for row in model.objects.visible_to(cast.lead)] == [pk]
        assert task in Task.objects.visible_to(cast.office)

    def test_opens_no_programme_to_them_either(self, cast):
        actions.drop(a_draft(cast), by=cast.office, reason="Not needed")

        assert not Programme.objects.visible_to(cast.lead)
