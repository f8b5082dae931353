"""Roles, delegations, invitations and reasons over the API: the same acts and the same rights as their pages."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Status

from tiendo.access import actions, actions_invitations, reads, why
from tiendo.access.capabilities import Role
from tiendo.access.models import Delegation, Grant, Invitation
from tiendo.kit import clock
from tiendo.kit.api import (
    BY_TEXT,
    Asked,
    Day,
    Given,
    Number,
    Question,
    Router,
    Schema,
    Words,
    answers,
    asker,
    page_of,
    the,
)
from tiendo.kit.permission import roots
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Forbidden, Invalid
from tiendo.orgs.api import UnitRef, unit_ref
from tiendo.orgs.models import Post, Unit
from tiendo.people.models import Person

router = Router(tags=["access"])


# ---------------------------------------------------------------- what comes out
class PersonRef(Schema):
    id: int
    username: str
    name: str


class GrantOut(Schema):
    """`works` as of the day asked; `ends_on` is the first day without it."""

    id: int
    role: str
    unit: UnitRef
    person: PersonRef | None
    post: int | None
    starts_on: Day
    ends_on: Day | None
    given_by: str | None


class GrantsOut(Schema):
    items: list[GrantOut]
    next: int | None


class DelegationOut(Schema):
    id: int
    post: int
    unit: UnitRef
    deputy: PersonRef
    starts_on: Day
    ends_on: Day
    reason: str
    given_by: str


class DelegationsOut(Schema):
    items: list[DelegationOut]
    next: int | None


class InvitationOut(Schema):
    """`state`: waiting, expired, accepted or revoked. The link itself is only in the letter."""

    id: int
    email: str
    role: str
    unit: UnitRef
    state: str
    given_by: str


class InvitationsOut(Schema):
    items: list[InvitationOut]
    next: int | None


class WhyOut(Schema):
    """Each way is a list of sentences from the role down to the place."""

    may: bool
    ways: list[list[str]]
    missing: list[str]
    givers: list[str]


def person_ref(person: Person) -> dict[str, Any]:
    return {"id": person.pk, "username": person.username, "name": person.name}


def grant_out(grant: Grant) -> dict[str, Any]:
    return {
        "id": grant.pk,
        "role": grant.role,
        "unit": unit_ref(grant.unit),
        "person": person_ref(grant.person) if grant.person else None,
        "post": grant.post_id,
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
        "given_by": grant.given_by.name if grant.given_by else None,
    }


def delegation_out(one: Delegation) -> dict[str, Any]:
    return {
        "id": one.pk,
        "post": one.post_id,
        "unit": unit_ref(one.post.unit),
        "deputy": person_ref(one.deputy),
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "reason": one.reason,
        "given_by": one.given_by.name,
    }


def invitation_out(one: Invitation) -> dict[str, Any]:
    return {
        "id": one.pk,
        "email": one.email,
        "role": one.role,
        "unit": unit_ref(one.unit),
        "state": one.state_on(clock.now()),
        "given_by": one.given_by.name,
    }


def require_sees(request: HttpRequest) -> None:
    """A list of rights is for those who see rights somewhere."""
    if not roots(asker(request), reads.SEES):
        raise Forbidden(
            _("You may not see who holds which right. Your own rights are on your page.")
        )


# ---------------------------------------------------------------- grants
class GrantsAsked(Asked):
    """`on` keeps those that work on that day; `unit` those over that very unit; `person` one person's."""

    on: Day | None = None
    unit: Number | None = None
    person: Number | None = None


@router.get("/grants", response=answers(GrantsOut), operation_id="list_grants", url_name="grants")
def grants(request: HttpRequest, asked: Query[GrantsAsked]) -> Any:
    """Roles over what lies where you may see rights."""
    require_sees(request)
    rows = reads.grants_within(asker(request))
    if asked.on is not None:
        rows = rows.as_of(asked.on)
    if asked.unit is not None:
        rows = rows.filter(unit=asked.unit)
    if asked.person is not None:
        rows = rows.filter(person=asked.person)
    return page_of(rows, asked, grant_out)


SignInName = Words(254)  # whole, or an e-mail: nobody is looked up here


RoleName = Annotated[Role, BY_TEXT]


class GrantIn(Given):
    """To one person or to one post."""

    role: RoleName
    unit: Number
    person: SignInName | None = None  # type: ignore[valid-type]
    post: Number | None = None
    starts_on: Day
    ends_on: Day | None = None


@router.post(
    "/grants", response=answers(GrantOut, 201), operation_id="give_grant", url_name="giving"
)
@proven
def give(request: HttpRequest, given: GrantIn) -> Any:
    """Give a role; it works from the next request on."""
    by = asker(request)
    grant = actions.give(
        given.role, the(Unit.objects.as_of(given.starts_on), given.unit, "unit"), by=by,
        person=someone(given.person, "person"), post=a_post(given.post),
        starts_on=given.starts_on, ends_on=given.ends_on,
    )  # fmt: skip
    return Status(201, grant_out(grant))


def someone(words: str | None, field: str) -> Person | None:
    """Whoever signs in by this name; a part of it finds nobody."""
    if words is None:
        return None
    found: Person | None = Person.objects.named(words.strip())
    if found is None or not found.may_sign_in:
        raise Invalid(_("Nobody who may sign in has this sign-in name or e-mail."), field=field)
    return found


def a_post(number: int | None) -> Post | None:
    rows = Post.objects.select_related("unit")
    return None if number is None else the(rows, number, "post")


class EndIn(Given):
    on: Day


@router.post(
    "/grants/{int:pk}/ending",
    response=answers(GrantOut, 201),
    operation_id="end_grant",
    url_name="grant-ending",
)
def end(request: HttpRequest, pk: int, given: EndIn) -> Any:
    """End a role on a day; today ends it at the next request."""
    found = get_object_or_404(reads.grants_within(asker(request)), pk=pk)
    return Status(201, grant_out(actions.end(found, by=asker(request), on=given.on)))


# ---------------------------------------------------------------- delegations
@router.get(
    "/delegations",
    response=answers(DelegationsOut),
    operation_id="list_delegations",
    url_name="delegations",
)
def delegations(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Those of posts where you may see rights, and your own."""
    return page_of(reads.delegations_within(asker(request)), asked, delegation_out)


class DelegationIn(Given):
    """`deputy` is a whole sign-in name or e-mail."""

    deputy: SignInName  # type: ignore[valid-type]
    starts_on: Day
    ends_on: Day
    reason: Words(300, needed=True)  # type: ignore[valid-type]


@router.post(
    "/posts/{int:pk}/delegations",
    response=answers(DelegationOut, 201),
    operation_id="delegate_post",
    url_name="delegating",
)
@proven
def delegate(request: HttpRequest, pk: int, given: DelegationIn) -> Any:
    """Let a deputy act for a post, from–to."""
    by = asker(request)
    post = get_object_or_404(Post.objects.select_related("unit"), pk=pk)
    deputy = someone(given.deputy, "deputy")
    made = actions.delegate(
        post, by=by, deputy=deputy, starts_on=given.starts_on, ends_on=given.ends_on,
        reason=given.reason,
    )  # fmt: skip
    return Status(201, delegation_out(made))


@router.post(
    "/delegations/{int:pk}/ending",
    response=answers(DelegationOut, 201),
    operation_id="end_delegation",
    url_name="delegation-ending",
)
def end_delegation(request: HttpRequest, pk: int, given: EndIn) -> Any:
    """The deputy stops acting for the post."""
    by = asker(request)
    found = get_object_or_404(reads.delegations_within(by), pk=pk)
    return Status(201, delegation_out(actions.end_delegation(found, by=by, on=given.on)))


# ---------------------------------------------------------------- invitations
@router.get(
    "/invitations",
    response=answers(InvitationsOut),
    operation_id="list_invitations",
    url_name="invitations",
)
def invitations(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Invitations over what lies where you may see rights."""
    require_sees(request)
    return page_of(reads.invitations_within(asker(request)), asked, invitation_out)


class InvitationIn(Given):
    email: Words(254, needed=True)  # type: ignore[valid-type]
    role: RoleName
    unit: Number
    name: Words(120) = ""  # type: ignore[valid-type]
    language: Words(2) = ""  # type: ignore[valid-type]
    starts_on: Day | None = None
    ends_on: Day | None = None


@router.post(
    "/invitations",
    response=answers(InvitationOut, 201),
    operation_id="invite",
    url_name="inviting",
)
@proven
def invite(request: HttpRequest, given: InvitationIn) -> Any:
    """Offer a role to an address, by letter."""
    facts = given.dict(exclude={"role", "unit"})
    if given.language not in ("", *LANGUAGES):
        raise Invalid(_("Write a language of this house: vi, en, fr or ru."), field="language")
    unit = the(Unit.objects.as_of(given.starts_on or clock.today()), given.unit, "unit")
    made = actions_invitations.invite(
        given.role, unit, by=asker(request), house=request.build_absolute_uri("/"), **facts
    )
    return Status(201, invitation_out(made))


LANGUAGES = ("vi", "en", "fr", "ru")


@router.post(
    "/invitations/{int:pk}/letter",
    response=answers(InvitationOut, 201),
    operation_id="send_invitation_again",
    url_name="invitation-letter",
)
def letter(request: HttpRequest, pk: int) -> Any:
    """Another letter with another link."""
    by = asker(request)
    found = get_object_or_404(reads.invitations_within(by), pk=pk)
    sent = actions_invitations.send_again(found, by=by, house=request.build_absolute_uri("/"))
    return Status(201, invitation_out(sent))


@router.post(
    "/invitations/{int:pk}/revocation",
    response=answers(InvitationOut, 201),
    operation_id="revoke_invitation",
    url_name="invitation-revocation",
)
def revoke(request: HttpRequest, pk: int) -> Any:
    """Take an invitation back."""
    by = asker(request)
    found = get_object_or_404(reads.invitations_within(by), pk=pk)
    return Status(201, invitation_out(actions_invitations.revoke(found, by=by)))


# ---------------------------------------------------------------- why
class WhyAsked(Question):
    """`person` is yourself when left out."""

    capability: Words(60, needed=True)  # type: ignore[valid-type]
    unit: Number
    person: Number | None = None


@router.get("/why", response=answers(WhyOut), operation_id="ask_why", url_name="why")
def reasons(request: HttpRequest, asked: Query[WhyAsked]) -> Any:
    """Whether and why somebody may do something at a unit, or what is missing and who could give it."""
    if asked.capability not in why.WORDS:
        raise Invalid(_("There is no such right."), field="capability")
    by = asker(request)
    unit = the(Unit.objects.all(), asked.unit, "unit")
    person = (
        by
        if asked.person in (None, by.pk)
        else the(reads.people_within(by), asked.person, "person")
    )
    if not why.may_be_told(by, person, unit):
        raise Forbidden(
            _(
                "You may ask about yourself, and about others where you may see who holds which right."
            )
        )
    told = why.why(person, asked.capability, unit)
    ways = [way.sentences for way in told.ways]
    return {"may": told.may, "ways": ways, "missing": told.missing, "givers": told.givers}
