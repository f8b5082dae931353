"""Reading a text: from its characters to directives, figures and citations."""

import re
from datetime import date

from tiendo.reading.citations import Mention, citations_in
from tiendo.reading.dates import URL, Day, day_written, days_in, outside
from tiendo.reading.deadline import Deadline
from tiendo.reading.directives import Desk, Draft
from tiendo.reading.figures import Counted, figures_in
from tiendo.reading.folding import Folded, Span, fold
from tiendo.reading.language import language_of, spelled
from tiendo.reading.lexicon import LANGUAGES, Lexicon
from tiendo.reading.sentences import bare, sentences_of
from tiendo.reading.shape import Citation, Directive, Figure, Reading
from tiendo.reading.structure import Line, lines_of

WORDING = 200  # characters of a proposed task wording
CLOCK = re.compile(r"(?<![0-9])[0-9]{1,2}(?::|h|\s?giờ\s?)[0-9]{2}(?![0-9])")


def read(text: str, language: str | None = None, dated: date | None = None) -> Reading:
    """Directives, figures and citations of a text, spans as offsets in it.

    `language` is found when not given or unknown; `dated` (the day the text was written, by which a
    deadline without year is read) is taken from the text's own dateline when not given.
    """
    folded = fold(text)
    told = language if language in LANGUAGES else language_of(folded.text)
    words, lex = spelled(folded.text, told)
    folded = Folded(words, folded.origin)
    dated = dated or day_written(words, lex.language)
    lines = lines_of(folded.text, lex)
    sentences = [
        sentence
        for line in lines
        for sentence in sentences_of(folded.text, (line.body, line.end), lex)
    ]
    days = days_in(folded.text, lex)
    mentions, cited = citations_in(folded.text, days, lex)
    free = outside(days, cited)
    drafts = Desk(folded.text, lex, lines, free, dated).read()
    counted = _figures(folded.text, lines, drafts, days, cited, lex, dated)
    return Reading(
        language=told,
        dated=dated,
        sentences=tuple(folded.back(span) for span in sentences),
        directives=_directives(text, folded, drafts, sentences, lex),
        figures=tuple(_figure(text, folded, one) for one in counted),
        citations=tuple(_citation(text, folded, one) for one in mentions),
    )


def cited(text: str, language: str | None = None) -> tuple[Citation, ...]:
    """Only the documents a text names: what a register asks when a text comes in."""
    folded = fold(text)
    told = language if language in LANGUAGES else language_of(folded.text)
    words, lex = spelled(folded.text, told)
    folded = Folded(words, folded.origin)
    mentions, _spans = citations_in(words, days_in(words, lex), lex)
    return tuple(_citation(text, folded, one) for one in mentions)


def _figures(
    text: str,
    lines: list[Line],
    drafts: list[Draft],
    days: list[Day],
    cited: list[Span],
    lex: Lexicon,
    dated: date | None,
) -> list[Counted]:
    spoken = [
        sentence
        for line in lines
        if line.kind != "noise"
        for sentence in sentences_of(text, (line.body, line.end), lex)
    ]
    told = [(draft.start, draft.end) for draft in drafts]
    taken = told + [day.span for day in days] + cited
    taken += [match.span() for match in URL.finditer(text)]
    taken += [match.span() for match in CLOCK.finditer(text)]
    return figures_in(text, spoken, _flat(taken), _flat(told), days, lex, dated)


def _flat(spans: list[Span]) -> list[Span]:
    """Sorted spans, those that overlap made one."""
    flat: list[Span] = []
    for span in sorted(spans):
        if flat and span[0] <= flat[-1][1]:
            flat[-1] = (flat[-1][0], max(flat[-1][1], span[1]))
        else:
            flat.append(span)
    return flat


def _directives(
    text: str, folded: Folded, drafts: list[Draft], sentences: list[Span], lex: Lexicon
) -> tuple[Directive, ...]:
    found: list[Directive] = []
    place = 0
    for draft in drafts:
        while place + 1 < len(sentences) and sentences[place][1] <= draft.start:
            place += 1
        found.append(_directive(text, folded, draft, place, lex))
    return tuple(found)


def _directive(
    text: str, folded: Folded, draft: Draft, sentence_no: int, lex: Lexicon
) -> Directive:
    span = folded.back((draft.start, draft.end))
    by = draft.deadline
    by_span = folded.back(by.span) if by else None
    who = tuple(folded.back(name) for name in draft.who)
    return Directive(
        span=span,
        quote=text[slice(*span)],
        assignees=tuple(text[slice(*name)] for name in who),
        assignee_inherited=draft.inherited,
        partners=tuple(text[slice(*folded.back(name))] for name in draft.partners),
        action=_wording(folded.text, draft, lex),
        deadline=by.value if by else None,
        deadline_text=text[slice(*by_span)] if by_span else None,
        deadline_span=by_span,
        assignee_spans=who,
        target=_target(folded.text, (draft.start, draft.end), draft, lex),
        sentence_no=sentence_no,
    )


def _wording(text: str, draft: Draft, lex: Lexicon) -> str:
    """The ordering text without assignee and deadline, as the wording of a task."""
    start, end = draft.action, draft.end
    if _needs_subject(text, draft, lex):
        start = draft.start
    if draft.kind == "row":
        end = text.find("|", start, end) if "|" in text[start:end] else end
    written = _without_date(text, (start, end), draft.deadline).strip(" ,:;–—-")
    if opening := lex.starts_free("action.wording").match(written):
        written = written[opening.end() :]
    written = " ".join(written.split()) or text[draft.start : draft.end]
    if len(written) > WORDING:
        written = written[: WORDING - 1].rsplit(" ", 1)[0].rstrip(" ,;") + "…"
    return written[:1].upper() + written[1:]


def _needs_subject(text: str, draft: Draft, lex: Lexicon) -> bool:
    """What is to *be* done, and what a unit *will* do, says nothing without its subject: the sentence stays whole."""
    if draft.kind not in ("duty", "need", "future"):
        return False
    passive = lex.starts("action.needs_subject").match(text[draft.action : draft.end].lstrip(" ,"))
    return bool(passive) or (draft.kind == "future" and lex.language in CONJUGATED)


CONJUGATED = ("fr", "ru")


def _without_date(text: str, span: Span, by: Deadline | None) -> str:
    """The words without their date; a date that nobody can name ("in time") stays in them."""
    start, end = span
    if not by or not by.value or not (start < by.span[0] and by.span[1] <= end):
        return text[start:end]
    left = text[start : by.span[0]].rstrip(" ,(:–—-")
    right = text[by.span[1] : end].lstrip(" )")
    if right.startswith(","):
        return left + right
    return f"{left} {right}" if right else left


def _target(text: str, span: Span, draft: Draft, lex: Lexicon) -> str | None:
    """The quantity to reach: "au moins 3 % des dépenses", "100% số xã"."""
    match = lex.pattern("targets.quantity", whole=False).search(text, *span)
    by = draft.deadline
    if not match or (by and by.span[0] <= match.start() < by.span[1]):
        return None
    start, end = bare(text, match.span())
    return text[start:end] or None


def _figure(text: str, folded: Folded, counted: Counted) -> Figure:
    span = folded.back(counted.span)
    return Figure(
        span=span,
        quote=text[slice(*span)],
        metric=counted.metric,
        value=counted.value,
        unit=counted.unit,
        denominator=counted.denominator,
        as_of=counted.as_of,
        status=counted.status,
    )


def _citation(text: str, folded: Folded, mention: Mention) -> Citation:
    span = folded.back(mention.span)
    return Citation(
        span, text[slice(*span)], mention.number, mention.type, mention.date, mention.issuer
    )


__all__ = ["Day", "read"]
