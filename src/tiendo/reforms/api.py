"""Reforms over the API: prepared, looked at, revised, carried out or given up by the same acts as on the pages."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status

from tiendo.kit.api import (
    TAGGED,
    Asked,
    Day,
    Given,
    Router,
    Schema,
    Version,
    Words,
    answers,
    asker,
    page_of,
    tag,
)
from tiendo.kit.api import version_seen as seen_by
from tiendo.kit.proof import proven
from tiendo.ledger.record import version_of
from tiendo.orgs.api import UnitRef, unit_ref
from tiendo.reforms import actions, reads
from tiendo.reforms.models import Reform
from tiendo.reforms.plan import Plan
from tiendo.reforms.preview import previewed
from tiendo.reforms.states import Kind

router = Router(tags=["reforms"])
KindName = Literal["merge", "split", "move", "rename", "change_kind", "abolish"]


class ReformIn(Given):
    """A plan: units by their numbers; −1, −2… are the ones of `new`, founded on the day."""

    kind: KindName
    on: Day
    basis: Words(120, needed=True)  # type: ignore[valid-type]
    plan: Plan


class RevisionIn(Given):
    """The whole plan again; `version` (or If-Match) is the one you saw."""

    on: Day
    basis: Words(120, needed=True)  # type: ignore[valid-type]
    plan: Plan
    version: Version | None = None


class CarryingOutIn(Given):
    """`seen` is the fingerprint of the preview you agree to: when it has changed, nothing is done."""

    seen: Words(40, needed=True)  # type: ignore[valid-type]


class DropIn(Given):
    reason: Words(20_000, needed=True)  # type: ignore[valid-type]
    version: Version | None = None


class ReformRow(Schema):
    id: int
    kind: str
    title: str
    on: Day
    basis: str
    status: str


class ReformOut(ReformRow):
    unit: UnitRef
    plan: dict[str, Any]
    version: int
    prepared_at: datetime
    carried_out_at: datetime | None
    reason: str
    counts: dict[str, int]


class ReformsOut(Schema):
    items: list[ReformRow]
    next: int | None


class HeirOut(UnitRef):
    share: str | None


class EndingOut(Schema):
    unit: UnitRef
    heirs: list[HeirOut]
    told: bool


class ConflictOut(Schema):
    """What stands in the way; `choice` and `answers` when the plan can settle it."""

    words: str
    choice: str
    answers: list[str]


class PreviewOut(Schema):
    """What carrying out will do now; `fingerprint` is what to send back."""

    fingerprint: str
    counts: dict[str, int]
    staying: dict[str, int]
    endings: list[EndingOut]
    conflicts: list[ConflictOut]


def row(reform: Reform) -> dict[str, Any]:
    plain = ("kind", "on", "basis", "status")
    return {
        "id": reform.pk,
        "title": reads.title_of(reform),
        **{name: getattr(reform, name) for name in plain},
    }


def whole(reform: Reform) -> dict[str, Any]:
    return {
        **row(reform),
        "unit": unit_ref(reform.unit),
        "plan": reform.plan,
        "version": version_of(reform),
        "prepared_at": reform.prepared_at,
        "carried_out_at": reform.carried_out_at,
        "reason": reform.reason,
        "counts": reform.outcome.get("counts", {}),
    }


def found(request: HttpRequest, pk: int) -> Reform:
    rows = Reform.objects.visible_to(asker(request)).select_related("unit")
    one: Reform = get_object_or_404(rows, pk=pk)
    return one


@router.get("/reforms", response=answers(ReformsOut), operation_id="list_reforms")
def reforms(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Reforms you may see: those carried out, and those prepared beneath your reach."""
    page = page_of(Reform.objects.visible_to(asker(request)), asked, lambda reform: reform)
    titled = reads.titled(page["items"])
    items = [
        {"id": r.pk, "title": title, "kind": r.kind, "on": r.on, "basis": r.basis, "status": r.status}
        for r, title in titled
    ]  # fmt: skip
    return {"items": items, "next": page["next"]}


@router.post("/reforms", response=answers(ReformOut, 201), operation_id="prepare_reform")
def reform_preparation(request: HttpRequest, given: ReformIn) -> Any:
    """Write a reform down; nothing moves."""
    reform = actions.prepare(
        Kind(given.kind), by=asker(request), on=given.on, basis=given.basis, plan=given.plan
    )
    return Status(201, whole(reform))


@router.get(
    "/reforms/{int:pk}",
    response=answers(ReformOut),
    operation_id="get_reform",
    openapi_extra=TAGGED,
)
def reform(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
    one = found(request, pk)
    tag(response, version_of(one))
    return whole(one)


@router.get(
    "/reforms/{int:pk}/preview", response=answers(PreviewOut), operation_id="preview_reform"
)
def reform_preview(request: HttpRequest, pk: int) -> Any:
    """What will move, asked of every room now; only a prepared reform has one."""
    one = found(request, pk)
    actions.require_prepared(one)
    told = previewed(one)
    return {
        "fingerprint": told.fingerprint,
        "counts": told.counts,
        "staying": told.staying,
        "endings": [
            {
                "unit": unit_ref(e.unit),
                "heirs": [{**heir_ref(u), "share": share and str(share)} for u, share in e.heirs],
                "told": e.told,
            }
            for e in reads.with_names(reads.endings_of(told))
        ],
        "conflicts": [
            {"words": c.words, "choice": c.name, "answers": [o.value for o in c.options]}
            for c in told.conflicts
        ],
    }


def heir_ref(unit: Any) -> dict[str, Any]:
    """A new unit has no key yet; its number is that of the plan."""
    return {"id": unit.pk, "key": unit.key, "name": unit.name_on(None)}


@router.post(
    "/reforms/{int:pk}/revision", response=answers(ReformOut, 201), operation_id="revise_reform"
)
def reform_revision(request: HttpRequest, pk: int, given: RevisionIn) -> Any:
    one = actions.revise(
        found(request, pk), by=asker(request), on=given.on, basis=given.basis, plan=given.plan,
        saw=seen_by(request, given.version),
    )  # fmt: skip
    return Status(201, whole(one))


@router.post(
    "/reforms/{int:pk}/carrying-out",
    response=answers(ReformOut, 201),
    operation_id="carry_out_reform",
)
@proven
def reform_carrying_out(request: HttpRequest, pk: int, given: CarryingOutIn) -> Any:
    """All of it at once, or nothing."""
    one = actions.carry_out(found(request, pk), by=asker(request), seen=given.seen)
    return Status(201, whole(one))


@router.post("/reforms/{int:pk}/drop", response=answers(ReformOut, 201), operation_id="drop_reform")
def reform_drop(request: HttpRequest, pk: int, given: DropIn) -> Any:
    one = actions.drop(
        found(request, pk), by=asker(request), reason=given.reason,
        saw=seen_by(request, given.version),
    )  # fmt: skip
    return Status(201, whole(one))
