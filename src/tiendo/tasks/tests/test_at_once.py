"""Two people in the same instant: one act stands, the other person reads why theirs does not."""

import threading

import pytest
from django.db import close_old_connections, connection

from makers import Cast, a_draft, a_submission, an_accepted, an_issued
from tiendo.kit.refusals import Refused
from tiendo.ledger.models import Entry
from tiendo.tasks import actions
from tiendo.tasks.models import Extension, Move, Part, Report, Task, Verdict
from tiendo.tasks.states import ReturnReason, Status


def at_once(*acts):
    """Each act in a thread and a connection of its own; what each came back with."""
    gate, ends = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        close_old_connections()
        try:
            gate.wait()
            act()
        except Exception as error:  # noqa: BLE001 - the test says which may be
            ends[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def one_stands(ends):
    lost = [end for end in ends if end is not None]
    assert all(isinstance(end, Refused) for end in lost), lost
    assert len(lost) == len(ends) - 1, ends


@pytest.fixture
def people(several_connections):
    return Cast()


class TestAtOnce:
    def test_a_report_has_one_verdict(self, people):
        report = a_submission(people).pk

        def verify():
            actions.verify(Report.objects.get(pk=report), by=people.verifier)

        def send_back():
            one = Report.objects.get(pk=report)
            actions.send_back(one, by=people.office, reason=ReturnReason.FORM, note="No stamp")

        one_stands(at_once(verify, send_back, verify))
        assert Verdict.objects.count() == 1
        assert Move.objects.filter(status__in=[Status.DONE, Status.RETURNED]).count() == 1

    def test_a_part_is_accepted_or_refused(self, people):
        part = an_issued(people).lead.pk

        def accept():
            actions.accept(Part.objects.get(pk=part), by=people.lead)

        def refuse():
            actions.refuse(Part.objects.get(pk=part), by=people.lead, reason="Not ours")

        one_stands(at_once(accept, refuse, accept))
        assert Entry.objects.filter(act__in=["tasks.accepted", "tasks.refused"]).count() == 1

    def test_a_draft_goes_out_once(self, people):
        task = a_draft(people).pk

        def issue():
            actions.issue(Task.objects.get(pk=task), by=people.office)

        one_stands(at_once(issue, issue, issue))
        assert Move.objects.filter(status=Status.ISSUED).count() == 1

    def test_a_request_is_answered_once(self, people):
        part = an_accepted(people).lead
        later = part.due_on.replace(year=part.due_on.year + 1)
        asked = actions.ask_extension(part, by=people.lead, asked_on=later, reason="Floods").pk

        def decide(granted):
            one = Extension.objects.get(pk=asked)
            actions.decide_extension(one, by=people.office, granted=granted, note="So be it")

        one_stands(at_once(lambda: decide(granted=True), lambda: decide(granted=False)))
        part.refresh_from_db()
        granted = Extension.objects.get(pk=asked).granted
        assert (part.due_on == later) is granted
