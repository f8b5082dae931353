"""What a reading desk shows: the text marked, the proposals, how far the settling is."""

from dataclasses import dataclass, field
from typing import Any

from tiendo.documents.models import Document
from tiendo.intake.layout import Line, lines_of, numbered, sentence_numbers
from tiendo.intake.models import Intake, Proposal
from tiendo.intake.offers import CLEAR_WORDS, offered, partner_ids, six_clears
from tiendo.intake.states import Status
from tiendo.kit.permission import beneath, roots
from tiendo.orgs.models import Unit
from tiendo.people.models import Person
from tiendo.tasks.clears import unclear
from tiendo.tasks.models import Programme
from tiendo.tasks.reads import wording_of
from tiendo.tasks.states import Status as PartStatus

HEADINGS = {"part", "chapter", "section", "roman", "article"}
OTHERS_SHOWN = 8


@dataclass
class Row:
    """One proposal in the list: its sentence, its wording, what is clear."""

    proposal: Proposal
    sentence: int
    values: dict[str, Any]
    clear: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    is_draft: bool = False
    others: list[Unit] = field(default_factory=list)

    @property
    def clear_words(self) -> list[str]:
        return [str(CLEAR_WORDS[name]) for name in self.clear]

    @property
    def missing_words(self) -> list[str]:
        return [str(CLEAR_WORDS[name]) for name in self.missing]

    @property
    def letters(self) -> dict[str, str]:
        """By field, the letter that ties it to the text."""
        return {str(bit["what"]): str(bit["letter"]) for bit in self.proposal.bits}


@dataclass
class Desk:
    intake: Intake
    document: Document
    rows: list[Row]
    lines: list[Line]
    current: Row | None
    before: Row | None
    after: Row | None
    settled: int
    spoken: int
    plain: int

    @property
    def drafts(self) -> list[Row]:
        return [row for row in self.rows if row.is_draft]


def desk_of(intake: Intake, asked: str = "") -> Desk:
    """The desk with one proposal open: the one asked for, else the first that waits, else the first."""
    document = intake.document
    proposals = list(proposals_of(intake))
    helpers = {u.pk: u for u in Unit.objects.filter(pk__in=helping(proposals)).with_names()}
    places = (
        document.provisions.filter(kind__in=HEADINGS)
        .order_by("start")
        .values_list("start", flat=True)
    )
    sentences = numbered(document.text, intake.sentences, list(places), proposals)
    numbers = sentence_numbers(sentences, proposals)
    rows = [row_of(one, document, helpers, numbers.get(one.pk, one.number)) for one in proposals]
    place = place_open(rows, asked)
    current = rows[place] if rows else None
    if current:
        current.others = others_for(current.proposal)
    lines = lines_of(document.text, sentences, proposals, current.proposal if current else None)
    return Desk(
        intake=intake,
        document=document,
        rows=rows,
        lines=lines,
        current=current,
        before=rows[place - 1] if place > 0 else None,
        after=rows[place + 1] if place + 1 < len(rows) else None,
        settled=sum(row.proposal.status != Status.WAITING for row in rows),
        spoken=sum(not line.is_heading for line in lines),
        plain=sum(line.is_plain for line in lines),
    )


def proposals_of(intake: Intake) -> Any:
    return intake.proposals.select_related(
        "lead", "task__programme", "decided_by"
    ).prefetch_related("lead__names", "task__parts__unit__names")


def helping(proposals: list[Proposal]) -> set[int]:
    return {pk for one in proposals for pk in partner_ids(one)}


def row_of(proposal: Proposal, document: Document, helpers: dict[int, Unit], sentence: int) -> Row:
    values = offered(proposal, document, helpers)
    row = Row(proposal, sentence, values)
    known = six_clears(values)
    row.clear = [name for name, is_clear in known.items() if is_clear]
    row.unclear = [name for name, is_clear in known.items() if not is_clear]
    if proposal.task is not None:
        row.is_draft = proposal.task.lead.status == PartStatus.DRAFT
        row.missing = unclear(wording_of(proposal.task)) if row.is_draft else []
    return row


def place_open(rows: list[Row], asked: str) -> int:
    for place, row in enumerate(rows):
        if str(row.proposal.pk) == asked:
            return place
    waiting = (place for place, row in enumerate(rows) if row.proposal.status == Status.WAITING)
    return next(waiting, 0)


def others_for(proposal: Proposal) -> list[Unit]:
    """Units a written assignee may mean, when it was not one unit."""
    ids = [pk for pk in proposal.candidates if pk != proposal.lead_id][:OTHERS_SHOWN]
    rows = {unit.pk: unit for unit in Unit.objects.filter(pk__in=ids).with_names()}
    return [rows[pk] for pk in ids if pk in rows]


def next_waiting(proposal: Proposal) -> Proposal:
    """Where the desk goes after a decision: the next that waits, around the end; else it stays."""
    waiting = proposal.intake.proposals.filter(status=Status.WAITING)
    after = waiting.filter(number__gt=proposal.number).first()
    found: Proposal = after or waiting.exclude(pk=proposal.pk).first() or proposal
    return found


def programmes_of(document: Document, person: Person) -> list[Programme]:
    """Programmes of the keeping unit in which a task may be planned, the newest first."""
    seen = Programme.objects.visible_to(person).filter(unit=document.unit_id)
    return list(seen.order_by("-pk"))


def programme_in_use(
    intake: Intake, programmes: list[Programme], chosen: int | None
) -> Programme | None:
    """The one chosen on this desk, else the one its last task went to, else the document's own, else the newest."""
    last = (
        intake.proposals.filter(task__isnull=False)
        .order_by("-decided_at")
        .values_list("task__programme", flat=True)
        .first()
    )
    own = next((one.pk for one in programmes if one.document_id == intake.document_id), None)
    by_key = {one.pk: one for one in programmes}
    for wanted in (chosen, last, own):
        if wanted in by_key:
            return by_key[wanted]
    return programmes[0] if programmes else None


def progress(intakes: list[Intake]) -> list[tuple[Intake, int, int]]:
    """Each reading with how many of its proposals are settled, of how many."""
    told = Proposal.objects.filter(intake__in=intakes).values_list("intake", "status")
    statuses: dict[int, list[str]] = {intake.pk: [] for intake in intakes}
    for pk, status in told:
        statuses[pk].append(status)
    return [
        (one, sum(s != Status.WAITING for s in statuses[one.pk]), len(statuses[one.pk]))
        for one in intakes
    ]


def unread(person: Person, most: int) -> list[Document]:
    """Texts this person could have read into tasks, newest first."""
    own = beneath("unit__path", roots(person, "intake.decide"))
    rows = Document.objects.filter(own, intake__isnull=True).defer("text")
    return list(rows.order_by("-issued_on", "-pk")[:most])
