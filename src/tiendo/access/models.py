from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiendo.access.capabilities import Role
from tiendo.kit.dates import Effective, EffectiveQuerySet, effective_on
from tiendo.orgs.models import Post, Unit
from tiendo.people.models import Person


class GrantQuerySet(EffectiveQuerySet):
    def held_by(self, person: Person, on: date) -> Any:
        """Grants this person holds that day, by name or by the post they sit in."""
        by_post = Q(post__tenures__person=person) & effective_on(on, "post__tenures__")
        return self.as_of(on).filter(Q(person=person) | by_post).distinct()

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
