"""A country with two provinces that will be one, their people, and open work in them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from makers import a_file, a_grant, a_person, a_post, a_programme, a_unit
from tiendo.access.capabilities import Role
from tiendo.kit import clock
from tiendo.orgs.models import Kind, Post, Tenure
from tiendo.reforms import actions
from tiendo.reforms.plan import read_plan
from tiendo.reforms.states import Kind as Reforming
from tiendo.tasks import actions as tasks
from tiendo.tasks.actions import PartWording

BASIS = "202/2025/QH15"


@pytest.fixture
def land(cast):
    return a_land(cast)


def a_land(cast):
    """North and South beneath the country: a Party committee each, a commune in the North, a head in each."""
    country = cast.country
    north, south = (a_unit(n, under=country, kind=Kind.PROVINCE) for n in ("North", "South"))
    party, other_party = (
        a_unit(f"Party Committee {unit.name}", under=unit, kind=Kind.PARTY)
        for unit in (north, south)
    )
    commune = a_unit("Riverside", under=north, kind=Kind.COMMUNE)
    secretary = a_person("Secretary Hạnh", role=Role.STANDING_OFFICE, over=country)
    head = a_person("Head of North", role=Role.UNIT_HEAD, over=north)
    clerk = a_person("Clerk of North", role=Role.OFFICER, over=north)
    seat = a_post(north, "Chairman of North")
    Tenure.objects.create(post=seat, person=head, starts_on=clock.today() - timedelta(days=400))
    return SimpleNamespace(
        country=country, north=north, south=south, party=party, other_party=other_party,
        commune=commune, secretary=secretary, office=cast.office, head=head, clerk=clerk, seat=seat,
        cast=cast, today=clock.today(), committee=cast.committee,
    )  # fmt: skip


def a_task(land, *, lead, helpers=(), title="Bring the books together", due_in=30, **given):
    """An issued task of the centre's, led by one unit with others helping."""
    due_on = land.today + timedelta(days=due_in)
    verifier = given.pop("verifier", land.committee)
    parts = [
        PartWording(unit=unit, by_head=True, product="A list", due_on=due_on, verifier=verifier)
        for unit in (lead, *helpers)
    ]
    task = tasks.draft(
        a_programme(land.cast), by=land.office, title=title, lead=parts[0],
        co_parts=tuple(parts[1:]), measure="done ÷ all", authority="The chairman signs",
        responsibility="Answers to the committee", **given,
    )  # fmt: skip
    return tasks.issue(task, by=land.office)


def a_report(part, by, *, is_final=True):
    """The unit accepts what is new to it, and reports."""
    if part.status in {"issued", "received"}:
        tasks.accept(part, by=by)
    return tasks.report(part, by=by, words="All there.", is_final=is_final, files=(a_file(),))


def a_reform(land, kind=Reforming.MERGE, *, on=None, by=None, **plan):
    plan = plan or {"units": [land.north.pk], "heirs": [{"unit": land.south.pk}]}
    return actions.prepare(
        kind, by=by or land.secretary, on=on or land.today, basis=BASIS, plan=read_plan(plan)
    )


def a_head_post(unit):
    return Post.objects.create(unit=unit, kind=Post.Kind.HEAD)


__all__ = ["a_grant", "a_head_post", "a_reform", "a_report", "a_task"]
