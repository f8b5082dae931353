"""What a page offers and what the act takes must be one thing."""

from datetime import timedelta

import pytest
from django.db import transaction

from makers import a_draft, a_file, a_grant, a_submission, a_unit, an_accepted, an_issued
from tiendo.access.capabilities import Role
from tiendo.kit.refusals import Refused
from tiendo.tasks import actions
from tiendo.tasks.actions import PartWording
from tiendo.tasks.actions_beneath import break_down, give
from tiendo.tasks.models import Part, Task
from tiendo.tasks.offers import OFFERS, is_offered
from tiendo.tasks.states import ReturnReason, Status


def a_part(cast, status):
    """The lead part of a task that came to this status by what people did."""
    ways = {
        Status.DRAFT: lambda: a_draft(cast),
        Status.ISSUED: lambda: an_issued(cast),
        Status.RECEIVED: lambda: actions.receive(an_issued(cast).lead, by=cast.lead).task,
        Status.ACCEPTED: lambda: an_accepted(cast),
        Status.REFUSED: lambda: (
            actions.refuse(an_issued(cast).lead, by=cast.lead, reason="Not ours").task
        ),
        Status.UNDER_WAY: lambda: (
            actions.report(an_accepted(cast).lead, by=cast.lead, words="Begun").part.task
        ),
        Status.SUBMITTED: lambda: a_submission(cast).part.task,
        Status.RETURNED: lambda: returned(cast),
        Status.DONE: lambda: actions.verify(a_submission(cast), by=cast.verifier).report.part.task,
        Status.SUSPENDED: lambda: (
            actions.suspend(an_accepted(cast).lead, by=cast.office, reason="Flood").task
        ),
        Status.DROPPED: lambda: actions.drop(an_accepted(cast), by=cast.office, reason="Repealed"),
    }
    part = Task.objects.get(pk=ways[status]().pk).lead
    assert part.status == status
    return part


def returned(cast):
    report = a_submission(cast)
    actions.send_back(report, by=cast.verifier, reason=ReturnReason.FORM, note="No stamp")
    return report.part.task


def do(name, part, by):
    """The act behind an offer, with whatever it needs besides the person."""
    task = part.task
    acts = {
        "receipt": lambda: actions.receive(part, by=by),
        "acceptance": lambda: actions.accept(part, by=by),
        "refusal": lambda: actions.refuse(part, by=by, reason="Not ours"),
        "report": lambda: actions.report(
            part, by=by, words="Done", is_final=True, files=(a_file(),)
        ),
        "nothing_new": lambda: actions.report(part, by=by, words="Nothing new.", nothing_new=True),
        "extension": lambda: actions.ask_extension(
            part, by=by, asked_on=part.due_on + timedelta(days=9), reason="Flood"
        ),
        "verdict": lambda: actions.verify(part.reports.order_by("number").last(), by=by),
        "reissue": lambda: actions.reissue(part, by=by, note="It is yours"),
        "suspension": lambda: actions.suspend(part, by=by, reason="Flood"),
        "resumption": lambda: actions.resume(part, by=by, note="Dry again"),
        "issue": lambda: actions.issue(task, by=by),
        "wording": lambda: actions.reword(
            task,
            by=by,
            saw=1,
            title="Another title",
            lead=actions.PartWording(unit=part.unit, verifier=part.verifier),
        ),
        "drop": lambda: actions.drop(task, by=by, reason="Repealed"),
        "transfer": lambda: actions.transfer(
            part, a_unit("Ministry of Lakes"), by=by, reason="It is theirs"
        ),
        "split": lambda: actions.split(
            task, by=by, saw=None, first="Clear one room", second="Clear the other room"
        ),
        "help": lambda: actions.bring_in(
            task, PartWording(unit=a_unit("Ministry of Lakes"), product="Maps"), by=by
        ),
        "giving": lambda: give(task, [a_unit("Ministry of Lakes")], by=by),
        "breakdown": lambda: break_down(
            task, by=by, title="Clear one room", lead=PartWording(unit=a_unit("Archive"))
        ),
    }
    acts[name]()


def is_taken(name, part, by):
    """Does the act go through? Nothing of it stays."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                do(name, Part.objects.get(pk=part.pk), by)
        except Refused:
            return False
        finally:
            transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("status", [status for status in Status if status != Status.TRANSFERRED])
def test_a_page_offers_exactly_what_the_act_would_take(cast, status):
    a_grant(
        Role.VERIFIER, cast.committee, cast.officer
    )  # reports for the ministry, so never verifies it
    part = a_part(cast, status)
    people = [
        cast.lead,
        cast.officer,
        cast.office,
        cast.committee_head,
        cast.verifier,
        cast.inspector,
        cast.stranger,
    ]
    asked = [name for name in OFFERS if name not in {"decision", "joining"}]  # these need a twin
    if not part.reports.exists():
        asked.remove("verdict")  # there is nothing to judge, and no door to it

    offered = {(name, one.name) for name in asked for one in people if is_offered(name, part, one)}
    taken = {(name, one.name) for name in asked for one in people if is_taken(name, part, one)}

    assert offered == taken


def test_a_second_request_for_a_date_is_not_offered(cast):
    part = an_accepted(cast).lead
    actions.ask_extension(
        part, by=cast.lead, asked_on=part.due_on + timedelta(days=9), reason="Flood"
    )

    assert not is_offered("extension", part, cast.lead)
    assert is_offered("decision", part, cast.office)
    assert not is_offered("decision", part, cast.lead)
