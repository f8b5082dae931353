"""A country at random: units whose numbers begin alike, reforms, posts, tenures, delegations, grants in and out of time."""

import random
from datetime import date, timedelta

from makers import BEGINNING, a_person
from tiendo.access.capabilities import Role
from tiendo.access.models import Delegation, Grant
from tiendo.kit import clock
from tiendo.orgs.models import Kind, Placement, Post, Succession, Tenure, Unit

# 1/3/ beside 1/34/ and 1/3/4/; 11/ beside 1/1…: what a prefix without its slash would mistake
NUMBERS = [1, 3, 34, 341, 4, 41, 11, 13, 134, 2, 23, 5, 51, 6, 7, 77, 777, 31, 33, 44]


class World:
    def __init__(self, seed, *, units=60, people=40, grants=90):
        self.chance = random.Random(seed)
        self.today = clock.today()
        self.units = self.some_units(units)
        self.people = [a_person(f"Person {n}") for n in range(people)]
        for person in self.people[:3]:
            type(person).objects.filter(pk=person.pk).update(is_active=False)
            person.is_active = False
        self.posts = [
            Post.objects.create(
                unit=self.one(self.units),
                kind=Post.Kind.HEAD,
                opened_on=self.one([None, self.today, self.today + timedelta(days=1)]),
                closed_on=self.one([None, None, self.today + timedelta(days=2)]),
            )
            for _ in range(18)
        ]
        self.some_successions(units // 4)
        self.some_tenures_and_delegations()
        for _ in range(grants):
            self.grant()

    def one(self, many):
        return self.chance.choice(many)

    def some_units(self, many):
        numbers = [*NUMBERS, *range(1000, 1000 + many - len(NUMBERS))]
        units = []
        for number in numbers:
            parent = self.one([None, *units[-12:]]) if len(units) > 2 else None
            unit = Unit(pk=number, key=f"w.{number}", kind=Kind.AGENCY, begins_on=BEGINNING)
            unit.path = f"{parent.path if parent else ''}{number}/"
            unit.save(force_insert=True)
            Placement.objects.create(unit=unit, parent=parent, path=unit.path, starts_on=BEGINNING)
            units.append(unit)
        return units

    def some_successions(self, many):
        """Old ones come into newer ones, several times over; never in a circle."""
        for _ in range(many):
            old, new = sorted(self.chance.sample(range(len(self.units)), 2))
            Succession.objects.get_or_create(
                old=self.units[old], new=self.units[new], on=date(2025, 7, 1)
            )

    def days(self):
        """From–to around today: past, present, from today, until today, to come."""
        start = self.today + timedelta(days=self.one([-400, -30, -1, 0, 0, 1, 30]))
        long = self.one([None, None, 1, 2, 30, 400])
        return {"starts_on": start, "ends_on": start + timedelta(days=long) if long else None}

    def some_tenures_and_delegations(self):
        self.posts += [
            Post.objects.create(
                unit=self.one(self.units), kind=Post.Kind.HEAD, closed_on=self.today
            )
        ]
        for post in self.posts:
            for _ in range(2):
                tenure = Tenure.objects.create(
                    post=post, person=self.one(self.people), **self.days()
                )
                days = self.days()
                days["ends_on"] = days["ends_on"] or days["starts_on"] + timedelta(days=60)
                Delegation.objects.create(
                    post=post,
                    deputy=self.one(self.people),
                    tenure=self.one([tenure, None]),
                    given_by=tenure.person,
                    reason="Away",
                    **days,
                )

    def grant(self):
        to_post = self.chance.random() < 0.4
        Grant.objects.create(
            role=self.one(list(Role)),
            unit=self.one(self.units),
            person=None if to_post else self.one(self.people),
            post=self.one(self.posts) if to_post else None,
            given_by=self.one(self.people),
            **self.days(),
        )
