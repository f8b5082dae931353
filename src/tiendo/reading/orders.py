"""The grammar of an order: who tells whom to do what, found by the cues of the lexicon."""

import re
from dataclasses import dataclass
from functools import cache

from tiendo.reading.folding import Span
from tiendo.reading.lexicon import Lexicon, lexicon
from tiendo.reading.names import capitalised, headed, partners_in, split_names, subject_before
from tiendo.reading.names import until_verb as names_until_verb

SUBJECT_WORDS = 5  # of a subject that no head noun tells
TOLD_WORDS = 4  # of a unit right before an impersonal verb
TOPIC = 90  # characters of what an item is about
BARE_NAME = re.compile(
    r"(?:\s+(?:of\s+(?:the\s+)?)?[A-Z][\w&-]*|\s+and\s+[A-Z]\w*|\s+(?!will|shall|must|should|may)[a-z]+)?\s+"
)
REACH = 420  # characters from an ordering verb to the action it orders
BOUNDARY = re.compile(r"[,;:«»“”\"–—(]\s*|(?<!\w)(?:et|and|и|và|que|that|что|rằng)\s+|qu'")
BORDERED = r"(?<!\w)(?:{})"


@dataclass(frozen=True)
class Order:
    """An order in a clause: `start` of the quote, `cue` of the verb, `action` of what to do."""

    start: int
    cue: int
    action: int
    who: tuple[Span, ...]
    kind: str
    partners: tuple[Span, ...] = ()
    nominal: bool = False


def order_in(text: str, span: Span, lex: Lexicon) -> Order | None:
    """The first order that a cue announces in a clause."""
    best: Order | None = None
    for number, row in enumerate(lex.rows("orders")):
        for match in _cue(lex.language, number).finditer(text, *span):
            if best and match.start() >= best.cue:
                break
            if _relative(text, span, match, lex):
                continue
            if found := _read(text, span, match, row, lex):
                best = found
                break
    return best


def _relative(text: str, span: Span, match: re.Match[str], lex: Lexicon) -> bool:
    """The verb stands in a relative clause: "qui doivent", "vấn đề cần"."""
    before = text[max(span[0], match.start() - 60) : match.start()]
    if lex.pattern("verbs.statutory").search(text, span[0], match.start()):
        return True
    return bool(lex.pattern("verbs.relative", whole=False).search(before))


def _read(
    text: str, span: Span, match: re.Match[str], row: dict[str, str], lex: Lexicon
) -> Order | None:
    return {
        "asks": _asks,
        "duty": _duty,
        "need": _need,
        "has_done": _has_done,
        "directs": _directs,
    }[row["kind"]](text, span, match, row, lex)


@cache
def _cue(language: str, number: int) -> re.Pattern[str]:
    written = lexicon(language).rows("orders")[number]["cue"]
    return re.compile(rf"(?<!\w)(?:{written})(?:(?!\w)|(?<=\s))", re.IGNORECASE)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def begins(text: str, start: int, cue: int) -> int:
    """Where the subject next to an ordering verb begins; the verb itself when there is none."""
    place = start
    for match in BOUNDARY.finditer(text, start, cue):
        place = match.end()
    return place


def _asks(
    text: str, span: Span, match: re.Match[str], row: dict[str, str], lex: Lexicon
) -> Order | None:
    place = _past_aside(text, match.end(), span[1])
    start = begins(text, span[0], match.start())
    found = _told(text, place, span[1], row, lex)
    if not found:
        return None
    who, action, nominal = found
    if not who and row.get("told") and (who := _told_before(text, (span[0], start), lex)):
        start = span[0]
    return Order(start, match.start(), action, who, "asks", nominal=nominal)


def _past_aside(text: str, place: int, end: int) -> int:
    """Past spaces and an aside between commas: "a demandé, en conclusion, aux …"."""
    aside = _compiled(r"\s*,\s[^,;:]{3,70},\s+|\s+").match(text, place, end)
    return aside.end() if aside else place


def _told(
    text: str, place: int, end: int, row: dict[str, str], lex: Lexicon
) -> tuple[tuple[Span, ...], int, bool] | None:
    """Who is told, where the action begins, and whether it is a noun."""
    link = _compiled(BORDERED.format(row["link"])) if row["link"] else None
    to = _compiled(row["to"]).match(text, place, end)
    if link and not row.get("that") and (at := link.match(text, place, end)):
        return (), at.start(), False
    if to and (found := _addressed(text, to.end(), end, link, row, lex)):
        return found
    opening = lex.starts("verbs.opening").match(text, place, end)
    if not link and opening:
        return (), place, False
    if row.get("nominal") == "yes" and len(text[place:end].split()) >= 2:
        return _clause(text, place, end, lex), place, True
    return None


def _addressed(
    text: str, start: int, end: int, link: re.Pattern[str] | None, row: dict[str, str], lex: Lexicon
) -> tuple[tuple[Span, ...], int, bool] | None:
    if link is None:
        stop = names_until_verb(text, start, end, lex)
        if stop >= end or stop - start < 2:
            return None
        return split_names(text, (start, stop), lex), _after(text, stop, end), False
    limit = min(end, start + REACH)
    if at := link.search(text, start + 1, limit):
        if row.get("whole"):
            return split_names(text, (start, at.start()), lex), start, False
        who = split_names(text, (start, at.start()), lex)
        if row.get("that") and not headed(text, start, at.start(), lex):
            return None
        return who, at.start(), False
    if (colon := text.find(":", start, limit)) > 0:
        return split_names(text, (start, colon), lex), _after(text, colon + 1, end), False
    if row.get("short") and (head := headed(text, start, limit, lex)):
        return split_names(text, (start, head), lex), head + 1, True
    return None


def _clause(text: str, place: int, end: int, lex: Lexicon) -> tuple[Span, ...]:
    """The subject of "que X fasse …" when it is a unit."""
    match = _compiled(r"(?:que\s+|qu'|чтобы\s+|that\s+)").match(text, place, end)
    if not match:
        return ()
    head = headed(text, match.end(), end, lex)
    if head is None:
        return ()
    chain = _compiled(
        r"(?:\s+(?:(?:et )?(?:de la |de l'|du |des |de |d')\S+|[a-zéè]+(?:iques?|ales?|al|aux|ifs?|ives?|"
        r"aires?|els?|elles?|iens?|iennes?|és?|ées?)(?!\w)))*"
    ).match(text, head, end)
    return split_names(text, (match.end(), chain.end() if chain else head), lex)


def _after(text: str, place: int, end: int) -> int:
    while place < end and text[place] in " ,:":
        place += 1
    return place


def _duty(
    text: str, span: Span, match: re.Match[str], row: dict[str, str], lex: Lexicon
) -> Order | None:
    subject = subject_before(text, span[0], match.start(), lex)
    if subject:
        subject = subject[0], names_until_verb(text, *subject, lex)
        who = split_names(text, subject, lex)
        return Order(subject[0], match.start(), match.end(), who, "duty")
    if row.get("told") and (told := _dative_next_to(text, (span[0], match.start()), lex)):
        who = split_names(text, told, lex)
        return Order(told[0], match.start(), match.end(), who, "duty")
    if row.get("bare") == "no":
        return None
    start = begins(text, span[0], match.start())
    who = _agent(text, (start, match.start()), match.end(), lex)
    return Order(start, match.start(), match.end(), who, "duty")


def _agent(text: str, span: Span, after: int, lex: Lexicon) -> tuple[Span, ...]:
    """Whoever is to act, though no head noun tells: "Le prestataire devra livrer …"."""
    if lex.starts("action.needs_subject").match(text, _after(text, after, len(text))):
        return ()
    short = len(text[slice(*span)].split()) <= SUBJECT_WORDS
    opening = lex.starts("names.before_subject").match(text, *span)
    return split_names(text, span, lex) if short and opening else ()


def _need(
    text: str, span: Span, match: re.Match[str], row: dict[str, str], lex: Lexicon
) -> Order | None:
    start = match.start()
    if row.get("clause") == "yes" and not _opens_clause(text, span[0], start, lex):
        return None
    if row.get("told") and (who := _told_before(text, (span[0], start), lex)):
        return Order(span[0], start, match.end(), who, "need")
    return Order(start, start, match.end(), (), "need")


def subjunctive(text: str, span: Span, lex: Lexicon) -> Order | None:
    """ "It was agreed that: (a) head office publish the plan": a unit and the bare verb after it."""
    head = headed(text, *span, lex)
    if head is None:
        return None
    verb = lex.pattern("verbs.words").search(text, head, min(span[1], head + 60))
    if not verb or not BARE_NAME.fullmatch(text, head, verb.start()):
        return None
    who = split_names(text, (span[0], verb.start()), lex)
    return Order(span[0], verb.start(), verb.start(), who, "stated")


def past_topic(text: str, span: Span, lex: Lexicon) -> Span:
    """Past what an item is about: "Đường ven sông: Ban Quản lý dự án hoàn thành …"."""
    colon = text.find(": ", span[0], min(span[1], span[0] + TOPIC))
    if colon < 0 or headed(text, span[0], colon, lex):
        return span
    rest = (colon + 2, span[1])
    order = stated(text, rest, lex)
    return rest if order and order.who and order.start == rest[0] else span


def _dative_next_to(text: str, span: Span, lex: Lexicon) -> Span | None:
    """A unit in the dative right before its verb: "По итогам губернаторам рекомендовано …"."""
    end = len(text[: span[1]].rstrip())
    start = end
    for _ in range(TOLD_WORDS):
        start = max(text.rfind(" ", span[0], start - 1) + 1, span[0])
        if headed(text, start, end, lex) == end and DATIVE.match(text[start:end].split()[-1]):
            return start, end
        if start == span[0]:
            break
    return None


def _told_before(text: str, span: Span, lex: Lexicon) -> tuple[Span, ...]:
    """Whom a dative at the head of the sentence tells: "Регионам вице-премьер указала на …"."""
    head = headed(text, *span, lex)
    if head is None or not DATIVE.match(text[span[0] : head].split()[-1]):
        return ()
    return split_names(text, (span[0], head), lex)


def _opens_clause(text: str, start: int, cue: int, lex: Lexicon) -> bool:
    for match in lex.after("verbs.reporting").finditer(text, start, cue):
        start = match.end()
    between = text[begins(text, start, cue) : cue].strip().lower()
    return not between or bool(lex.starts("verbs.connectors").fullmatch(between))


def _has_done(
    text: str, span: Span, match: re.Match[str], row: dict[str, str], lex: Lexicon
) -> Order | None:
    """ "A will ask B to do": A answers, B is a partner."""
    subject = subject_before(text, span[0], match.start(), lex)
    found = _told(text, _past_aside(text, match.end(), span[1]), span[1], row, lex)
    if not subject or not found:
        return None
    who = split_names(text, subject, lex)
    return Order(subject[0], match.start(), found[1], who, "asks", partners=found[0])


def _directs(
    text: str, span: Span, match: re.Match[str], row: dict[str, str], lex: Lexicon
) -> Order | None:
    subject = subject_before(text, span[0], match.start(), lex)
    if not subject:
        return None
    return Order(subject[0], match.start(), match.end(), split_names(text, subject, lex), "duty")


def labelled(text: str, span: Span, lex: Lexicon) -> Order | None:
    """ "Action: X to do Y" in minutes."""
    label = lex.starts_free("action.label").match(text, *span)
    if not label:
        return None
    start = label.end()
    stop = lex.pattern("action.who_end", whole=False).search(text, start, span[1])
    if stop and _is_name(text, start, stop.start(), lex):
        who = split_names(text, (start, stop.start()), lex)
        return Order(span[0], start, stop.end(), who, "label")
    return Order(span[0], start, start, (), "label")


def _is_name(text: str, start: int, end: int, lex: Lexicon) -> bool:
    if end - start > 160:
        return False
    if headed(text, start, end, lex):
        return True
    named = capitalised(text, start, end)
    return named is not None and end - named <= 2


def prefixed(text: str, span: Span, lex: Lexicon) -> Order | None:
    """ "Ministry of Finance: allocate …", "Минфину: …"."""
    mark = _compiled(r":|\s[–—-]\s").search(text, span[0], min(span[1], span[0] + 200))
    if not mark or mark.end() + 2 >= span[1]:
        return None
    colon = mark.start()
    if mark[0] != ":" and not lex.starts("verbs.opening").match(text, mark.end(), span[1]):
        return None
    start = past_lead(text, span[0], colon, lex)
    if lex.pattern("verbs.descriptive").search(text, start, colon):
        return None
    if not headed(text, start, colon, lex) or names_until_verb(text, start, colon, lex) < colon - 1:
        return None
    who = split_names(text, (start, colon), lex)
    return Order(span[0], span[0], _after(text, mark.end(), span[1]), who, "label") if who else None


def past_lead(text: str, start: int, end: int, lex: Lexicon) -> int:
    """Past the words that bring a name in a heading: "Đối với", "Giao", "For"."""
    match = lex.starts_free("action.lead").match(text, start, end)
    return match.end() if match else start


def stated(text: str, span: Span, lex: Lexicon) -> Order | None:
    """A unit and its verb: "Bộ X chủ trì …", "Министерству X подготовить …", "X to prepare …"."""
    head = headed(text, *span, lex) or _unknown_name(text, span, lex)
    head = head or _unknown_dative(text, span, lex)
    if head is None:
        return _foretold_unknown(text, span, lex)
    reader = {"vi": _stated_vi, "ru": _stated_ru, "en": _stated_en}.get(lex.spoken)
    found = reader(text, span, head, lex) if reader else None
    return found or _foretold(text, span, head, lex)


def _unknown_dative(text: str, span: Span, lex: Lexicon) -> int | None:
    """A plural or name in the dative right before its infinitive: "Аптекам до 1 мая сверить …"."""
    if lex.language != "ru" or lex.starts("verbs.not_name").match(text, *span):
        return None
    match = UNKNOWN_DATIVE.match(text, *span)
    return match.end() if match else None


def _unknown_name(text: str, span: Span, lex: Lexicon) -> int | None:
    """Capitalised words right before "to": "Okafor to circulate …"."""
    if not lex.words("verbs.not_name") or lex.starts("verbs.opening").match(text, *span):
        return None
    if lex.starts("verbs.not_name").match(text, *span):
        return None
    end = capitalised(text, *span)
    return end if end and text.startswith((" to ", ", to "), end) else None


def _stated_vi(text: str, span: Span, head: int, lex: Lexicon) -> Order | None:
    stop = names_until_verb(text, span[0], span[1], lex)
    verb = _after(text, stop, span[1])
    if stop >= span[1] or not lex.starts("verbs.opening").match(text, verb, span[1]):
        return None
    if lex.pattern("verbs.descriptive").search(text, span[0], min(span[1], verb + 14)):
        return None
    if lex.after("verbs.reporting").search(text, span[0], stop):
        return None
    return Order(span[0], verb, verb, split_names(text, (span[0], stop), lex), "stated")


DATIVE = re.compile(
    r"\w+(?:у|ю|ам|ям|ой|ей|ии|ом|ем|ым|ству|е)$|[А-ЯЁ]{2,6}$|(?:Мин|Рос)[а-я]{3,}$", re.IGNORECASE
)
UNKNOWN_DATIVE = re.compile(
    r"(?:[А-ЯЁа-яё-]{2,}(?:ому|ему|ой|ей|ым|им)\s+){0,2}[А-ЯЁа-яё-]{3,}(?:ам|ям)(?!\w)",
    re.IGNORECASE,
)


def _stated_ru(text: str, span: Span, head: int, lex: Lexicon) -> Order | None:
    if not DATIVE.match(text[span[0] : head].split()[-1]):
        return None
    match = lex.pattern("verbs.infinitive").search(text, head, min(span[1], head + REACH))
    if not match:
        return None
    partner = lex.pattern("names.partners").search(text, head, match.start())
    stop = partner.start() if partner else match.start()
    stop = min(stop, names_until_verb(text, head, stop, lex))
    return Order(
        span[0], match.start(), match.start(), split_names(text, (span[0], stop), lex), "stated"
    )


def _stated_en(text: str, span: Span, head: int, lex: Lexicon) -> Order | None:
    match = _compiled(
        r",?\s+to\s+(?!(?:the|an?|all|each|its|their|every|this|that)\s)(?=[a-z]+)"
    ).search(text, head, min(span[1], head + 200))
    if not match or _compiled(
        r"\b(?:has|have|is|are|was|were|will|had|plans?|aims?|able|failed|began|continues?|said|met|helps?|seeks?|wants?)\b"
    ).search(text, span[0], match.start()):
        return None
    who = split_names(text, (span[0], match.start()), lex)
    return Order(span[0], match.start(), match.end(), who, "stated")


def _foretold_unknown(text: str, span: Span, lex: Lexicon) -> Order | None:
    """A proper name nobody taught us with its future: "La Protection civile organisera …"."""
    opening = lex.starts("names.before_subject").match(text, *span)
    if not opening or not text[opening.end() : opening.end() + 2].strip()[:1].isupper():
        return None
    who = unknown_subject(text, span, lex)
    verb = lex.pattern("verbs.future").search(text, *span) if who else None
    return Order(span[0], verb.start(), verb.start(), who, "future") if verb else None


def unknown_subject(text: str, span: Span, lex: Lexicon) -> tuple[Span, ...]:
    """The subject of an item whom no head noun tells: "Les receveurs transmettront …"."""
    opening = lex.starts("names.before_subject").match(text, *span)
    verb = lex.pattern("verbs.future").search(text, span[0], min(span[1], span[0] + 90))
    if not opening or not verb or lex.pattern("verbs.not_future").match(text, verb.start()):
        return ()
    return (
        ()
        if set(",;:") & set(text[span[0] : verb.start()])
        else split_names(text, (span[0], verb.start()), lex)
    )


def _foretold(text: str, span: Span, head: int, lex: Lexicon) -> Order | None:
    """Future, or present used as assignment, right after the unit's name."""
    for key in ("verbs.future", "verbs.present"):
        match = lex.pattern(key).search(text, head, min(span[1], head + 160))
        if not match or lex.pattern("verbs.not_future").match(text, match.start()):
            continue
        if lex.pattern("verbs.past").search(text, head, match.start()):
            continue
        subject = subject_before(text, span[0], match.start(), lex)
        if not subject or set(";:") & set(text[subject[0] : match.start()]):
            continue
        who = split_names(text, (subject[0], names_until_verb(text, *subject, lex)), lex)
        return Order(subject[0], match.start(), match.start(), who, "future")
    return None


def opens_with_verb(text: str, span: Span, lex: Lexicon) -> int | None:
    """Where the verb stands when a clause begins with it, connectors passed over; else None."""
    for place in (span[0], past_connector(text, span, lex)):
        if lex.starts("verbs.opening").match(text, place, span[1]) and not lex.starts(
            "verbs.not_opening"
        ).match(text, place, span[1]):
            return place
    return None


def past_connector(text: str, span: Span, lex: Lexicon) -> int:
    """Past "Parallèlement," and its like, or a short phrase that a comma closes."""
    start = span[0]
    for _ in range(2):
        match = lex.starts("verbs.connectors").match(text, start, span[1])
        if not match:
            break
        start = _after(text, match.end(), span[1])
    if start == span[0]:
        match = _compiled(r"[^,;:.]{1,60},\s+").match(text, *span)
        start = match.end() if match else start
    return start


def continues(text: str, span: Span, lex: Lexicon) -> bool:
    """The clause goes on with the list of things to do."""
    return bool(lex.starts("verbs.continued").match(text, *span))


def pieces(text: str, span: Span, lex: Lexicon) -> list[Span]:
    """Parts of an action in which the complementiser comes again with another object."""
    if not lex.words("verbs.split"):
        return [span]
    link = lex.pattern("verbs.link_inf")
    if not link.match(text, *span):
        return [span]
    found: list[Span] = []
    start = span[0]
    quality = lex.starts_free("verbs.quality")
    for match in lex.pattern("verbs.split", whole=False).finditer(text, *span):
        if match.start() < start:
            continue
        if not _has_object(text, start, match.start(), link) or quality.match(
            text, match.end(), span[1]
        ):
            continue
        found.append((start, match.start()))
        start = match.end()
    found.append((start, span[1]))
    if len(text[slice(*found[-1])].split()) < 4 and len(found) > 1:
        found[-2:] = [(found[-2][0], found[-1][1])]
    return found


def second_named(text: str, span: Span, lex: Lexicon) -> tuple[int, Order] | None:
    """ "… et le ministère B de …": a second unit under the same ordering verb, and where it comes."""
    for match in lex.pattern("verbs.split_who", whole=False).finditer(text, *span):
        start = match.end()
        link = lex.pattern("verbs.link_inf").search(text, start, min(span[1], start + 160))
        if link and headed(text, start, link.start(), lex):
            who = split_names(text, (start, link.start()), lex)
            return match.start(), Order(start, start, link.start(), who, "asks")
    return None


def second_clause(text: str, span: Span, verb: int, lex: Lexicon) -> tuple[int, int] | None:
    """ ", tandis que B proposera …": where a second unit with its own verb breaks off and begins."""
    for match in lex.pattern("verbs.split_clause", whole=False).finditer(text, verb + 1, span[1]):
        rest = (match.end(), span[1])
        order = stated(text, rest, lex) or order_in(text, rest, lex)
        if order and order.who and order.start == match.end():
            return match.start(), match.end()
    return None


def exhorted(text: str, span: Span, order: Order, lex: Lexicon) -> bool:
    """The words stand in a quotation that its speaker only says: «Il faut agir», a-t-il souligné."""
    if order.kind not in ("duty", "need"):
        return False
    quoted = lex.pattern("verbs.quoted", whole=False).finditer(text, *span)
    return any(match.start() <= order.cue < match.end() for match in quoted)


def _has_object(text: str, start: int, end: int, link: re.Pattern[str]) -> bool:
    """The last verb before a split has an object of its own: several verbs on one stay together."""
    last = start
    for match in link.finditer(text, start, end):
        last = match.end()
    return len(text[last:end].split()) >= 2


def without_tail(text: str, span: Span, lex: Lexicon) -> int:
    """The end of a directive before ", which will contribute to …"."""
    match = lex.pattern("verbs.tail", whole=False).search(text, *span)
    return match.start() if match else span[1]


def without_and(text: str, span: Span) -> int:
    """The end of a directive before the "and" that leads to the next."""
    match = _compiled(r"\s*,?\s+(?:et|and|и|và|а|puis|while|còn)\Z").search(
        text[slice(*span)][-24:]
    )
    return span[1] - len(match[0]) if match else span[1]


def beside(text: str, span: Span, lex: Lexicon) -> tuple[Span, ...]:
    """Partners named in a directive, those whom the assignee is to charge included."""
    found = list(partners_in(text, span, lex))
    for match in lex.pattern("partners.order_inside", whole=False).finditer(text, *span):
        found.extend(split_names(text, match.span("who"), lex))
    return tuple(found)
