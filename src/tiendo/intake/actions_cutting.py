"""What a person does with the cut of proposals: part one, join several, mark a sentence nobody found, take that back."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tiendo.documents.models import Document
from tiendo.intake.actions import require_move
from tiendo.intake.cuts import bare, long_enough, parted
from tiendo.intake.fragments import JOINED_BY, drawn, inheriting, joined
from tiendo.intake.models import Intake, Proposal
from tiendo.intake.readings import hash_of, source_of
from tiendo.intake.states import Origin, Status
from tiendo.intake.turns import take_turn
from tiendo.kit.permission import require
from tiendo.kit.refusals import Invalid, Refused
from tiendo.ledger.record import record
from tiendo.people.models import Person

LONGEST = 4_000  # characters of one proposal


@transaction.atomic
def split(
    proposal: Proposal, *, by: Person, at: Sequence[int], saw: int | None = None
) -> list[Proposal]:
    """A sentence that orders several things becomes as many proposals; `at` are offsets in its quote."""
    require(by, "intake.decide", proposal)
    turn = take_turn(proposal.intake)
    require_move(proposal, Status.REPLACED, saw)
    document = proposal.intake.document
    require_same_text(proposal.intake, document)
    spans = proposal.spans if proposal.more else spans_cut(proposal, at)
    parts = inheriting(proposal, drawn(document, spans))
    record("intake.split", proposal, by=by, saw=saw, number=proposal.number, count=len(parts))
    put_in_place(proposal.intake, [proposal], parts, by=by, turn=turn)
    return parts


@transaction.atomic
def join(
    proposal: Proposal, *, by: Person, others: Sequence[Proposal], saw: int | None = None
) -> Proposal:
    """Sentences that order one thing become one proposal, led as the first one says; each stretch stays marked."""
    require(by, "intake.decide", proposal)
    turn = take_turn(proposal.intake)
    require_move(proposal, Status.REPLACED, saw)
    require_beside(proposal, others)
    require_same_text(proposal.intake, proposal.intake.document)
    for other in others:
        require_move(other, Status.REPLACED, None)
    together = [proposal, *others]
    whole = joined(together, proposal.intake.document.text)
    numbers = JOINED_BY.join(str(one.number) for one in others)
    record("intake.joined", proposal, by=by, saw=saw, number=proposal.number, others=numbers)
    for other in others:
        record("intake.joined", other, by=by, number=other.number, others=str(proposal.number))
    put_in_place(proposal.intake, together, [whole], by=by, turn=turn)
    return whole


@transaction.atomic
def propose(
    intake: Intake, *, by: Person, start: int, end: int, saw: int | None = None
) -> Proposal:
    """A person marks a stretch of the text in which the reader found nothing."""
    require(by, "intake.decide", intake)
    turn = take_turn(intake)
    document = intake.document
    require_same_text(intake, document)
    span = bare(document.text, max(0, start), min(end, len(document.text)))
    require_free(intake, span)
    [proposal] = drawn(document, [span])
    put_in_place(intake, [], [proposal], by=by, turn=turn)
    return proposal


@transaction.atomic
def restore(proposal: Proposal, *, by: Person, saw: int | None = None) -> list[Proposal]:
    """Take a cut or a join back: what stood before waits again; a sentence marked by hand is left out again."""
    require(by, "intake.decide", proposal)
    turn = take_turn(proposal.intake)
    require_move(proposal, Status.REPLACED, saw)
    sources = list(proposal.made_from.all())
    born = born_with(proposal, sources)
    require_undecided(born)
    if proposal.origin != Origin.PERSON:
        raise Refused(_("The reader proposed this. Refuse it, with a reason."))
    record("intake.restored", proposal, by=by, saw=saw, number=proposal.number)
    for one in born:
        one.made_from.clear()
    move([one.pk for one in born], Status.REPLACED, turn)
    move([one.pk for one in sources], Status.WAITING, turn)
    return list(Proposal.objects.filter(pk__in=[one.pk for one in sources]))


# What stands guard --------------------------------------------------------------------------------


def require_same_text(intake: Intake, document: Document) -> None:
    if intake.text_hash and intake.text_hash != hash_of(document.text):
        raise Refused(_("The text has changed since it was read. Read it again, then go on."))


def spans_cut(proposal: Proposal, at: Sequence[int]) -> list[tuple[int, int]]:
    """The parts as places of the text; at least two, none too short to be a task."""
    if proposal.is_gone:
        raise Refused(_("This sentence no longer stands in the text. It cannot be cut."))
    inside = [place for place in at if 0 < place < len(proposal.quote)]
    parts = parted(proposal.quote, inside)
    if len(parts) < 2 or not all(long_enough(proposal.quote[slice(*part)]) for part in parts):
        raise Invalid(
            _("Choose where the sentence is cut, so that each part still says what to do."),
            field="at",
        )
    return [(proposal.start + first, proposal.start + last) for first, last in parts]


def require_beside(proposal: Proposal, others: Sequence[Proposal]) -> None:
    keys = {other.pk for other in others}
    if not keys or proposal.pk in keys or len(keys) != len(others):
        raise Invalid(_("Choose another proposal to join with this one."), field="others")
    if any(other.intake_id != proposal.intake_id for other in others):
        raise Invalid(_("Only proposals of the same text can be joined."), field="others")
    if any(one.is_gone for one in [proposal, *others]):
        raise Refused(_("A sentence that no longer stands in the text cannot be joined."))


def require_free(intake: Intake, span: tuple[int, int]) -> None:
    """The stretch says something, and is no proposal already."""
    if not long_enough(intake.document.text[slice(*span)]):
        raise Invalid(_("Mark at least a few words of the text."), field="words")
    if span[1] - span[0] > LONGEST:
        raise Invalid(
            _("This is too long for one task. Mark at most %(most)s characters.")
            % {"most": LONGEST},
            field="words",
        )
    same = intake.proposals.standing().filter(start=span[0], end=span[1]).first()
    if same:
        raise Invalid(
            _("These words are proposal %(number)s already. Open it in the list.")
            % {"number": same.number},
            field="words",
        )


def born_with(proposal: Proposal, sources: list[Proposal]) -> list[Proposal]:
    """All that were put in the place of the same proposals, this one among them."""
    born = Proposal.objects.filter(made_from__in=sources).distinct() if sources else ()
    return list(born) or [proposal]


def require_undecided(born: list[Proposal]) -> None:
    decided = next((one for one in born if one.status != Status.WAITING), None)
    if decided:
        raise Refused(
            _("Its other part, proposal %(number)s, is “%(status)s”: take that back first.")
            % {"number": decided.number, "status": Status(decided.status).label}
        )


# Writing ------------------------------------------------------------------------------------------


def put_in_place(
    intake: Intake,
    sources: list[Proposal],
    news: list[Proposal],
    *,
    by: Person,
    turn: int,
) -> None:
    """The new proposals stand on the desk, the old ones step aside and are kept."""
    last = intake.proposals.aggregate(last=Max("number"))["last"] or 0
    for number, new in enumerate(news, last + 1):
        new.intake, new.number, new.turn, new.origin = intake, number, turn, Origin.PERSON
        new.source = source_of(intake.text_hash, new)
    Proposal.objects.bulk_create(news)
    for new in news:
        new.made_from.set(sources)
        record("intake.proposed", new, by=by, number=new.number)
    move([source.pk for source in sources], Status.REPLACED, turn)


def move(keys: list[int], status: Status, turn: int) -> None:
    Proposal.objects.filter(pk__in=keys).update(status=status, turn=turn)
