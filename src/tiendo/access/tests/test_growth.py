"""Nobody makes themselves mightier: no series of calls by somebody who is not central enlarges what can be reached (T06)."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from makers import a_grant, a_person, a_post, a_unit
from tiendo.access import actions
from tiendo.access.capabilities import MAY_GIVE, Role
from tiendo.access.models import Delegation, Grant
from tiendo.access.tests.oracle import Oracle
from tiendo.kit import clock
from tiendo.kit.refusals import Refused
from tiendo.orgs import actions_committees as orgs
from tiendo.orgs.models import Kind, Post, Succession, Tenure
from tiendo.people.models import Person

SERIES, CALLS = 100, 6
LONG_AGO = date(2020, 1, 1)


class Country:
    """A province with its commune and what was merged into it, a ministry beside it; offices, heads, posts with roles."""

    def __init__(self):
        self.country = a_unit("Country", kind=Kind.COUNTRY)
        self.province = a_unit("Province", under=self.country)
        self.commune = a_unit("Commune", under=self.province)
        self.merged = a_unit("Merged", under=self.country)
        self.ministry = a_unit("Ministry", under=self.country)
        Succession.objects.create(old=self.merged, new=self.province, on=LONG_AGO)
        self.units = [self.country, self.province, self.commune, self.merged, self.ministry]
        over = {
            "office": (Role.STANDING_OFFICE, self.province),
            "head": (Role.UNIT_HEAD, self.commune),
            "local administrator": (Role.ADMINISTRATOR, self.commune),
            "officer": (Role.OFFICER, self.commune),
            "committee head": (Role.COMMITTEE_HEAD, self.province),
            "minister": (Role.UNIT_HEAD, self.ministry),
        }
        self.people = {name: a_person(name) for name in [*over, "friend", "holder", "deputy"]}
        for name, (role, unit) in over.items():
            a_grant(role, unit, self.people[name])
        self.posts = [
            self.post(self.province, Role.COMMITTEE_HEAD, self.province),
            self.post(self.commune, Role.UNIT_HEAD, self.commune, holder="holder"),
            self.post(self.province, Role.STANDING_OFFICE, self.province, holder="deputy"),
            self.post(self.commune, None, self.commune),
        ]
        oracle = Oracle(clock.today())
        self.covers = {
            node.pk: {
                unit.pk
                for unit in self.units
                if {node.pk, *oracle.origins(node.pk)} & set(oracle.upward(unit.pk))
            }
            for node in self.units
        }
        self.before = holdings(self)

    def post(self, unit, role, over, holder=None):
        post = a_post(unit)
        Post.objects.filter(pk=post.pk).update(kind=Post.Kind.DEPUTY)  # more than one may sit
        post.refresh_from_db()
        if role:
            Grant.objects.create(role=role, unit=over, post=post, starts_on=LONG_AGO)
        if holder:
            Tenure.objects.create(post=post, person=self.people[holder], starts_on=LONG_AGO)
        return post


def holdings(country):
    """For each person every (role, unit) held on any of the days the calls play with, by the slow oracle."""
    oracle, covers = Oracle(clock.today()), country.covers
    found = {person.pk: set() for person in country.people.values()}
    for ahead in (0, 1, 5, 40):
        oracle.day = clock.today() + timedelta(days=ahead)
        for role, node, *whom in oracle.grants:
            for person, has in found.items():
                if oracle.is_held(person, *whom):
                    has |= {(Role(role), unit) for unit in covers[node]}
    return found


def reachable(has):
    """What somebody with these rights has or may give to others."""
    given = {(role, unit) for own, unit in has for role in MAY_GIVE.get(own, ())}
    return has | given


COUNTRY = []
choose = st.sampled_from


class NobodyGrows(RuleBasedStateMachine):
    """One person who is not central calls whatever they like, with whatever they like."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.country = COUNTRY[0]
        self.people = [Person.objects.get(pk=p.pk) for p in self.country.people.values()]
        self.before = self.country.before
        self.actor, self.has_acted = None, False

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def act(self, who, call):
        """The first call decides who acts in this series; a refusal changes nothing."""
        self.actor = self.actor or self.people[who]
        with suppress(Refused):
            call(self.actor)
            self.has_acted = True

    def day(self, ahead):
        return clock.today() + timedelta(days=ahead)

    whose = st.integers(0, 8)
    place = st.integers(0, 4)
    seat = st.integers(0, 3)
    ahead = choose([0, 1, 5])
    until = choose([None, 1, 5, 30])
    role = choose(list(Role))

    @rule(who=whose, to=whose, unit=place, role=role, ahead=ahead, until=until)
    def give(self, who, to, unit, role, ahead, until):
        self.act(
            who,
            lambda by: actions.give(
                role,
                self.country.units[unit],
                by=by,
                person=self.people[to],
                starts_on=self.day(ahead),
                ends_on=self.day(until) if until else None,
            ),
        )

    @rule(who=whose, post=seat, unit=place, role=role, ahead=ahead)
    def give_to_a_post(self, who, post, unit, role, ahead):
        self.act(
            who,
            lambda by: actions.give(
                role,
                self.country.units[unit],
                by=by,
                post=self.country.posts[post],
                starts_on=self.day(ahead),
            ),
        )

    @rule(who=whose, nth=st.integers(0, 12), ahead=ahead)
    def end(self, who, nth, ahead):
        grants = list(Grant.objects.select_related("unit").order_by("pk"))
        self.act(who, lambda by: actions.end(grants[nth % len(grants)], by=by, on=self.day(ahead)))

    @rule(who=whose, post=seat, to=whose, ahead=ahead, until=choose([1, 5, 30]))
    def delegate(self, who, post, to, ahead, until):
        self.act(
            who,
            lambda by: actions.delegate(
                self.country.posts[post],
                by=by,
                deputy=self.people[to],
                starts_on=self.day(ahead),
                ends_on=self.day(ahead + until),
                reason="Away",
            ),
        )

    @rule(who=whose, ahead=ahead)
    def end_a_delegation(self, who, ahead):
        newest = Delegation.objects.order_by("-pk").first()
        if newest is not None:
            self.act(who, lambda by: actions.end_delegation(newest, by=by, on=self.day(ahead)))

    @rule(who=whose, post=seat, to=whose, ahead=ahead)
    def appoint(self, who, post, to, ahead):
        self.act(
            who,
            lambda by: orgs.appoint(
                self.people[to], self.country.posts[post], by=by, on=self.day(ahead)
            ),
        )

    @rule(who=whose, ahead=ahead)
    def unseat(self, who, ahead):
        newest = Tenure.objects.order_by("-pk").first()
        self.act(who, lambda by: orgs.leave(newest, by=by, on=self.day(ahead)))

    @invariant()
    def nobody_grows(self):
        if not self.has_acted:
            return
        self.has_acted = False
        given, now = reachable(self.before[self.actor.pk]), holdings(self.country)
        for person in self.people:
            grown = now[person.pk] - self.before[person.pk]
            assert person != self.actor or not grown, f"{person} took {grown}"
            assert grown <= given, f"{self.actor} gave {person} {grown - given}"


def play(series):
    COUNTRY[:] = [Country()]
    run_state_machine_as_test(
        NobodyGrows,
        settings=settings(
            max_examples=series,
            stateful_step_count=CALLS,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_no_series_of_calls_makes_anybody_mightier():
    play(SERIES)


OFFICE, HEAD, FRIEND, PROVINCE, COMMUNE = 0, 1, 6, 1, 2
TRICKS = {
    "tiendo.access.actions.require_not_oneself": lambda it: it.give(
        OFFICE, OFFICE, PROVINCE, Role.VERIFIER, 0, None
    ),
    "tiendo.access.actions.require_may_give": lambda it: it.give(
        HEAD, FRIEND, COMMUNE, Role.VERIFIER, 0, None
    ),
    "tiendo.access.actions.require_may_deputise": lambda it: it.delegate(OFFICE, 0, FRIEND, 0, 5),
    "tiendo.orgs.actions_committees.require_may_seat": lambda it: it.appoint(OFFICE, 0, FRIEND, 0),
}


@pytest.mark.django_db
@pytest.mark.parametrize("guard", TRICKS)
def test_without_any_one_of_its_guards_somebody_grows(monkeypatch, guard):
    """The machine is shown biting, and each guard to be needed."""
    COUNTRY[:] = [Country()]
    NobodyGrows.TestCase  # noqa: B018 - makes the machine ready to be played by hand
    machine = NobodyGrows()
    TRICKS[guard](machine)
    machine.nobody_grows()
    machine.teardown()

    monkeypatch.setattr(guard, lambda *_: None)
    machine = NobodyGrows()
    TRICKS[guard](machine)
    with pytest.raises(AssertionError, match=r" (took|gave) "):
        machine.nobody_grows()
    machine.teardown()
