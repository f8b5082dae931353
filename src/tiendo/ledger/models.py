from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from tiendo.kit.dates import InstantField


def key_of(subject: models.Model | None) -> str:
    """How the record names a thing: `tasks.task:42`. Text, so that it outlives the thing."""
    return "" if subject is None else f"{subject._meta.label_lower}:{subject.pk}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, subject: models.Model | str) -> Self:
        key = subject if isinstance(subject, str) else key_of(subject)
        return self.filter(subject=key).order_by("version")

    def within(self, path: str) -> Self:
        """Entries recorded at or beneath this place, as the tree stood then."""
        return self.filter(path__startswith=path)


class Entry(models.Model):
    """One act: when, who, for which post, what, about whom, where. Never changed, never removed."""

    at = InstantField(_("when"))
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    by = models.CharField(max_length=80, blank=True)
    post = models.CharField(max_length=80, blank=True)
    path = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    told = models.BooleanField(default=False)

    objects: Any = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="ledger_entry_one_version")
        ]
        indexes = [models.Index(fields=["at"], name="ledger_entry_at")]

    def __str__(self) -> str:
        return f"{self.act} {self.subject} v{self.version}"


class Origin(models.Model):
    """A database that tells a story says so here, once, and by how much its clock is moved."""

    offset_us = models.BigIntegerField()
    made_at = InstantField()
    only = models.BooleanField(default=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="ledger_origin_only", condition=models.Q(only=True))
        ]

    def __str__(self) -> str:
        return f"told, clock moved by {self.offset_us} µs"
