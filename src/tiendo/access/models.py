import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tiendo.access.capabilities import Role
from tiendo.kit.dates import DayField, Effective, EffectiveQuerySet, InstantField, effective_on
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
    sheet = models.ForeignKey("Sheet", models.PROTECT, related_name="grants", null=True, blank=True)

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


class Sheet(models.Model):
    """A spreadsheet of people that was brought in: its rows as they were read, and where they all lie beneath."""

    name = models.CharField(max_length=200)
    root = models.CharField(max_length=64)  # over the rows; the record holds it too
    rows = models.JSONField()
    path = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = InstantField()

    def __str__(self) -> str:
        return self.name


LASTS = timedelta(hours=72)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither taken up nor taken back; its 72 hours may be over."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def waiting(self, now: datetime) -> Self:
        return self.open().filter(expires_at__gt=now)


class Invitation(models.Model):
    """A letter to somebody: one role over one unit, for one address, once, within 72 hours. Only a hash of its secret is kept.

    The secret is made of `seed` and the key of this installation: who reads the tables cannot make it, the job that writes
    the letter can.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, blank=True)
    starts_on = DayField(null=True, blank=True)
    ends_on = DayField(null=True, blank=True)
    seed = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="invitations_given")
    given_at = InstantField()
    expires_at = InstantField()
    sent_at = InstantField(null=True, blank=True)
    accepted_at = InstantField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        Person, models.PROTECT, related_name="invitations", null=True, blank=True
    )
    revoked_at = InstantField(null=True, blank=True)
    sheet = models.ForeignKey(
        Sheet, models.PROTECT, related_name="invitations", null=True, blank=True
    )

    objects: Any = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "role", "email"],
                name="access_invitation_once_at_a_time",
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="access_invitation_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="access_invitation_taken_up_or_back",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def path(self) -> str:
        return str(self.unit.path)

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None

    def state_on(self, now: datetime) -> str:
        """accepted, revoked, waiting, or expired when its 72 hours are over."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "waiting" if self.expires_at > now else "expired"

    def begin(self, now: datetime) -> None:
        """A fresh secret that works for 72 hours; a former one opens nothing any more."""
        self.seed = secrets.token_hex(32)
        self.digest = digest_of(self.secret())
        self.given_at, self.expires_at, self.sent_at = now, now + LASTS, None

    def secret(self) -> str:
        made = salted_hmac("tiendo.access.invitation", self.seed, algorithm="sha256")
        return str(made.hexdigest())


def digest_of(secret: str) -> str:
    """The secret is 256 random bits: a plain hash of it cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
