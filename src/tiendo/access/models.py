from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from tiendo.access.capabilities import Role
from tiendo.kit.dates import Effective, EffectiveQuerySet, effective_on
from tiendo.orgs.models import Post, Tenure, Unit
from tiendo.people.models import Person


class DelegationQuerySet(EffectiveQuerySet):
    def standing(self, on: date) -> Any:
        """Those that give something that day: one which the post's holder gave lasts while they hold it."""
        rests = Q(tenure__isnull=True) | effective_on(on, "tenure__")
        return self.as_of(on).filter(rests)


class Delegation(Effective):
    """A deputy has the rights of a post, from–to. It follows the post, and is never handed on."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    tenure = models.ForeignKey(
        Tenure, models.PROTECT, related_name="delegations", null=True, blank=True
    )  # of the holder who delegated; empty when somebody who may give the post's roles did
    reason = models.CharField(_("reason"), max_length=300)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="delegations_given")

    objects: ClassVar[Any] = DelegationQuerySet.as_manager()

    class Meta(Effective.Meta):
        constraints = [
            *Effective.Meta.constraints,
            models.CheckConstraint(
                name="access_delegation_has_a_last_day", condition=Q(ends_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.post_id}"

    @property
    def path(self) -> str:
        return self.post.path


class GrantQuerySet(EffectiveQuerySet):
    def held_by(self, person: Person, on: date) -> Any:
        """Grants this person holds that day: by name, by the post they sit in, or as a deputy (`is_own` is false)."""
        seats = Tenure.objects.as_of(on).filter(person=person).values("post")
        deputised = Delegation.objects.standing(on).filter(deputy=person).values("post")
        opened = Q(post__opened_on__isnull=True) | Q(post__opened_on__lte=on)
        open_still = Q(post__closed_on__isnull=True) | Q(post__closed_on__gt=on)
        stands = opened & open_still
        own = Q(person=person) | (stands & Q(post__in=seats))
        is_own = Case(When(own, then=Value(True)), default=False, output_field=BooleanField())
        reach = own | (stands & Q(post__in=deputised))
        return self.as_of(on).filter(reach).annotate(is_own=is_own)

    def ever_held_by(self, person: Person) -> Any:
        """Grants this person holds, held or will hold."""
        return self.filter(Q(person=person) | Q(post__tenures__person=person)).distinct()


class Grant(Effective):
    """A role over a node, to a person or a post. It covers all beneath the node."""

    role = models.CharField(_("role"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants", verbose_name=_("over"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="grants", null=True, blank=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="grants", null=True, blank=True)
    given_by = models.ForeignKey(
        Person, models.PROTECT, related_name="grants_given", null=True, blank=True
    )

    objects: ClassVar[Any] = GrantQuerySet.as_manager()

    class Meta(Effective.Meta):
        constraints = [
            *Effective.Meta.constraints,
            models.CheckConstraint(
                name="access_grant_to_person_or_post",
                condition=Q(person__isnull=False, post__isnull=True)
                | Q(person__isnull=True, post__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} over {self.unit_id}"

    @property
    def path(self) -> str:
        return str(self.unit.path)
