"""Units, committees and posts over the API: the same acts and the same rights as their pages."""

from datetime import date
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Status
from pydantic import Field

from tiendo.kit import clock
from tiendo.kit.api import (
    TAGGED,
    WHOLE,
    Asked,
    Day,
    Given,
    Number,
    Router,
    Schema,
    Words,
    answers,
    asker,
    page_of,
    tag,
    the,
)
from tiendo.kit.refusals import Invalid
from tiendo.ledger.record import version_of
from tiendo.orgs import actions, actions_committees, naming, reads, seats
from tiendo.orgs.api import OnADay, UnitOut, UnitRef, unit_out, unit_ref
from tiendo.orgs.api import router as units
from tiendo.orgs.composition import Line, Share, part_read
from tiendo.orgs.models import Committee, Group, Kind, Post, Tenure, Unit
from tiendo.people.models import Person

router = Router(tags=["committees"])
Level = Literal["central", "provincial", "commune"]
Type = Literal["steering", "council", "working_group", "support_team"]
GroupName = Literal[
    "scientist", "manager", "enterprise", "expert", "overseas", "association", "other"
]
PostKind = Literal[
    "head",
    "standing_deputy",
    "deputy",
    "standing",
    "member",
    "secretary",
    "office_head",
    "officer",
    "verifier",
]
Part = Annotated[str, Field(max_length=12, description="A part of the members: “1/3” or “30 %”.")]
Size = Annotated[int, Field(ge=0, le=1000), WHOLE]
Basis = Words(200)  # the text an act rests on
Title = Words(200)


# ---------------------------------------------------------------- what comes out
class TenureOut(Schema):
    id: int
    person: str
    starts_on: Day
    ends_on: Day | None
    group: str | None
    legal_basis: str


class PostOut(Schema):
    """`held_by` are those who hold it on the day asked for."""

    id: int
    kind: str
    title: str
    opened_on: Day | None
    closed_on: Day | None
    held_by: list[TenureOut]


class PostsOut(Schema):
    items: list[PostOut]


class LineOut(Schema):
    group: str
    have: int
    least: str | None
    needed: int
    most: str | None
    allowed: int
    verdict: str
    gap: int


class CompositionOut(Schema):
    """How the members stand against the rule: `unknown` are those whose group nobody wrote down."""

    verdict: str
    size: int
    smallest: int | None
    largest: int | None
    size_verdict: str
    size_gap: int
    unknown: int
    is_binding: bool
    lines: list[LineOut]


class CommitteeRow(Schema):
    id: int
    unit: UnitRef
    type: str
    level: str
    serves: UnitRef
    legal_basis: str
    begins_on: Day
    ends_on: Day | None


class CommitteeOut(CommitteeRow):
    standing_office: UnitRef | None
    posts: list[PostOut]
    composition: CompositionOut | None
    beneath: list[CommitteeRow]


class CommitteesOut(Schema):
    items: list[CommitteeRow]
    next: int | None


def tenure_out(tenure: Tenure) -> dict[str, Any]:
    then = getattr(tenure, "then", None)
    groups = list(tenure.belongings.order_by("starts_on")) if then is None else then
    return {
        "id": tenure.pk,
        "person": tenure.person.name,
        "starts_on": tenure.starts_on,
        "ends_on": tenure.ends_on,
        "group": groups[-1].group if groups else None,
        "legal_basis": tenure.legal_basis,
    }


def post_out(post: Post) -> dict[str, Any]:
    plain = ("kind", "title", "opened_on", "closed_on")
    held = [tenure_out(one) for one in getattr(post, "holders", ())]
    return {"id": post.pk, **{name: getattr(post, name) for name in plain}, "held_by": held}


def committee_row(committee: Committee, on: date | None = None) -> dict[str, Any]:
    plain = ("type", "level", "legal_basis")
    return {
        "id": committee.pk,
        **{name: getattr(committee, name) for name in plain},
        "unit": unit_ref(committee.unit, on),
        "serves": unit_ref(committee.serves, on),
        "begins_on": committee.unit.begins_on,
        "ends_on": committee.unit.ends_on,
    }


def committee_out(committee: Committee, on: date) -> dict[str, Any]:
    offices, composed = seats.offices_of(committee, on), seats.composition(committee, on)
    beneath = reads.committees_of(committee.unit, on)
    return {
        **committee_row(committee, on),
        "standing_office": unit_ref(offices[0].unit, on) if offices else None,
        "posts": [post_out(post) for post in seats.posts_of(committee.unit, on)],
        "composition": composition_out(composed) if composed else None,
        "beneath": [committee_row(one, on) for one in beneath],
    }


def composition_out(composed: seats.Composition) -> dict[str, Any]:
    said, rule = composed.judgement, composed.rule
    plain = ("verdict", "size", "size_verdict", "size_gap", "unknown")
    return {
        **{name: getattr(said, name) for name in plain},
        **{name: getattr(rule, name) for name in ("smallest", "largest", "is_binding")},
        "lines": [line_out(line) for line in said.lines],
    }


def line_out(line: Line) -> dict[str, Any]:
    least, most = (None if p is None else str(p) for p in (line.share.least, line.share.most))
    plain = ("have", "needed", "allowed", "verdict", "gap")
    counts = {name: getattr(line, name) for name in plain}
    return {"group": line.share.group, "least": least, "most": most, **counts}


# ---------------------------------------------------------------- units
class NamesIn(Given):
    """A name in one language at least."""

    vi: Words(300) = ""  # type: ignore[valid-type]
    en: Words(300) = ""  # type: ignore[valid-type]
    fr: Words(300) = ""  # type: ignore[valid-type]
    ru: Words(300) = ""  # type: ignore[valid-type]

    def given(self) -> dict[str, str]:
        return {language: text for language, text in self if text.strip()}


class FoundingIn(Given):
    beneath: Number
    kind: Literal[
        "body", "ministry", "agency", "province", "district", "commune", "ward", "special_zone", "party",
        "department", "office",
    ]  # fmt: skip
    names: NamesIn
    on: Day
    legal_basis: Basis = ""  # type: ignore[valid-type]


class NameIn(Given):
    language: Literal["vi", "en", "fr", "ru"]
    text: Words(300, needed=True)  # type: ignore[valid-type]
    on: Day
    legal_basis: Basis = ""  # type: ignore[valid-type]


class PlaceIn(Given):
    beneath: Number
    tree: Literal["state", "party", "sector"] = "state"
    on: Day
    legal_basis: Basis = ""  # type: ignore[valid-type]


def unit_at(pk: int) -> Unit:
    found: Unit = get_object_or_404(Unit.objects.prefetch_related("names", "codes", "kinds"), pk=pk)
    return found


@units.post("/units", response=answers(UnitOut, 201), operation_id="found_unit", url_name="units")
def founding(request: HttpRequest, given: FoundingIn) -> Any:
    """Found a unit beneath another from a day on."""
    unit = actions.found(
        "", Kind(given.kind), given.names.given(), by=asker(request),
        beneath=the(Unit.objects.all(), given.beneath, "beneath"), on=given.on, basis=given.legal_basis,
    )  # fmt: skip
    return Status(201, unit_out(unit_at(unit.pk), given.on))


@router.post("/units/{int:pk}/names", response=answers(UnitOut, 201), operation_id="rename_unit")
def name(request: HttpRequest, pk: int, given: NameIn) -> Any:
    """Give a unit another name from a day on; before that day it keeps the old one."""
    unit = unit_at(pk)
    actions.rename(
        unit, given.language, given.text, by=asker(request), on=given.on, basis=given.legal_basis
    )
    return Status(201, unit_out(unit_at(pk), given.on))


@router.post("/units/{int:pk}/placements", response=answers(UnitOut, 201), operation_id="move_unit")
def place(request: HttpRequest, pk: int, given: PlaceIn) -> Any:
    """Hang a unit, with all beneath it, under another from a day on; rights follow the State's tree."""
    actions.move(
        unit_at(pk), the(Unit.objects.all(), given.beneath, "beneath"), by=asker(request), on=given.on,
        tree=given.tree, basis=given.legal_basis,
    )  # fmt: skip
    return Status(201, unit_out(unit_at(pk), given.on))


# ---------------------------------------------------------------- posts
class PostIn(Given):
    kind: PostKind
    title: Title = ""  # type: ignore[valid-type]
    on: Day | None = None


class TenureIn(Given):
    """`person` is a whole sign-in name or e-mail."""

    person: Words(254, needed=True)  # type: ignore[valid-type]
    on: Day
    ends_on: Day | None = None
    group: GroupName | None = None
    legal_basis: Basis = ""  # type: ignore[valid-type]


class ClosingIn(Given):
    on: Day


class EndingIn(Given):
    on: Day
    legal_basis: Basis = ""  # type: ignore[valid-type]


class GroupIn(Given):
    group: GroupName
    on: Day


def post_at(pk: int) -> Post:
    found: Post = get_object_or_404(Post.objects.select_related("unit"), pk=pk)
    return found


def tenure_at(pk: int) -> Tenure:
    rows = Tenure.objects.select_related("post__unit", "person")
    found: Tenure = get_object_or_404(rows, pk=pk)
    return found


@router.get("/units/{int:pk}/posts", response=answers(PostsOut), operation_id="list_posts")
def posts(request: HttpRequest, pk: int, asked: Query[OnADay]) -> Any:
    """The posts of a unit on a day, with who holds them."""
    found = seats.posts_of(unit_at(pk), asked.on or clock.today())
    return {"items": [post_out(post) for post in found]}


@router.post(
    "/units/{int:pk}/posts",
    response=answers(PostOut, 201),
    operation_id="open_post",
    url_name="posts",
)
def post(request: HttpRequest, pk: int, given: PostIn) -> Any:
    """Open a post in a unit."""
    opened = actions_committees.open_post(
        unit_at(pk), Post.Kind(given.kind), by=asker(request), title=given.title, on=given.on
    )
    return Status(201, post_out(opened))


@router.post("/posts/{int:pk}/closing", response=answers(PostOut, 201), operation_id="close_post")
def closing(request: HttpRequest, pk: int, given: ClosingIn) -> Any:
    """Close a post nobody sits in any more."""
    closed = actions_committees.close_post(post_at(pk), by=asker(request), on=given.on)
    return Status(201, post_out(closed))


@router.post("/posts/{int:pk}/tenures", response=answers(TenureOut, 201), operation_id="appoint")
def tenure(request: HttpRequest, pk: int, given: TenureIn) -> Any:
    """A person holds a post from a day on; there is one head at a time."""
    appointed = actions_committees.appoint(
        person_called(given.person), post_at(pk), by=asker(request), on=given.on,
        ends_on=given.ends_on, group=given.group or "", basis=given.legal_basis,
    )  # fmt: skip
    return Status(201, tenure_out(appointed))


def person_called(words: str) -> Person:
    exact = Q(username__iexact=words.strip()) | Q(email__iexact=words.strip())
    found: Person | None = naming.people().filter(exact).first()
    if found is None:
        raise Invalid(_("Nobody has this sign-in name or e-mail."), field="person")
    return found


@router.post(
    "/tenures/{int:pk}/ending", response=answers(TenureOut, 201), operation_id="end_tenure"
)
def ending(request: HttpRequest, pk: int, given: EndingIn) -> Any:
    """A person leaves a post: the day is the first without them."""
    left = actions_committees.leave(
        tenure_at(pk), by=asker(request), on=given.on, basis=given.legal_basis
    )
    return Status(201, tenure_out(left))


@router.post(
    "/tenures/{int:pk}/groups", response=answers(TenureOut, 201), operation_id="place_in_group"
)
def group(request: HttpRequest, pk: int, given: GroupIn) -> Any:
    """Say which group a member stands for from a day on."""
    found = tenure_at(pk)
    actions_committees.place_in_group(found, Group(given.group), by=asker(request), on=given.on)
    return Status(201, tenure_out(found))


# ---------------------------------------------------------------- committees
class CommitteeSearch(Asked):
    on: Day | None = None
    level: Level | None = None
    type: Type | None = None


class CommitteeIn(Given):
    beneath: Number
    names: NamesIn
    type: Type
    level: Level
    serves: Number | None = None
    on: Day
    legal_basis: Basis = ""  # type: ignore[valid-type]


class ShareIn(Given):
    group: GroupName
    least: Part | None = None
    most: Part | None = None


class CompositionIn(Given):
    shares: Annotated[list[ShareIn], Field(max_length=20)] = []
    smallest: Size | None = None
    largest: Size | None = None
    is_binding: bool = False
    on: Day
    legal_basis: Basis = ""  # type: ignore[valid-type]


class OfficeIn(Given):
    unit: Number
    on: Day
    legal_basis: Basis = ""  # type: ignore[valid-type]


def committee_at(pk: int) -> Committee:
    rows = Committee.objects.select_related("unit", "serves")
    found: Committee = get_object_or_404(
        rows.prefetch_related("unit__names", "serves__names"), pk=pk
    )
    return found


@router.get("/committees", response=answers(CommitteesOut), operation_id="list_committees")
def committees(request: HttpRequest, asked: Query[CommitteeSearch]) -> Any:
    """The committees that stand on a day."""
    on = asked.on or clock.today()
    rows = reads.committees(on, level=asked.level, type=asked.type)
    return page_of(rows, asked, lambda one: committee_row(one, on))


@router.post(
    "/committees",
    response=answers(CommitteeOut, 201),
    operation_id="form_committee",
    url_name="committees",
)
def forming(request: HttpRequest, given: CommitteeIn) -> Any:
    """Form a committee beneath a unit from a day on."""
    formed = actions_committees.form_committee(
        "", given.names.given(), by=asker(request),
        beneath=the(Unit.objects.all(), given.beneath, "beneath"), on=given.on,
        type=Committee.Type(given.type), level=Committee.Level(given.level),
        serves=the(Unit.objects.all(), given.serves, "serves") if given.serves else None,
        basis=given.legal_basis,
    )  # fmt: skip
    return Status(201, committee_out(committee_at(formed.pk), given.on))


@router.get(
    "/committees/{int:pk}",
    response=answers(CommitteeOut),
    operation_id="get_committee",
    openapi_extra=TAGGED,
)
def committee(request: HttpRequest, response: HttpResponse, pk: int, asked: Query[OnADay]) -> Any:
    """One committee with its posts, its composition and what hangs beneath it, as of a day."""
    one = committee_at(pk)
    tag(response, version_of(one))
    return committee_out(one, asked.on or clock.today())


@router.post(
    "/committees/{int:pk}/composition", response=answers(CommitteeOut, 201), operation_id="rule_composition"
)  # fmt: skip
def composition(request: HttpRequest, pk: int, given: CompositionIn) -> Any:
    """Say from a day on who must sit in a committee."""
    actions_committees.rule_composition(
        committee_at(pk), [share_in(share) for share in given.shares], by=asker(request),
        on=given.on, smallest=given.smallest, largest=given.largest, is_binding=given.is_binding,
        basis=given.legal_basis,
    )  # fmt: skip
    return Status(201, committee_out(committee_at(pk), given.on))


def share_in(given: ShareIn) -> Share:
    return Share(given.group, part_in(given.least), part_in(given.most))


def part_in(written: str | None) -> Any:
    if written is None:
        return None
    part = part_read(written)
    if part is None:
        raise Invalid(_("Write a share as 30 % or as 1/3."), field="shares")
    return part


@router.post(
    "/committees/{int:pk}/standing-offices", response=answers(CommitteeOut, 201),
    operation_id="name_standing_office",
)  # fmt: skip
def standing_office(request: HttpRequest, pk: int, given: OfficeIn) -> Any:
    """Say which unit is the committee's standing office from a day on."""
    actions_committees.name_standing_office(
        committee_at(pk), the(Unit.objects.all(), given.unit, "unit"), by=asker(request), on=given.on,
        basis=given.legal_basis,
    )  # fmt: skip
    return Status(201, committee_out(committee_at(pk), given.on))


@router.post(
    "/committees/{int:pk}/ending", response=answers(CommitteeOut, 201), operation_id="end_committee"
)
def committee_ending(request: HttpRequest, pk: int, given: EndingIn) -> Any:
    """A committee has done its work: it ends with its tenures, posts and rules."""
    actions_committees.end_committee(
        committee_at(pk), by=asker(request), on=given.on, basis=given.legal_basis
    )
    return Status(201, committee_out(committee_at(pk), given.on))
