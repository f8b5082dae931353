from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tiendo.documents.states import (
    HOLDS,
    PUBLISHED,
    UNSIGNED,
    Answer,
    Bond,
    Cited,
    Secrecy,
    Status,
)
from tiendo.kit.dates import DayField, InstantField
from tiendo.kit.permission import ScopedQuerySet
from tiendo.orgs.models import Unit
from tiendo.people.models import Person


class DocumentType(models.Model):
    """A kind of official text, by the country's table: NQ is a resolution, KL a conclusion."""

    code = models.CharField(max_length=10, unique=True)
    name_vi = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)
    name_ru = models.CharField(max_length=80)

    def __str__(self) -> str:
        return str(getattr(self, f"name_{(get_language() or 'en')[:2]}", self.name_en))


class DocumentQuerySet(ScopedQuerySet):
    view = "documents.view"
    addressed = ("recipients__path", "opinion_requests__unit__path")

    def open_to_all(self) -> Q:
        """Signed and ungraded: everybody who signed in may read it, also when it is no longer in force."""
        return Q(status__in=PUBLISHED, secrecy=Secrecy.OPEN)

    def in_force(self, on: date) -> Self:
        """Those that hold on a day, by their own two days: a text replaced later was in force then."""
        started = Q(in_force_from__isnull=True) | Q(in_force_from__lte=on)
        going_on = Q(in_force_to__isnull=True) | Q(in_force_to__gt=on)
        return self.filter(started & going_on, status__in=PUBLISHED)

    def originals(self) -> Self:
        """Each text once, in the language it was issued in."""
        return self.filter(original__isnull=True)


class Document(models.Model):
    """An official text: registered once, with its file and the tree of its provisions."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="documents_kept")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="documents_issued")
    type = models.ForeignKey(DocumentType, models.PROTECT, null=True, blank=True)
    symbol = models.CharField(_("number and symbol"), max_length=80, blank=True)
    symbol_folded = models.CharField(max_length=80, blank=True)
    year = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=500)
    issued_on = DayField(_("date"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGE_NAMES)
    text = models.TextField(_("text"))
    secrecy = models.CharField(_("secrecy"), max_length=12, choices=Secrecy, default=Secrecy.OPEN)
    status = models.CharField(max_length=10, choices=Status, default=Status.IN_FORCE)
    signer = models.CharField(_("signed by"), max_length=120, blank=True)
    signer_post = models.CharField(_("as"), max_length=200, blank=True)
    original = models.ForeignKey(
        "self", models.PROTECT, related_name="translations", null=True, blank=True
    )
    in_force_from = DayField(null=True, blank=True)
    in_force_to = DayField(null=True, blank=True)
    recipients = models.ManyToManyField(Unit, related_name="documents_received", blank=True)
    file_hash = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    file_size = models.PositiveIntegerField()
    registered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    registered_at = InstantField()

    objects: Any = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "symbol_folded"],
                name="documents_document_one_symbol",
                condition=~Q(symbol_folded="") & Q(original__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["original", "language"],
                name="documents_document_one_translation",
                condition=Q(original__isnull=False),
            ),
            models.CheckConstraint(
                name="documents_document_force_ends_after_start",
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gt=F("in_force_from")),
            ),
        ]
        indexes = [models.Index(fields=["-issued_on", "-id"], name="documents_document_newest")]

    def __str__(self) -> str:
        return f"{self.symbol} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("documents:document", args=[self.pk])

    @property
    def path(self) -> str:
        return str(self.unit.path)

    def standing(self, on: date) -> Status:
        """Where it stands on a day: a signed text comes into force and runs out by its own two days."""
        status = Status(self.status)
        still_holds = self.in_force_to is not None and self.in_force_to > on
        if status not in HOLDS:
            return Status.IN_FORCE if status not in UNSIGNED and still_holds else status
        if self.in_force_to and self.in_force_to <= on:
            return Status.EXPIRED
        if self.in_force_from and self.in_force_from > on:
            return Status.SIGNED
        return Status.IN_FORCE if status == Status.SIGNED else status

    @property
    def is_unsigned(self) -> bool:
        return self.status in UNSIGNED


class Provision(models.Model):
    """A numbered place in a text, with an address that does not change: II.1.a."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="provisions")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    position = models.PositiveIntegerField()
    address = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    heading = models.CharField(max_length=500, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "address"], name="documents_provision_one_address"
            )
        ]

    def __str__(self) -> str:
        return self.address


class Relation(models.Model):
    """How one text, or one place of it, stands to another. The newer text says it; both pages show it."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="bonds")
    provision = models.ForeignKey(
        Provision, models.PROTECT, related_name="bonds", null=True, blank=True
    )
    kind = models.CharField(max_length=10, choices=Bond)
    other = models.ForeignKey(Document, models.PROTECT, related_name="bonds_from")
    other_provision = models.ForeignKey(
        Provision, models.PROTECT, related_name="bonds_from", null=True, blank=True
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = InstantField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "kind", "other"],
                name="documents_relation_once",
                condition=Q(provision__isnull=True, other_provision__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["kind", "provision", "other_provision"],
                name="documents_relation_of_places_once",
                condition=Q(provision__isnull=False, other_provision__isnull=False),
            ),
            models.CheckConstraint(
                name="documents_relation_of_two", condition=~Q(document=F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind} {self.other_id}"


class Citation(models.Model):
    """A document that a text names by its number; it waits until a person says what it means."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="citations")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    symbol = models.CharField(max_length=80)
    symbol_folded = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField(null=True)
    suggested = models.CharField(max_length=10, choices=Bond)
    status = models.CharField(max_length=8, choices=Cited, default=Cited.WAITING)
    relation = models.ForeignKey(
        Relation, models.SET_NULL, related_name="citations", null=True, blank=True
    )

    class Meta:
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "start"], name="documents_citation_one_place"
            ),
        ]
        indexes = [models.Index(fields=["symbol_folded"], name="documents_citation_symbol")]

    def __str__(self) -> str:
        return self.symbol


class Stage(models.Model):
    """A step in the life of a text: since when, until when it should be done, who moved it."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="stages")
    status = models.CharField(max_length=10, choices=Status)
    begun_at = InstantField()
    due_on = DayField(null=True, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.status}"


class OpinionRequest(models.Model):
    """A unit asked what it thinks of a draft, until a day; answered when it says something, or that it agrees."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="opinion_requests")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="opinion_requests")
    due_on = DayField()
    asked_at = InstantField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    answered_at = InstantField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "unit"], name="documents_opinionrequest_unit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} of {self.unit_id}"

    def is_late(self, on: date) -> bool:
        return self.answered_at is None and self.due_on < on


class Opinion(models.Model):
    """What a unit said of a draft, of one place or of the whole; the drafter answers each one."""

    request = models.ForeignKey(OpinionRequest, models.PROTECT, related_name="opinions")
    address = models.CharField(max_length=120, blank=True)
    words = models.TextField(_("opinion"))
    given_at = InstantField()
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    reason = models.TextField(blank=True)
    answered_at = InstantField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="documents_opinion_not_taken_has_reason",
                condition=Q(answer__in=["", Answer.TAKEN]) | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id}.{self.pk}"
