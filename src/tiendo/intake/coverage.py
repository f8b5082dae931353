"""What a text orders and nobody has taken up; asked anew each time, so that a list changes with the act that shortens it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Exists, OuterRef

from tiendo.documents.models import Document, Provision, Relation
from tiendo.documents.states import Bond
from tiendo.intake.models import Intake, Proposal
from tiendo.intake.states import Status
from tiendo.tasks.models import Part, Task
from tiendo.tasks.states import Role
from tiendo.tasks.states import Status as PartStatus

UNNUMBERED = "paragraph"
MOST = 200  # rows of one list
WORDS = 240  # characters of a clause

State = Literal["task", "waiting", "refused", "nothing"]
STATES: dict[str, State] = {
    Status.WAITING: "waiting",
    Status.REFUSED: "refused",
    Status.FOLLOWED: "task",
    Status.ACCEPTED: "nothing",  # its task was dropped, else the clause has one
}
ORDER: tuple[State, ...] = ("task", "waiting", "refused", "nothing")


@dataclass(frozen=True)
class Clause:
    """A numbered place with nothing numbered beneath it, or any place in which a directive was found."""

    provision: Provision
    words: str
    state: State
    proposal: Proposal | None = None


@dataclass(frozen=True)
class Plan:
    """A text that implements this one, and which of the clauses that became tasks it says nothing of."""

    document: Document
    skipped: list[Clause]
    of: int


@dataclass(frozen=True)
class Coverage:
    clauses: list[Clause]
    unmeasured: list[Task]
    plans: list[Plan]

    def in_state(self, state: State) -> list[Clause]:
        return [clause for clause in self.clauses if clause.state == state]

    @property
    def orphans(self) -> list[Clause]:
        """Clauses nobody follows and nobody has said need not be: what waits first, then where nothing was found."""
        return self.in_state("waiting") + self.in_state("nothing")

    @property
    def refused(self) -> list[Clause]:
        return self.in_state("refused")

    @property
    def followed(self) -> list[Clause]:
        return self.in_state("task")


def coverage_of(intake: Intake, person: Any) -> Coverage:
    """A fixed number of questions, however long the text and however many plans there are."""
    document = intake.document
    clauses = clauses_of(intake)
    return Coverage(clauses, unmeasured(document, person), plans_of(document, clauses, person))


def clauses_of(intake: Intake) -> list[Clause]:
    text, found = intake.document.text, defaultdict(list)
    for proposal in intake.proposals.standing():
        found[proposal.provision_id].append(proposal)
    provisions = list(intake.document.provisions.order_by("position"))
    above = {provision.parent_id for provision in provisions if provision.kind != UNNUMBERED}
    tasked = with_a_task(intake.document)
    return [
        clause_of(provision, text, found[provision.pk], is_tasked=provision.pk in tasked)
        for provision in provisions
        if found[provision.pk] or (provision.kind != UNNUMBERED and provision.pk not in above)
    ]


def clause_of(
    provision: Provision, text: str, proposals: list[Proposal], *, is_tasked: bool
) -> Clause:
    """A clause is followed when one of its sentences is; else it waits while any does."""
    states = {STATES[proposal.status]: proposal for proposal in reversed(proposals)}
    state: State = "task" if is_tasked else next((one for one in ORDER if one in states), "nothing")
    words = " ".join(text[provision.start : provision.end].split())
    return Clause(provision, shortened(words), state, states.get(state))


def shortened(words: str) -> str:
    return words if len(words) <= WORDS else words[:WORDS].rsplit(" ", 1)[0] + "…"


def with_a_task(document: Document) -> set[int]:
    """The places of this text from which a task came that was not dropped; whether one may read it is another question."""
    rows = Task.objects.filter(document=document, provision__isnull=False)
    return set(rows.exclude(is_dropped()).values_list("provision", flat=True))


def is_dropped() -> Exists:
    lead = Part.objects.filter(task=OuterRef("pk"), role=Role.LEAD, status=PartStatus.DROPPED)
    return Exists(lead)


def unmeasured(document: Document, person: Any) -> list[Task]:
    rows = Task.objects.visible_to(person).filter(document=document, measure="")
    return list(rows.exclude(is_dropped()).with_lead().order_by("pk")[:MOST])


def plans_of(document: Document, clauses: list[Clause], person: Any) -> list[Plan]:
    """A plan takes up a clause by saying so of its places, or by a task of its own beneath the clause's."""
    ordered = [clause for clause in clauses if clause.state == "task"]
    says = Relation.objects.filter(kind=Bond.IMPLEMENTS, other=document, document=OuterRef("pk"))
    plans = Document.objects.visible_to(person).filter(Exists(says)).select_related("type", "unit")
    shown = list(
        plans.defer("text").prefetch_related("unit__names").order_by("issued_on", "pk")[:MOST]
    )
    taken = taken_up(document, [plan.pk for plan in shown])
    return [
        Plan(
            plan,
            [clause for clause in ordered if clause.provision.pk not in taken[plan.pk]],
            len(ordered),
        )
        for plan in shown
    ]


def taken_up(document: Document, plans: list[int]) -> dict[int, set[int]]:
    """By plan, the places of the text it takes up."""
    taken: dict[int, set[int]] = defaultdict(set)
    places = Relation.objects.filter(
        kind=Bond.IMPLEMENTS, document__in=plans, other=document, other_provision__isnull=False
    ).values_list("document", "other_provision")
    tasks = Task.objects.filter(
        document__in=plans, above__document=document, above__provision__isnull=False
    ).exclude(is_dropped())
    for plan, place in [*places, *tasks.values_list("document", "above__provision")]:
        taken[plan].add(place)
    return taken
