from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tiendo.documents.models import Document
from tiendo.kit.dates import DayField, InstantField
from tiendo.kit.permission import ScopedQuerySet
from tiendo.orgs.models import Unit
from tiendo.people.models import Person
from tiendo.reforms.states import Kind, Status


class ReformQuerySet(ScopedQuerySet):
    view = "reforms.view"

    def open_to_all(self) -> Q:
        """What was carried out is a fact of the tree, which everybody who signed in may see."""
        return Q(status=Status.CARRIED_OUT)


class Reform(models.Model):
    """A change of the tree: its legal text, its day, who prepared it, what is planned; and what was done, once it is."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reforms")
    on = DayField(_("takes effect on"))
    basis = models.CharField(_("legal text"), max_length=120)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True)
    plan = models.JSONField()
    status = models.CharField(max_length=12, choices=Status, default=Status.PREPARED)
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = InstantField()
    carried_out_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, blank=True
    )
    carried_out_at = InstantField(null=True, blank=True)
    concerned = models.ManyToManyField(Unit, related_name="reforms_seen", blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)

    objects: Any = ReformQuerySet.as_manager()

    class Meta:
        verbose_name = _("reform")
        indexes = [models.Index(fields=["-on", "-id"], name="reforms_reform_newest")]
        constraints = [
            models.CheckConstraint(
                name="reforms_reform_carried_out_by_somebody",
                condition=Q(
                    status=Status.CARRIED_OUT,
                    carried_out_at__isnull=False,
                    carried_out_by__isnull=False,
                )
                | (~Q(status=Status.CARRIED_OUT) & Q(carried_out_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="reforms_reform_dropped_for_a_reason",
                condition=~Q(status=Status.DROPPED) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.basis})"

    def get_absolute_url(self) -> str:
        return reverse("reforms:reform", args=[self.pk])

    @property
    def path(self) -> str:
        return str(self.unit.path)

    @property
    def is_prepared(self) -> bool:
        return self.status == Status.PREPARED
