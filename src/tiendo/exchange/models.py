import hashlib
import secrets
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tiendo.exchange.states import State, Watches
from tiendo.kit.dates import DayField, InstantField
from tiendo.kit.permission import ScopedQuerySet
from tiendo.ledger.models import Entry
from tiendo.orgs.models import Unit
from tiendo.people.models import Person


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)


class Calendar(models.Model):
    """An address that shows deadlines of one person, and opens nothing else. Only a hash of its secret is kept."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="calendars")
    name = models.CharField(_("what it is for"), max_length=80)
    watches = models.CharField(
        _("what it shows"), max_length=5, choices=Watches, default=Watches.OWED
    )
    digest = models.CharField(max_length=64, unique=True)
    opened_at = InstantField()
    used_on = DayField(null=True, blank=True)
    ended_at = InstantField(null=True, blank=True)

    objects: Any = CalendarQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


def new_secret() -> tuple[str, str]:
    """256 random bits as text, and the hash that is kept in their stead."""
    secret = secrets.token_urlsafe(32)
    return secret, digest_of(secret)


def digest_of(secret: str) -> str:
    """The secret is random: a plain hash of it cannot be guessed back."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


class HookQuerySet(ScopedQuerySet):
    view = "exchange.view"

    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)


class Hook(models.Model):
    """An address of another system that is told of acts, as far as whoever connected it may see them.

    Its secret is made of `seed` and the key of this installation: who reads the tables cannot sign.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="hooks", verbose_name=_("for"))
    owner = models.ForeignKey(Person, models.PROTECT, related_name="hooks")
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=500)
    acts = models.JSONField(_("what it is told of"))
    seed = models.CharField(max_length=64)
    connected_at = InstantField()
    ended_at = InstantField(null=True, blank=True)

    objects: Any = HookQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("exchange:hook", args=[self.pk])

    @property
    def path(self) -> str:
        return str(self.unit.path)

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    def secret(self) -> str:
        made = salted_hmac("tiendo.exchange.hook", self.seed, algorithm="sha256")
        return str(made.hexdigest())


class Outbox(models.Model):
    """How far the record was heard for hooks. One row; whoever holds it works alone."""

    upto = InstantField()
    entry = models.PositiveBigIntegerField(default=0)
    only = models.BooleanField(default=True, unique=True)

    class Meta:
        constraints = [models.CheckConstraint(name="exchange_outbox_only", condition=Q(only=True))]

    def __str__(self) -> str:
        return f"heard up to {self.upto}"

    @classmethod
    def mine(cls, now: datetime) -> "Outbox":
        """The row, held until the transaction ends; a house that never heard begins to listen now."""
        cls.objects.get_or_create(only=True, defaults={"upto": now})
        return cls.objects.select_for_update().get()


class Delivery(models.Model):
    """One act for one hook: once, and once more for each replay. What its receiver knows it by stays the same."""

    hook = models.ForeignKey(Hook, models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="deliveries")
    replay = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    due_at = InstantField()
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # what the receiver answered
    fault = models.CharField(max_length=12, blank=True)  # why it could not be reached
    ended_at = InstantField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hook", "entry", "replay"], name="exchange_delivery_once"
            ),
            models.CheckConstraint(
                name="exchange_delivery_ended_has_its_instant",
                condition=Q(state=State.WAITING, ended_at__isnull=True)
                | ~Q(state=State.WAITING) & Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "hook"],
                name="exchange_delivery_due",
                condition=Q(state=State.WAITING),
            ),
            models.Index(fields=["hook", "-id"], name="exchange_delivery_list"),
        ]

    def __str__(self) -> str:
        return self.mark

    @property
    def mark(self) -> str:
        """By which a receiver knows an act it has had before."""
        return f"{self.hook_id}-{self.entry_id}"
