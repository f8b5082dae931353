from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from tiendo.documents.models import Document, Provision
from tiendo.documents.states import Secrecy
from tiendo.kit.clock import day_of
from tiendo.kit.dates import DayField, InstantField
from tiendo.kit.permission import ScopedQuerySet
from tiendo.kit.refusals import ChangedMeanwhile, Refused
from tiendo.ledger.models import Entry
from tiendo.orgs.models import Post, Unit
from tiendo.people.models import Person
from tiendo.tasks import tallies
from tiendo.tasks.states import MOVES, OPEN, Cycle, ReturnReason, Role, Status
from tiendo.tasks.tallies import Tally

__all__ = ["Tally"]  # its table belongs to this room


class ProgrammeQuerySet(ScopedQuerySet):
    view = "tasks.view"
    addressed = ("tasks__parts__unit__path", "tasks__parts__verifier__path")
    addressed_when = Q(tasks__issued_on__isnull=False)


class Programme(models.Model):
    """A resolution being followed: the tasks that come from it, under one owner."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="programmes")
    symbol = models.CharField(_("symbol"), max_length=40)
    title = models.CharField(_("title"), max_length=300)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True)
    last_number = models.PositiveIntegerField(default=0)

    objects: Any = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "symbol"], name="tasks_programme_one_symbol")
        ]

    def __str__(self) -> str:
        return self.symbol

    @property
    def path(self) -> str:
        return str(self.unit.path)


class TaskQuerySet(ScopedQuerySet):
    view = "tasks.view"
    addressed = ("parts__unit__path", "parts__verifier__path")
    addressed_when = Q(issued_on__isnull=False)  # a draft that was dropped stays unknown

    def with_lead(self) -> Self:
        """Fetch what a row of a list shows, in a fixed number of questions."""
        return self.select_related("programme", "unit").prefetch_related(
            "unit__names", "parts__unit__names", "parts__post"
        )


class Task(models.Model):
    """What must be done: one wording, one measure, one lead part and any that help."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="tasks")
    number = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks_given")
    title = models.CharField(_("work"), max_length=500)
    measure = models.CharField(_("measure"), max_length=300, blank=True)
    authority = models.CharField(_("authority"), max_length=300, blank=True)
    responsibility = models.CharField(_("responsibility"), max_length=300, blank=True)
    is_key = models.BooleanField(_("key task"), default=False)
    secrecy = models.CharField(max_length=12, choices=Secrecy, default=Secrecy.OPEN)
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="tasks", null=True, blank=True
    )
    provision = models.ForeignKey(Provision, models.PROTECT, null=True, blank=True)
    quote = models.TextField(blank=True)
    quote_language = models.CharField(max_length=2, blank=True)
    issued_on = DayField(null=True, blank=True)

    objects: Any = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="tasks_task_one_number")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("tasks:task", args=[self.pk])

    @property
    def path(self) -> str:
        return str(self.unit.path)

    @property
    def lead(self) -> "Part":
        """Its lead part; a task's cell is this part's. One that was handed on has an heir, here or in the task it was joined to."""
        led = [part for part in self.parts.all() if part.role == Role.LEAD]
        standing = [part for part in led if part.is_lead]
        return standing[0] if standing else max(led, key=lambda part: part.pk)

    @property
    def co_parts(self) -> list["Part"]:
        return [part for part in self.parts.all() if part.role != Role.LEAD]


class PartQuerySet(ScopedQuerySet):
    view = "tasks.view"
    owner = ("task__unit__path",)
    addressed = ("unit__path", "verifier__path")
    addressed_when = Q(task__issued_on__isnull=False)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def late(self, on: date) -> Self:
        return self.open().filter(due_on__lt=on)


class Part(models.Model):
    """What one unit owes within a task: a post, a product, a first date that stays and the date in force."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="parts")
    role = models.CharField(max_length=4, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="parts")
    post = models.ForeignKey(Post, models.PROTECT, related_name="parts", null=True, blank=True)
    product = models.CharField(_("product"), max_length=300, blank=True)
    first_due_on = DayField(null=True, blank=True)
    due_on = DayField(_("due"), null=True, blank=True)
    cycle = models.CharField(max_length=4, choices=Cycle, blank=True, default=Cycle.ONCE)
    verifier = models.ForeignKey(Unit, models.PROTECT, related_name="parts_to_verify")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    done_on = DayField(null=True, blank=True)
    handed_to = models.ForeignKey(
        "self", models.PROTECT, related_name="came_from", null=True, blank=True
    )

    objects: Any = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                name="tasks_part_one_lead",
                condition=Q(role=Role.LEAD) & ~Q(status=Status.TRANSFERRED),
            ),
            models.UniqueConstraint(  # later a unit may also carry what it took over from another
                fields=["task", "unit"],
                name="tasks_part_unit_once",
                condition=Q(status=Status.DRAFT),
            ),
            models.CheckConstraint(
                name="tasks_part_handed_on_is_transferred",
                condition=Q(handed_to__isnull=True) | Q(status=Status.TRANSFERRED),
            ),
            models.CheckConstraint(
                name="tasks_part_verified_by_another", condition=~Q(verifier=F("unit"))
            ),
            models.CheckConstraint(
                name="tasks_part_done_has_its_day",
                condition=Q(status=Status.DONE, done_on__isnull=False)
                | (~Q(status=Status.DONE) & Q(done_on__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "status", "due_on"], name="tasks_part_work"),
            models.Index(  # every count of tasks reads the leads, and nothing else of them
                fields=["task", "unit", "status", "due_on", "first_due_on", "done_on"],
                name="tasks_part_leads",
                condition=Q(role=Role.LEAD),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.unit_id}"

    @property
    def path(self) -> str:
        return str(self.unit.path)

    @property
    def is_lead(self) -> bool:
        return self.role == Role.LEAD and self.status != Status.TRANSFERRED

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_extended(self) -> bool:
        """The first date is struck through only then."""
        return self.first_due_on is not None and self.first_due_on != self.due_on

    def move_to(
        self,
        status: Status,
        *,
        entry: Entry,
        by: Person,
        note: str = "",
        true_on: date | None = None,
        **changes: Any,
    ) -> "Move":
        """Change status and keep the step. The only code that writes `status`."""
        if status != self.status and status not in MOVES[Status(self.status)]:
            raise MoveNotAllowed(
                _t("This cannot go from “%(old)s” to “%(new)s”.")
                % {"old": self.get_status_display(), "new": status.label}
            )
        moved = Part.objects.filter(pk=self.pk, status=self.status).update(status=status, **changes)
        if not moved:
            raise ChangedMeanwhile(
                _t("Somebody else has just changed this task. Look at it again, then decide.")
            )
        was, self.status = self.status, status
        for name, value in changes.items():
            setattr(self, name, value)
        return Move.keep(self, was, entry=entry, by=by, note=note, true_on=true_on)


class MoveNotAllowed(Refused):
    code = "move-not-allowed"


class Move(models.Model):
    """The journal: where a part stood after each step, true on a day, known from an instant. Locked like the record."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="moves")
    was = models.CharField(max_length=12, choices=Status)
    status = models.CharField(max_length=12, choices=Status)
    at = InstantField()
    true_on = DayField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    first_due_on = DayField(null=True)
    due_on = DayField(null=True)
    done_on = DayField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [  # where a part stood: the last step of it, known by then and true by then
            models.Index(fields=["part", "id", "at", "true_on"], name="tasks_move_stood"),
            models.Index(fields=["at"], name="tasks_move_at"),
            models.Index(fields=["true_on"], name="tasks_move_true_on"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.was} → {self.status}"

    @classmethod
    def keep(
        cls, part: Part, was: str, *, entry: Entry, by: Person, note: str, true_on: date | None
    ) -> "Move":
        before = cls.objects.filter(part=part).order_by("pk").last()
        if before is not None:
            before.part = part
        after = cls.objects.create(
            part=part,
            was=was,
            status=part.status,
            at=entry.at,
            true_on=true_on or day_of(entry.at),
            unit=part.unit,
            first_due_on=part.first_due_on,
            due_on=part.due_on,
            done_on=part.done_on,
            by=by,
            note=note,
        )
        tallies.note([(before, after)])
        return after


class Report(models.Model):
    """What a unit says it did: words, a number over a number, evidence."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    words = models.TextField(_("what was done"))
    obstacle = models.TextField(_("what stands in the way"), blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    out_of = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    is_final = models.BooleanField(_("the product is finished"), default=False)
    nothing_new = models.BooleanField(_("nothing new"), default=False)
    sent_at = InstantField()
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["part", "number"], name="tasks_report_one_number"),
            models.CheckConstraint(
                name="tasks_report_amount_out_of",
                condition=Q(amount__isnull=True, out_of__isnull=True)
                | Q(amount__gte=0, out_of__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} report {self.number}"


class Evidence(models.Model):
    report = models.ForeignKey(Report, models.PROTECT, related_name="evidence")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=220)
    size = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.name


class Verdict(models.Model):
    """What somebody outside the unit found: accepted, or returned with a reason."""

    report = models.OneToOneField(Report, models.PROTECT, related_name="verdict")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=12, choices=ReturnReason, blank=True)
    note = models.TextField(_("note"), blank=True)
    at = InstantField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tasks_verdict_return_has_reason", condition=Q(accepted=True) | ~Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {'accepted' if self.accepted else self.reason}"


class Extension(models.Model):
    """A request for another date. The first date stays; granted or not, it is counted and shown."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="extensions")
    was_due_on = DayField()
    asked_on = DayField(_("new date asked for"))
    reason = models.TextField(_("reason"))
    asked_at = InstantField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    granted = models.BooleanField(null=True)
    decided_at = InstantField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part"], name="tasks_extension_one_open", condition=Q(granted__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.was_due_on} → {self.asked_on}"
