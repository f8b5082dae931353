from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tiendo.documents.states import Secrecy, Status
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
    addressed = ("recipients__path",)

    def open_to_all(self) -> Q:
        """In force and ungraded: everybody who signed in may read it."""
        return Q(status=Status.IN_FORCE, secrecy=Secrecy.OPEN)

    def in_force(self, on: date) -> Self:
        started = Q(in_force_from__isnull=True) | Q(in_force_from__lte=on)
        going_on = Q(in_force_to__isnull=True) | Q(in_force_to__gt=on)
        return self.filter(started & going_on, status=Status.IN_FORCE)


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
                condition=~Q(symbol_folded=""),
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
