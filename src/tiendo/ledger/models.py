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

    def with_words(self) -> Self:
        """Fetch what the sentences need, so that a list asks once."""
        return self.prefetch_related("personal")


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


class Personal(models.Model):
    """A fact of an entry that may have to be erased: the sealed facts keep only its salted hash."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="personal")
    fact = models.CharField(max_length=60)
    salt = models.CharField(max_length=32)
    value = models.TextField()
    whose = models.CharField(max_length=80, blank=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "fact"], name="ledger_personal_one_fact")
        ]

    def __str__(self) -> str:
        return f"{self.fact} of entry {self.entry_id}"


class Seal(models.Model):
    """Signed, and chained to the one before it: these entries stood in the record at this instant."""

    number = models.PositiveIntegerField(primary_key=True)
    at = InstantField(_("when"))
    upto = InstantField()  # everything that had happened by then is in this seal or an earlier one
    root = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    total = models.PositiveBigIntegerField()
    previous = models.CharField(max_length=64)
    past = models.CharField(max_length=64)  # the root over the hashes of all seals before this one
    peaks = models.JSONField()  # of that tree, so that the next seal need not read them all
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"seal {self.number}"


class Sealed(models.Model):
    """Which entry lies at which place of which seal, with the hash that was sealed."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="sealed")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="places", db_index=False)
    place = models.PositiveIntegerField()
    leaf = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seal", "place"], name="ledger_sealed_one_place")
        ]

    def __str__(self) -> str:
        return f"entry {self.entry_id} at {self.place} of seal {self.seal_id}"


class Answer(models.Model):
    """What a program was answered when it asked for an act with a key of its own: asked again, it is answered the same.

    No record of the act (that is its entry), and kept for two days only.
    """

    by = models.CharField(max_length=80)
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=128)
    asked = models.CharField(max_length=64)  # a hash of what was sent
    reach = models.CharField(max_length=64)  # a hash of the rights it was answered under
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    at = InstantField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "route", "key"], name="ledger_answer_once")
        ]
        indexes = [models.Index(fields=["at"], name="ledger_answer_at")]

    def __str__(self) -> str:
        return f"{self.status} to {self.by} at {self.route}"


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
