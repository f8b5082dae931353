from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from tiendo.documents.models import Document, Provision
from tiendo.intake.states import Status
from tiendo.kit.dates import DayField, InstantField
from tiendo.kit.permission import ScopedQuerySet
from tiendo.orgs.models import Unit
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


class Proposal(models.Model):
    """A directive found in the text. Nothing is decided by the machine."""

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    provision = models.ForeignKey(Provision, models.PROTECT, null=True, blank=True)
    work = models.TextField()
    assignees = models.JSONField(default=list)
    partners = models.JSONField(default=list)
    deadline = models.CharField(max_length=20, blank=True)
    deadline_words = models.CharField(max_length=200, blank=True)
    target = models.CharField(max_length=300, blank=True)
    bits = models.JSONField(default=list)
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
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

    objects: Any = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "number"], name="intake_proposal_one_number"),
            models.CheckConstraint(
                name="intake_proposal_accepted_has_task",
                condition=Q(status=Status.ACCEPTED, task__isnull=False)
                | (~Q(status=Status.ACCEPTED) & Q(task__isnull=True)),
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
