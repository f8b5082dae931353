from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from tiendo.documents.models import Document, Provision
from tiendo.intake.states import Origin, Status
from tiendo.kit.dates import DayField, InstantField
from tiendo.kit.permission import ScopedQuerySet
from tiendo.orgs.models import Post, Unit
from tiendo.people.models import Person
from tiendo.tasks.models import Task


class IntakeQuerySet(ScopedQuerySet):
    view = "intake.view"
    owner = ("document__unit__path",)


class Intake(models.Model):
    """One reading of one document: what the reader proposed, for people to decide."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="intake")
    reader = models.CharField(max_length=20)
    read_at = InstantField()
    read_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sentences = models.JSONField(default=list)
    text_hash = models.CharField(max_length=64, blank=True)
    turn = models.PositiveIntegerField(default=0)  # counts the acts at this desk

    objects: Any = IntakeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"reading of {self.document_id}"

    def get_absolute_url(self) -> str:
        return reverse("intake:desk", args=[self.pk])

    @property
    def path(self) -> str:
        return str(self.document.path)


class ProposalQuerySet(ScopedQuerySet):
    view = "intake.view"
    owner = ("intake__document__unit__path",)

    def standing(self) -> Self:
        """Those on the desk: not the ones that others were put in the place of."""
        return self.exclude(status=Status.REPLACED)


class Proposal(models.Model):
    """A directive found in the text. Nothing is decided by the machine."""

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.READER)
    told_by = models.CharField(max_length=100, blank=True)  # which language model, if one
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    more = models.JSONField(
        default=list
    )  # further stretches of the text, when sentences were joined
    quote = models.TextField()
    source = models.JSONField(
        default=dict
    )  # the text's hash and the spans as first read; never changed
    is_gone = models.BooleanField(default=False)  # its sentence no longer stands in the text
    made_from = models.ManyToManyField(
        "self", symmetrical=False, related_name="made_into", blank=True
    )
    turn = models.PositiveIntegerField(default=0)  # of the desk, when it last changed
    provision = models.ForeignKey(Provision, models.PROTECT, null=True, blank=True)
    work = models.TextField()
    assignees = models.JSONField(default=list)
    partners = models.JSONField(default=list)
    deadline = models.CharField(max_length=20, blank=True)
    deadline_words = models.CharField(max_length=200, blank=True)
    target = models.CharField(max_length=300, blank=True)
    bits = models.JSONField(default=list)
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    candidates = models.JSONField(default=list)
    due_on = DayField(null=True, blank=True)
    cycle = models.CharField(max_length=4, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    edited = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    decided_at = InstantField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, blank=True)
    task = models.OneToOneField(
        Task, models.PROTECT, related_name="proposal", null=True, blank=True
    )
    follows = models.ForeignKey(
        Task, models.PROTECT, related_name="sentences", null=True, blank=True
    )

    objects: Any = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["start", "number"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "number"], name="intake_proposal_one_number"),
            models.CheckConstraint(
                name="intake_proposal_accepted_has_task",
                condition=Q(status=Status.ACCEPTED, task__isnull=False)
                | (~Q(status=Status.ACCEPTED) & Q(task__isnull=True)),
            ),
            models.CheckConstraint(
                name="intake_proposal_followed_has_task",
                condition=Q(status=Status.FOLLOWED, follows__isnull=False)
                | (~Q(status=Status.FOLLOWED) & Q(follows__isnull=True)),
            ),
            models.CheckConstraint(
                name="intake_proposal_refused_has_reason",
                condition=~Q(status=Status.REFUSED) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intake_id}.{self.number}"

    @property
    def path(self) -> str:
        return self.intake.path

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where it stands in the text, in order; several stretches once sentences were joined."""
        return [(self.start, self.end), *((start, end) for start, end in self.more)]
