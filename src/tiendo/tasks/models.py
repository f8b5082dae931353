from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, Max, Q, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from tiendo.documents.models import Document, Provision
from tiendo.documents.states import Secrecy
from tiendo.kit.clock import day_of
from tiendo.kit.dates import DayField, InstantField, day_number
from tiendo.kit.permission import ScopedQuerySet, roots
from tiendo.kit.refusals import ChangedMeanwhile, Refused
from tiendo.ledger.models import Entry
from tiendo.orgs.models import Post, Unit
from tiendo.people.models import Person
from tiendo.tasks import tallies
from tiendo.tasks.states import (
    MOVES,
    OPEN,
    Cycle,
    Finding,
    Level,
    ReturnReason,
    Role,
    Status,
)
from tiendo.tasks.tallies import Tally

AT_ONCE = 2_000  # rows of one insert

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


class Sector(models.Model):
    """A field of a resolution, by the country's table: institutions, infrastructure, data, people."""

    code = models.CharField(max_length=20, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    name_vi = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)
    name_ru = models.CharField(max_length=80)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return str(getattr(self, f"name_{(get_language() or 'en')[:2]}", self.name_en))


class GradedQuerySet(ScopedQuerySet):
    """Work that is graded does not exist for those who may not see graded work there."""

    view = "tasks.view"
    graded: str = "secrecy"

    def visible_to(self, person: Any, *, gathered: bool = False) -> Self:
        seen = super().visible_to(person, gathered=gathered)
        cleared = roots(person, "tasks.view_graded")
        if cleared == roots(person, self.view):
            return seen
        ungraded = Q(**{self.graded: Secrecy.OPEN})
        return seen.filter(ungraded | self.lying_beneath(cleared) if cleared else ungraded)


class TaskQuerySet(GradedQuerySet):
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
    above = models.ForeignKey(
        "self", models.PROTECT, related_name="beneath", null=True, blank=True, db_index=False
    )
    prefix = models.CharField(max_length=60, blank=True)  # the label of the task above, and a dot
    last_number = models.PositiveIntegerField(default=0)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks_given")
    title = models.CharField(_("work"), max_length=500)
    measure = models.CharField(_("measure"), max_length=300, blank=True)
    authority = models.CharField(_("authority"), max_length=300, blank=True)
    legal_base = models.CharField(_("legal base"), max_length=300, blank=True)
    responsibility = models.CharField(_("responsibility"), max_length=300, blank=True)
    acceptance = models.CharField(_("how the product is accepted"), max_length=300, blank=True)
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        related_name="tasks",
        null=True,
        blank=True,
        verbose_name=_("sector"),
    )
    is_key = models.BooleanField(_("key task"), default=False)
    secrecy = models.CharField(_("secrecy"), max_length=12, choices=Secrecy, default=Secrecy.OPEN)
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
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="tasks_task_one_number",
                condition=Q(above__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["above", "number"],
                name="tasks_task_one_number_beneath",
                condition=Q(above__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("tasks:task", args=[self.pk])

    @property
    def label(self) -> str:
        """Its number as people write it: 12, and 12.37 for the thirty-seventh task beneath it."""
        return f"{self.prefix}{self.number}"

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


class PartQuerySet(GradedQuerySet):
    graded = "task__secrecy"
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
    cycle_ends_on = DayField(_("repeated until"), null=True, blank=True)
    verifier = models.ForeignKey(Unit, models.PROTECT, related_name="parts_to_verify")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    done_on = DayField(null=True, blank=True)
    # while it is open, the day it is owed by; the last day there is, when it has no date: lists go along this
    owed_on = models.GeneratedField(
        expression=Case(
            When(status__in=sorted(OPEN), then=Coalesce(F("due_on"), day_number(date.max))),
            output_field=models.IntegerField(null=True),
        ),
        output_field=DayField(null=True),
        db_persist=True,
    )
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
                name="tasks_part_only_a_cycle_ends",
                condition=Q(cycle_ends_on__isnull=True) | ~Q(cycle=Cycle.ONCE),
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
            models.Index(fields=["role", "owed_on", "task"], name="tasks_part_owed"),
            models.Index(fields=["role", "status", "task"], name="tasks_part_standing"),
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

    @classmethod
    def move_all_to(
        cls, status: Status, parts: "models.QuerySet[Part]", *, entry: Entry, by: Person, note: str
    ) -> None:
        """The same step for many parts at once, all of them or none: in as few statements as for one."""
        standing: dict[str, list[Part]] = {}
        for part in parts.select_related("task"):
            if status in MOVES[Status(part.status)]:
                standing.setdefault(part.status, []).append(part)
        for was, moving in standing.items():
            asked = cls.objects.filter(pk__in=[part.pk for part in moving], status=was)
            if asked.update(status=status) != len(moving):
                raise ChangedMeanwhile(
                    _t("Somebody else has just changed this task. Look at it again, then decide.")
                )
        moved = [part for moving in standing.values() for part in moving]
        Move.keep_all(status, moved, entry=entry, by=by, note=note)


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

    @classmethod
    def keep_all(
        cls, status: Status, parts: list[Part], *, entry: Entry, by: Person, note: str
    ) -> None:
        newest = cls.objects.filter(part__in=parts).values("part").annotate(newest=Max("pk"))
        before = {move.part_id: move for move in cls.objects.filter(pk__in=newest.values("newest"))}
        after: list[Any] = [
            cls(
                part=part, was=part.status, status=status, at=entry.at, true_on=day_of(entry.at),
                unit_id=part.unit_id, first_due_on=part.first_due_on, due_on=part.due_on,
                done_on=part.done_on, by=by, note=note,
            )
            for part in parts
        ]  # fmt: skip
        cls.objects.bulk_create(after, batch_size=AT_ONCE)
        for move in after:
            if move.part_id in before:
                before[move.part_id].part = move.part
        tallies.note((before.get(move.part_id), move) for move in after)


class Occurrence(models.Model):
    """One turn of a part that repeats: its own first date, which stays, and its date in force; done by an accepted report."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="occurrences")
    number = models.PositiveIntegerField()
    first_due_on = DayField()
    due_on = DayField()
    done_on = DayField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["part", "number"], name="tasks_occurrence_one_number")
        ]

    def __str__(self) -> str:
        return f"{self.part_id} turn {self.number}"


class Report(models.Model):
    """What a unit says it did: words, a number over a number, evidence."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    occurrence = models.ForeignKey(
        Occurrence, models.PROTECT, related_name="reports", null=True, blank=True
    )
    statement = models.TextField(_("statement in place of a file"), blank=True)
    begun_at = InstantField(null=True, blank=True)
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
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=220)
    size = models.PositiveIntegerField()
    look = models.CharField(max_length=16, blank=True)  # of an image: 64 bits that survive resizing
    look_1 = models.PositiveIntegerField(null=True)
    look_2 = models.PositiveIntegerField(null=True)
    look_3 = models.PositiveIntegerField(null=True)
    look_4 = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=[f"look_{place}"],
                name=f"tasks_evidence_look_{place}",
                condition=Q(**{f"look_{place}__isnull": False}),
            )
            for place in (1, 2, 3, 4)
        ]

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


class DrawQuerySet(ScopedQuerySet):
    """A lot is published: everybody who signed in may see its seed, its list and how to do it again."""

    view = "tasks.view"

    def open_to_all(self) -> Q:
        return Q(pk__isnull=False)


class Draw(models.Model):
    """A lot that decides which accepted results are checked on the spot: announced before, drawn after its last instant."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="draws")
    seed = models.CharField(max_length=64)
    shares = models.JSONField()  # percent to check, by level
    starts_on = DayField(_("from"))
    ends_on = DayField(_("until, not any more"))
    announced_at = InstantField()
    announced_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    root = models.CharField(max_length=64, blank=True)  # over the results drawn from, in order
    size = models.PositiveIntegerField(null=True, blank=True)
    drawn_at = InstantField(null=True, blank=True)
    drawn_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, blank=True)

    objects: Any = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="tasks_draw_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="tasks_draw_is_whole",
                condition=Q(drawn_at__isnull=True, root="", size__isnull=True)
                | (Q(drawn_at__isnull=False, size__isnull=False) & ~Q(root="")),
            ),
        ]

    def __str__(self) -> str:
        return f"draw {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:draw", args=[self.pk])

    @property
    def path(self) -> str:
        return str(self.unit.path)


class Check(models.Model):
    """A result the lot fell on, and what was found on the spot."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="checks")
    report = models.ForeignKey(Report, models.PROTECT, related_name="checks")
    level = models.CharField(max_length=12, choices=Level)
    rank = models.PositiveIntegerField()
    finding = models.CharField(max_length=12, choices=Finding, blank=True)
    note = models.TextField(_("what was seen"), blank=True)
    found_at = InstantField(null=True, blank=True)
    found_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["level", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "report"], name="tasks_check_once_a_draw"),
            models.CheckConstraint(
                name="tasks_check_found_by_somebody",
                condition=Q(finding="", found_at__isnull=True, found_by__isnull=True)
                | (~Q(finding="") & Q(found_at__isnull=False, found_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id}: {self.report_id}"
