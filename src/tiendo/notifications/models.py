from datetime import datetime
from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiendo.kit.dates import DayField, InstantField
from tiendo.ledger.models import Entry
from tiendo.notifications.states import Kind, Manner, Post, Rung, Way
from tiendo.people.models import Person
from tiendo.tasks.models import Part

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class Heard(models.Model):
    """How far the record was heard, and the last day reminders were made for. One row; whoever holds it works alone."""

    upto = InstantField()
    entry = models.PositiveBigIntegerField(default=0)  # the last one heard of that very instant
    reminded_on = DayField(null=True, blank=True)
    only = models.BooleanField(default=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="notifications_heard_only", condition=Q(only=True))
        ]

    def __str__(self) -> str:
        return f"heard up to {self.upto}"

    @classmethod
    def mine(cls, now: datetime) -> "Heard":
        """The row, held until the transaction ends; a house that never heard begins to listen now."""
        cls.objects.get_or_create(only=True, defaults={"upto": now})
        return cls.objects.select_for_update().get()


class Letter(models.Model):
    """One letter to one person: of a day, the how manyth, and what became of it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=6, choices=Post)
    on = DayField()
    number = models.PositiveSmallIntegerField(default=0)
    way = models.CharField(max_length=8, choices=Way, default=Way.WRITTEN)
    made_at = InstantField()
    asked_at = InstantField()  # when somebody was last asked to send it
    sent_at = InstantField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "on", "kind", "number"], name="notifications_letter_once"
            ),
            models.CheckConstraint(
                name="notifications_letter_one_digest_a_day",
                condition=~Q(kind=Post.DIGEST) | Q(number=0),
            ),
        ]
        indexes = [
            models.Index(
                fields=["made_at"],
                name="notifications_letter_waits",
                condition=Q(way__in=(Way.WRITTEN, Way.BEGUN)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.on} to {self.person_id}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def waiting(self) -> Self:
        """Neither read here nor put into a letter."""
        return self.filter(read_at__isnull=True, letter__isnull=True)

    def wanted(self, *manners: Manner) -> Self:
        """Those whose reader chose one of these manners; whoever chose nothing gets the letter of the day."""
        chosen = Q(pk__in=[])
        for kind in Kind:
            asked = Q(**{f"person__preference__{kind}__in": manners})
            if Manner.DIGEST in manners:
                asked |= Q(person__preference__isnull=True)
            chosen |= Q(kind=kind) & asked
        return self.filter(chosen)

    def with_words(self) -> Self:
        """Fetch what a line says and what judges whether it may be seen."""
        return self.select_related(
            "part__task__unit", "part__task__programme", "part__unit", "part__verifier", "entry"
        ).prefetch_related("part__unit__names", "entry__personal")


class Notice(models.Model):
    """One thing one person is told. Its key makes it one, however often and by how many it is made."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind)
    part = models.ForeignKey(Part, models.PROTECT, related_name="notices")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="notices")
    due_on = DayField(null=True, blank=True)
    stage = models.SmallIntegerField(null=True, blank=True)  # days after the due day
    rung = models.CharField(max_length=10, choices=Rung, blank=True)
    at = InstantField()
    read_at = InstantField(null=True, blank=True)
    letter = models.ForeignKey(
        Letter, models.PROTECT, null=True, blank=True, related_name="notices"
    )

    objects: Any = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="notifications_notice_once"),
            models.CheckConstraint(
                name="notifications_notice_of_an_act_or_a_day",
                condition=Q(entry__isnull=False, stage__isnull=True)
                | Q(entry__isnull=True, stage__isnull=False, due_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notifications_notice_list"),
            models.Index(
                fields=["person", "kind"],
                name="notifications_notice_waits",
                condition=Q(read_at__isnull=True, letter__isnull=True),
            ),
            models.Index(fields=["at"], name="notifications_notice_at"),
        ]

    def __str__(self) -> str:
        return f"{self.key} to {self.person_id}"


class Preference(models.Model):
    """How somebody wants to be told. Whoever chose nothing gets one letter a day."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="preference")
    due = models.CharField(Kind.DUE.label, max_length=6, choices=Manner, default=Manner.DIGEST)
    given = models.CharField(Kind.GIVEN.label, max_length=6, choices=Manner, default=Manner.DIGEST)
    asked = models.CharField(Kind.ASKED.label, max_length=6, choices=Manner, default=Manner.DIGEST)
    answered = models.CharField(
        Kind.ANSWERED.label, max_length=6, choices=Manner, default=Manner.DIGEST
    )
    climbed = models.CharField(
        Kind.CLIMBED.label, max_length=6, choices=Manner, default=Manner.DIGEST
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the letter of the day"), choices=HOURS, default=7
    )
    quiet_from = models.PositiveSmallIntegerField(_("quiet from"), choices=HOURS, default=20)
    quiet_until = models.PositiveSmallIntegerField(_("quiet until"), choices=HOURS, default=6)
    budget = models.PositiveSmallIntegerField(
        _("letters at once, a day at most"), default=5, validators=[MaxValueValidator(50)]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notifications_preference_hours",
                condition=Q(
                    digest_hour__lt=24, quiet_from__lt=24, quiet_until__lt=24, budget__lte=50
                ),
            )
        ]

    def __str__(self) -> str:
        return f"wishes of {self.person_id}"

    def is_quiet(self, hour: int) -> bool:
        """Whether no letter goes out at this hour of the day; from and until alike means never."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until
