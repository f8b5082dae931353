"""Over the API: one task to many units, a task broken down, and the moves of the assigning side."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Status
from pydantic import Field

from tiendo.kit import clock
from tiendo.kit.api import (
    TAGGED,
    Asked,
    Day,
    Given,
    Number,
    Router,
    Schema,
    Words,
    answers,
    asker,
    the,
    version_seen,
)
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Invalid
from tiendo.ledger.record import require_unchanged
from tiendo.orgs.models import Unit
from tiendo.tasks import actions, actions_beneath, api_rows
from tiendo.tasks.api import (
    LeadIn,
    ReasonIn,
    TaskOut,
    TasksOut,
    part_wording,
    the_part,
    told,
)
from tiendo.tasks.forms import one_unit
from tiendo.tasks.models import Task
from tiendo.tasks.sets import MOST, Chosen, units_named, units_of

router = Router(tags=["tasks"])


class GivingIn(Given):
    """Either a set with a name, in the whole country or beneath a unit, or `units` by their keys or names."""

    set: Literal["provinces", "communes", "ministries", "departments", "listed"] = "listed"
    within: Number | None = None
    units: Annotated[list[Words(300)], Field(max_length=MOST)] = []  # type: ignore[valid-type]
    product: Words(300) = ""  # type: ignore[valid-type]
    due_on: Day | None = None
    verifier: Number | None = None


class GivenOut(Schema):
    """How many units got it, and the labels of the first and the last task beneath."""

    units: int
    first: str
    last: str


@router.post(
    "/tasks/{int:pk}/giving",
    response=answers(GivenOut, 201),
    operation_id="give_task",
    url_name="task-giving",
)
@proven
def giving(request: HttpRequest, pk: int, given: GivingIn) -> Any:
    """One task to many units in one act with one wording; the record holds one entry with the root over the rows."""
    found = the_task(request, pk)
    units = units_asked(given)
    asked = actions_beneath.Asked(
        product=given.product,
        due_on=given.due_on,
        verifier=the(Unit.objects.all(), given.verifier, "verifier") if given.verifier else None,
    )
    first, last = actions_beneath.give(
        found, units, by=asker(request), asked=asked, chosen=given.set
    )
    labels = {"first": f"{found.label}.{first}", "last": f"{found.label}.{last}"}
    return Status(201, {"units": len(units), **labels})


def units_asked(given: GivingIn) -> list[Unit]:
    if given.set == Chosen.LISTED:
        return units_named(given.units, one_unit)
    if given.units:
        raise Invalid(_("Name a set or list units, not both."), field="units")
    within = the(Unit.objects.all(), given.within, "within") if given.within else None
    return list(units_of(given.set, clock.today(), within=within))


def the_task(request: HttpRequest, pk: int) -> Task:
    found: Task = get_object_or_404(Task.objects.visible_to(asker(request)), pk=pk)
    require_unchanged(found, version_seen(request, None))
    return found


class BreakdownIn(Given):
    """A task beneath another in words of its own: a draft, issued through the same gate."""

    title: Words(500, needed=True)  # type: ignore[valid-type]
    lead: LeadIn
    measure: Words(300) = ""  # type: ignore[valid-type]
    authority: Words(300) = ""  # type: ignore[valid-type]
    legal_base: Words(300) = ""  # type: ignore[valid-type]
    responsibility: Words(300) = ""  # type: ignore[valid-type]
    acceptance: Words(300) = ""  # type: ignore[valid-type]


@router.post(
    "/tasks/{int:pk}/breakdown",
    response=answers(TaskOut, 201),
    operation_id="break_task_down",
    openapi_extra=TAGGED,
    url_name="task-breakdown",
)
def breakdown(request: HttpRequest, response: HttpResponse, pk: int, given: BreakdownIn) -> Any:
    """Write a task down beneath another."""
    found = the_task(request, pk)
    words = given.model_dump(exclude={"lead"})
    made = actions_beneath.break_down(
        found, by=asker(request), lead=part_wording(given.lead), **words
    )
    return Status(201, told(request, response, made.pk))


@router.get(
    "/tasks/{int:pk}/beneath",
    response=answers(TasksOut),
    operation_id="tasks_beneath",
    url_name="task-beneath",
)
def beneath(request: HttpRequest, pk: int, asked: Query[Asked]) -> Any:
    """The tasks directly beneath one, of those you may see."""
    found = get_object_or_404(Task.objects.visible_to(asker(request)), pk=pk)
    today = clock.today()
    rows = Task.objects.visible_to(asker(request)).filter(above=found)
    return api_rows.page_of(rows, asked.after, asked.limit, today)


class TransferIn(ReasonIn):
    unit: Number


@router.post(
    "/parts/{int:pk}/transfer",
    response=answers(TaskOut, 201),
    operation_id="transfer_part",
    openapi_extra=TAGGED,
    url_name="part-transfer",
)
@proven
def transfer(request: HttpRequest, response: HttpResponse, pk: int, given: TransferIn) -> Any:
    """Another unit takes the part over, with its product and both its dates."""
    part, unit = the_part(request, pk), the(Unit.objects.all(), given.unit, "unit")
    heir = actions.transfer(part, unit, by=asker(request), reason=given.reason)
    return Status(201, told(request, response, heir.task_id))


@router.post(
    "/parts/{int:pk}/receipt",
    response=answers(TaskOut, 201),
    operation_id="receive_part",
    openapi_extra=TAGGED,
    url_name="part-receipt",
)
def receipt(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
    """The unit's desk confirms that the part arrived."""
    part = actions.receive(the_part(request, pk), by=asker(request))
    return Status(201, told(request, response, part.task_id))


@router.post(
    "/parts/{int:pk}/reissue",
    response=answers(TaskOut, 201),
    operation_id="reissue_part",
    openapi_extra=TAGGED,
    url_name="part-reissue",
)
@proven
def reissue(request: HttpRequest, response: HttpResponse, pk: int, given: ReasonIn) -> Any:
    """The assigning side answers a refusal: the part goes out again."""
    part = actions.reissue(the_part(request, pk), by=asker(request), note=given.reason)
    return Status(201, told(request, response, part.task_id))


@router.post(
    "/parts/{int:pk}/suspension",
    response=answers(TaskOut, 201),
    operation_id="suspend_part",
    openapi_extra=TAGGED,
    url_name="part-suspension",
)
def suspension(request: HttpRequest, response: HttpResponse, pk: int, given: ReasonIn) -> Any:
    """Hold a part; it counts as open while it rests."""
    part = actions.suspend(the_part(request, pk), by=asker(request), reason=given.reason)
    return Status(201, told(request, response, part.task_id))


@router.post(
    "/parts/{int:pk}/resumption",
    response=answers(TaskOut, 201),
    operation_id="resume_part",
    openapi_extra=TAGGED,
    url_name="part-resumption",
)
def resumption(request: HttpRequest, response: HttpResponse, pk: int, given: ReasonIn) -> Any:
    """Take a suspended part up again."""
    part = actions.resume(the_part(request, pk), by=asker(request), note=given.reason)
    return Status(201, told(request, response, part.task_id))


@router.post(
    "/tasks/{int:pk}/drop",
    response=answers(TaskOut, 201),
    operation_id="drop_task",
    openapi_extra=TAGGED,
    url_name="task-drop",
)
@proven
def drop(request: HttpRequest, response: HttpResponse, pk: int, given: ReasonIn) -> Any:
    """Stop following a task and what lies beneath it; it stays listed with its reason."""
    found = actions.drop(the_task(request, pk), by=asker(request), reason=given.reason)
    return Status(201, told(request, response, found.pk))
