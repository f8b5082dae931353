"""What a reading desk shows: the text marked, the proposals, how far the settling is."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from rapidfuzz import fuzz

from tiendo.documents.models import Document
from tiendo.intake.layout import Line, around, lines_of, numbered, sentence_numbers
from tiendo.intake.models import Intake, Proposal
from tiendo.intake.offers import CLEAR_WORDS, offered, partner_ids, six_clears
from tiendo.intake.readings import READER, hash_of
from tiendo.intake.states import Origin, Status
from tiendo.kit.permission import beneath, roots
from tiendo.ledger.models import Entry, key_of
from tiendo.orgs.history import Told, told
from tiendo.orgs.models import Unit
from tiendo.people.models import Person
from tiendo.tasks.clears import unclear
from tiendo.tasks.models import Programme, Task
from tiendo.tasks.reads import wording_of
from tiendo.tasks.states import Role
from tiendo.tasks.states import Status as PartStatus

HEADINGS = {"part", "chapter", "section", "roman", "article"}
OTHERS_SHOWN = 8
OFFERED = 6  # proposals to join with, tasks seen before
ALIKE = 80  # out of 100
LOOKED_AT = 300  # newest tasks of the same lead
NEWS_MOST = 5
STANDING = [one for one in PartStatus if one not in (PartStatus.DROPPED, PartStatus.TRANSFERRED)]
SHOWN_BEFORE, SHOWN_AFTER = 40, 60  # proposals around the open one


@dataclass
class Row:
    """One proposal in the list: its sentence, its wording, what is clear."""

    proposal: Proposal
    sentence: int
    values: dict[str, Any]
    clear: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)  # fields typed on the spot before it is accepted
    is_draft: bool = False
    others: list[Unit] = field(default_factory=list)

    @property
    def clear_words(self) -> list[str]:
        return [str(CLEAR_WORDS[name]) for name in self.clear]

    @property
    def missing_words(self) -> list[str]:
        return [str(CLEAR_WORDS[name]) for name in self.missing]

    @property
    def is_made(self) -> bool:
        """A person cut, joined or marked it, and may take that back."""
        return self.proposal.origin == Origin.PERSON and self.proposal.status == Status.WAITING

    @property
    def was_cut(self) -> bool:
        return len(self.proposal.made_from.all()) == 1

    @property
    def was_joined(self) -> bool:
        return len(self.proposal.made_from.all()) > 1

    @property
    def letters(self) -> dict[str, str]:
        """By field, the letter that ties it to the text."""
        return {str(bit["what"]): str(bit["letter"]) for bit in self.proposal.bits}


@dataclass
class Desk:
    """The open proposal, those around it, the text around them; how far the settling is."""

    intake: Intake
    document: Document
    rows: list[Row]
    lines: list[Line]
    current: Row | None
    before: int | None
    after: int | None
    earlier: int
    later: int
    count: int
    settled: int
    spoken: int
    plain: int
    is_whole: bool
    drafts: int


def desk_of(intake: Intake, asked: str = "") -> Desk:
    """The desk with one proposal open: the one asked for, else the first that waits, else the first."""
    document = intake.document
    known = list(intake.proposals.standing().values_list("pk", "start", "status"))
    place = place_open(known, in_place_of(intake, known, asked))
    first, end = max(0, place - SHOWN_BEFORE), place + SHOWN_AFTER + 1
    shown = list(proposals_of(intake).filter(pk__in=[pk for pk, _s, _st in known[first:end]]))
    starts = {pk: start for pk, start, _status in known}
    heading = document.provisions.filter(kind__in=HEADINGS).order_by("start")
    heads = list(heading.values_list("start", flat=True))
    sentences = numbered(document.text, intake.sentences, heads, list(starts.values()))
    numbers = sentence_numbers(sentences, starts)
    rows = rows_of(shown, document, numbers)
    current = rows[place - first] if rows else None
    near = around(sentences, rows[0].sentence if rows else 0, rows[-1].sentence if rows else 0)
    spoken = sum(not sentence.is_heading for sentence in sentences)
    return Desk(
        intake=intake,
        document=document,
        rows=rows,
        lines=lines_of(document.text, near, shown, current.proposal if current else None),
        current=current,
        before=known[place - 1][0] if place > 0 else None,
        after=known[place + 1][0] if place + 1 < len(known) else None,
        earlier=first,
        later=max(0, len(known) - end),
        count=len(known),
        settled=sum(status != Status.WAITING for _pk, _start, status in known),
        spoken=spoken,
        plain=spoken - len(set(numbers.values())),
        is_whole=len(near) == len(sentences),
        drafts=len(drafts_of(intake)),
    )


def rows_of(proposals: list[Proposal], document: Document, numbers: dict[int, int]) -> list[Row]:
    helpers = {u.pk: u for u in Unit.objects.filter(pk__in=helping(proposals)).with_names()}
    others = {u.pk: u for u in Unit.objects.filter(pk__in=unclear_units(proposals)).with_names()}
    rows = [row_of(one, document, helpers, numbers.get(one.pk, 0)) for one in proposals]
    for row in rows:
        row.others = [others[pk] for pk in other_ids(row.proposal) if pk in others]
    return rows


def drafts_of(intake: Intake) -> list[Task]:
    """Tasks accepted on this desk that wait to be issued."""
    drafts = Task.objects.filter(
        proposal__intake=intake, parts__role=Role.LEAD, parts__status=PartStatus.DRAFT
    )
    return list(drafts.prefetch_related("parts").order_by("number"))


def proposals_of(intake: Intake) -> Any:
    return intake.proposals.select_related(
        "lead", "post", "task__programme", "follows__programme", "decided_by"
    ).prefetch_related("lead__names", "task__parts__unit__names", "made_from")


def helping(proposals: list[Proposal]) -> set[int]:
    return {pk for one in proposals for pk in partner_ids(one)}


def row_of(proposal: Proposal, document: Document, helpers: dict[int, Unit], sentence: int) -> Row:
    values = offered(proposal, document, helpers)
    row = Row(proposal, sentence, values)
    known = six_clears(values)
    row.clear = [name for name, is_clear in known.items() if is_clear]
    row.unclear = [name for name, is_clear in known.items() if not is_clear]
    if proposal.status == Status.WAITING:
        row.gaps = gaps_of(values)
    if proposal.task is not None:
        row.is_draft = proposal.task.lead.status == PartStatus.DRAFT
        row.missing = unclear(wording_of(proposal.task)) if row.is_draft else []
    return row


def gaps_of(values: dict[str, Any]) -> list[str]:
    """What a task needs and the text does not say; a cycle stands for a day."""
    empty = [name for name in ("lead", "due_on", "measure") if not values[name]]
    return [name for name in empty if name != "due_on" or not values["cycle"]]


def in_place_of(intake: Intake, known: list[tuple[int, int, str]], asked: str) -> str:
    """Whoever asks for a proposal that was cut or joined is shown what stands in its place."""
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        return ""
    if any(str(pk) == asked for pk, _start, _status in known):
        return asked
    heirs = intake.proposals.standing().filter(made_from=int(asked))
    return str(heirs.values_list("pk", flat=True).first() or "")


def place_open(known: list[tuple[int, int, str]], asked: str) -> int:
    for place, (pk, _start, _status) in enumerate(known):
        if str(pk) == asked:
            return place
    waiting = (n for n, (_pk, _start, status) in enumerate(known) if status == Status.WAITING)
    return next(waiting, 0)


def other_ids(proposal: Proposal) -> list[int]:
    """Units a written assignee may mean, when it was not one unit."""
    return [pk for pk in proposal.candidates if pk != proposal.lead_id][:OTHERS_SHOWN]


def unclear_units(proposals: list[Proposal]) -> set[int]:
    return {pk for one in proposals for pk in other_ids(one)}


def next_waiting(proposal: Proposal) -> Proposal:
    """Where the desk goes after a decision: the next that waits, around the end; else it stays."""
    waiting = proposal.intake.proposals.filter(status=Status.WAITING)
    further = Q(start=proposal.start, number__gt=proposal.number) | Q(start__gt=proposal.start)
    after = waiting.filter(further).first()
    found: Proposal = after or waiting.exclude(pk=proposal.pk).first() or proposal
    return found


def near(proposal: Proposal) -> list[Proposal]:
    """Proposals that may be joined with this one: those that wait, in the order of the text."""
    waiting = proposal.intake.proposals.filter(status=Status.WAITING, is_gone=False)
    waiting = waiting.exclude(pk=proposal.pk)
    further = Q(start=proposal.start, number__gt=proposal.number) | Q(start__gt=proposal.start)
    after = list(waiting.filter(further)[:OFFERED])
    before = list(waiting.exclude(further).order_by("-start", "-number")[: OFFERED // 2])
    return [*reversed(before), *after]


def seen_before(proposal: Proposal, person: Person) -> list[Task]:
    """Tasks of the same lead that ask for nearly the same, the likest first."""
    if not proposal.lead_id or proposal.status != Status.WAITING:
        return []
    theirs = Task.objects.visible_to(person).filter(
        parts__unit=proposal.lead_id, parts__role=Role.LEAD, parts__status__in=STANDING
    )
    rows = theirs.order_by("-pk").values_list("pk", "title", "quote")[:LOOKED_AT]
    likeness = {pk: likeness_of(proposal, title, quote) for pk, title, quote in rows}
    alike = sorted(
        (pk for pk, score in likeness.items() if score >= ALIKE), key=likeness.__getitem__
    )
    found = Task.objects.filter(pk__in=alike[-OFFERED:]).select_related("programme")
    return sorted(found.prefetch_related("parts"), key=lambda task: -likeness[task.pk])


def likeness_of(proposal: Proposal, title: str, quote: str) -> float:
    """How much two wordings are the same, out of 100, whatever the order of their words."""
    by_title = fuzz.token_sort_ratio(proposal.work.lower(), title.lower())
    by_quote = fuzz.token_sort_ratio(proposal.quote.lower(), quote.lower()) if quote else 0.0
    return max(by_title, by_quote)


def told_since(intake: Intake, turn: int, person: Person) -> list[Told]:
    """What others did at this desk after a turn, the newest first; a proposal is told of once."""
    rows = intake.proposals.filter(turn__gt=turn).order_by("-turn", "number")
    changed = [key_of(one) for one in rows[:NEWS_MOST]]
    entries = Entry.objects.filter(subject__in=changed).order_by("-pk")
    last = list({entry.subject: entry for entry in reversed(entries)}.values())
    if not last and changed:
        last = list(Entry.objects.about(intake).reverse()[:1])  # read again: new ones, no acts yet
    others = [entry for entry in last if entry.by != key_of(person)]
    return told(sorted(others, key=lambda entry: -entry.pk))


def is_outdated(intake: Intake) -> bool:
    """The text, or the rules by which it is read, have changed since it was read."""
    document = intake.document
    known = intake.text_hash and intake.text_hash != hash_of(document.text)
    return bool(known) or intake.reader.rpartition("-")[2] != READER


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
    told = Proposal.objects.standing().filter(intake__in=intakes).values_list("intake", "status")
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
