"""Who asks: their name, their language, and what they may do where, as every page and operation judges it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from tiendo.access.capabilities import ALLOWED
from tiendo.kit.api import TAGGED, Router, Schema, answers, asker, tag
from tiendo.kit.permission import roots
from tiendo.ledger.record import version_of
from tiendo.orgs.api import UnitRef, unit_ref
from tiendo.orgs.models import Unit

router = Router(tags=["me"])


class MeOut(Schema):
    """`rights` names for each capability the units over which it is held: each covers all beneath it."""

    id: int
    username: str
    name: str
    language: str
    key_scope: str | None
    rights: dict[str, list[UnitRef]]


@router.get("/me", response=answers(MeOut), operation_id="who_am_i", openapi_extra=TAGGED)
def me(request: HttpRequest, response: HttpResponse) -> Any:
    """Who you are here and what you may do; a key's scope narrows it."""
    person = asker(request)
    tag(response, version_of(person))
    return {
        "id": person.pk,
        "username": person.username,
        "name": person.name,
        "language": person.language or get_language(),
        "key_scope": person.key_scope,
        "rights": rights_of(person),
    }


def rights_of(person: Any) -> dict[str, list[dict[str, Any]]]:
    """The roots of each capability, as units."""
    held = {capability: roots(person, capability) for capability in sorted(ALLOWED)}
    paths = {path for reach in held.values() for path in reach}
    known = {unit.path: unit_ref(unit) for unit in Unit.objects.filter(path__in=paths).with_names()}
    return {
        capability: [known[path] for path in reach if path in known]
        for capability, reach in held.items()
        if reach
    }
