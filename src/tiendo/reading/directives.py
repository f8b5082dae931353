"""Who is told to do what by when: the orders of a text, one line after another."""

from dataclasses import dataclass, field, replace
from datetime import date

from tiendo.reading import orders, tables
from tiendo.reading.dates import Day
from tiendo.reading.deadline import Deadline, deadline_in, period_named
from tiendo.reading.folding import Span
from tiendo.reading.lexicon import Lexicon
from tiendo.reading.names import headed, partners_in, split_names, until_verb
from tiendo.reading.orders import Order
from tiendo.reading.sentences import bare, segments_of, sentences_of, trim
from tiendo.reading.structure import Line, uppercase

SHORTEST = 12  # characters of a directive
LEAD_WORDS = 45  # a longer line that ends in a colon is a sentence, not a lead-in


@dataclass
class Draft:
    """A directive while the text is still being read."""

    start: int
    end: int
    action: int
    who: tuple[Span, ...]
    inherited: bool
    line: int
    kind: str
    partners: tuple[Span, ...] = ()
    deadline: Deadline | None = None


@dataclass
class Place:
    """What a line stands under: its section, whom its heading names, by when."""

    section: str | None = None
    who: tuple[Span, ...] = ()
    ordered: bool = False
    period: Deadline | None = None
    partners: tuple[Span, ...] = ()
    that: bool = False  # the lead-in ends in "that:", so its items may be in the subjunctive


@dataclass
class Flow:
    """What the sentence before left behind in the same paragraph."""

    who: tuple[Span, ...] = ()
    on: bool = False
    nominal: bool = False
    period: Deadline | None = None


@dataclass
class Desk:
    """One text being read for its orders."""

    text: str
    lex: Lexicon
    lines: list[Line]
    days: list[Day]
    dated: date | None
    drafts: list[Draft] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    flow: Flow = field(default_factory=Flow)
    seconds: dict[int, Order] = field(default_factory=dict)  # by where their part starts
    columns: dict[str, int] = field(default_factory=dict)  # of the table being read
    before: bool = False  # the paragraph before ended with an order

    def read(self) -> list[Draft]:
        """All directives in order, none inside another."""
        for number, line in enumerate(self.lines):
            if line.kind == "table":
                self._row(number, line)
            if line.kind in ("noise", "table"):
                continue
            self.columns = {}
            place = self._place(number, line)
            if self._is_lead(line):
                self.places[number] = self._led(number, line, place)
                self._name_part(number, line)
                if line.kind == "heading" and self._labels(number, line):
                    continue
                continue
            self.places[number] = place
            if not self._labels(number, line):
                self.before = self.flow.on
                self.flow = Flow()
                self._line(number, line, place)
        return [self._finished(draft) for draft in self._apart()]

    # Where a line stands

    def _place(self, number: int, line: Line) -> Place:
        above = self.places.get(line.parent) if line.parent is not None else None
        return replace(above) if above else Place()

    def _is_lead(self, line: Line) -> bool:
        if line.kind == "heading":
            return not self._orders_by_itself(line)
        written = self.text[line.body : line.end]
        return written.endswith(":") and len(written.split()) <= LEAD_WORDS

    def _orders_by_itself(self, line: Line) -> bool:
        """A line without full stop that is an order all the same: it has a label or a date."""
        span = (line.body, line.end)
        if orders.labelled(self.text, span, self.lex):
            return True
        if line.children or self.text[line.end - 1] == ":":
            return False
        found = deadline_in(self.text, span, self.days, self.lex, self.dated)
        if not found or found.value is None:
            return False
        return bool(orders.stated(self.text, span, self.lex) or self._named(span))

    def _named(self, span: Span) -> bool:
        order = orders.order_in(self.text, span, self.lex)
        return bool(order and order.who)

    def _led(self, number: int, line: Line, place: Place) -> Place:
        """What the lines under a heading or lead-in take from it."""
        span = (line.body, line.end)
        place = replace(place)
        if section := self._section(line):
            place.section = section
            place.ordered = section == "orders"
            if line.depth <= 2 or line.marker is None:
                place.who = ()
        who, ordered = self._addressed(span)
        if section in ("report", "goals", "principles") and not ordered:
            who = ()  # "ЦЕЛИ" in capitals is no ministry
        if line.marker is None and self._letterhead(number, line) and not ordered:
            who = ()
        if who:
            place.who = who
            place.partners = partners_in(self.text, span, self.lex)
        place.that = bool(self.lex.pattern("verbs.that").search(self.text, *span))
        place.ordered = place.ordered or ordered or (bool(who) and place.section != "report")
        if ordered and place.section in ("report", "goals", "principles"):
            place.section = "orders"
        period = period_named(self.text, span, self.days, self.lex, self.dated, anywhere=True)
        if period and place.ordered:
            place.period = period
        return place

    def _letterhead(self, number: int, line: Line) -> bool:
        """A unit in capitals above running text signs it; above a list it is told to do it."""
        below = self.lines[number + 1] if number + 1 < len(self.lines) else None
        return uppercase(self.text[line.body : line.end]) and not (below and below.marker)

    def _name_part(self, number: int, line: Line) -> None:
        """The title under "Phần thứ hai" says what the whole part is."""
        over = line.parent
        if over == number - 1 and self.lines[over].marker == "part" and line.marker is None:
            self.places[over] = self.places[number]

    def _section(self, line: Line) -> str | None:
        """Which part of a document a heading opens; the word that comes first decides."""
        top = line.depth <= 2 or line.marker is None
        written = self.text[line.body : min(line.end, line.body + 160)]
        best: tuple[int, str] | None = None
        for section in ("orders", "report", "goals", "principles", "closing"):
            pattern = self.lex.pattern(f"sections.{section}", whole=False)
            match = pattern.search(written) if top else pattern.match(written)
            if match and (best is None or match.start() < best[0]):
                best = match.start(), section
        return best[1] if best else None

    def _addressed(self, span: Span) -> tuple[tuple[Span, ...], bool]:
        """Whom a heading names, and whether it orders."""
        start, end = span
        while end > start and self.text[end - 1] in ": ":
            end -= 1
        order = orders.order_in(self.text, (start, end + 1), self.lex)
        if order and order.who:
            return order.who, True
        for verb in self.lex.pattern("action.order_lead").finditer(self.text, start, end):
            place = verb.end() + 1
            if headed(self.text, place, end, self.lex):
                return split_names(
                    self.text, (place, until_verb(self.text, place, end, self.lex)), self.lex
                ), True
        if self.lex.pattern("action.order_lead").search(self.text, start, end):
            return (), True
        start = orders.past_lead(self.text, start, end, self.lex)
        if headed(self.text, start, end, self.lex) and self._only_names(start, end):
            stop = until_verb(self.text, start, end, self.lex)
            if found := orders.stated(self.text, (start, end), self.lex):
                return found.who, True
            return split_names(self.text, (start, stop), self.lex), stop < end
        return (), bool(order) or bool(
            self.lex.pattern("action.order_lead").search(self.text, start, end)
        )

    def _only_names(self, start: int, end: int) -> bool:
        return not self.lex.pattern("verbs.descriptive").search(self.text, start, end)

    # Tables

    def _row(self, number: int, line: Line) -> None:
        """A row of a plan: its task, lead, partners and deadline by the heads of the columns."""
        if tables.is_rule(self.text, line.span):
            return
        cells = tables.cells_of(self.text, line.span)
        if not self.columns:
            self.columns = tables.columns_of(self.text, cells, self.lex)
            return
        held = {role: cells[at] for role, at in self.columns.items() if at < len(cells)}
        held = {role: cell for role, cell in held.items() if cell[0] < cell[1]}
        if "task" not in held:
            return
        start = held["task"][0]
        end = max(cell[1] for cell in held.values() if cell[0] >= start)
        who = split_names(self.text, held["lead"], self.lex) if "lead" in held else ()
        beside = split_names(self.text, held["partner"], self.lex) if "partner" in held else ()
        by = self._cell_deadline(held["due"]) if "due" in held else None
        self.drafts.append(Draft(start, end, start, who, False, number, "row", beside, by))

    def _cell_deadline(self, cell: Span) -> Deadline | None:
        told = deadline_in(self.text, cell, self.days, self.lex, self.dated)
        if told and told.value:
            return told
        days = (day for day in self.days if cell[0] <= day.span[0] < cell[1])
        day = next(days, None)
        return Deadline(day.iso(self.dated, after=True), day.span) if day else told

    # Lines that say by when, or who, for the order above

    def _labels(self, number: int, line: Line) -> bool:
        """A line of its own: "Thời hạn: …", "Owner: …" belongs to the order above."""
        if not self.drafts or self.drafts[-1].line < number - 3:
            return False
        return self._label((line.body, line.end), self.drafts[-1])

    def _label(self, span: Span, draft: Draft) -> bool:
        text, lex = self.text, self.lex
        for key in ("due", "owner", "partner"):
            match = lex.starts_free(f"action.{key}").match(text, *span)
            if not match:
                continue
            rest = (match.end(), span[1])
            if key == "owner" and not draft.who:
                draft.who, draft.inherited = split_names(text, rest, lex), False
            elif key == "partner":
                draft.partners += split_names(text, rest, lex)
            draft.end = max(draft.end, bare(text, span)[1])
            return True
        return False

    # Sentences

    def _line(self, number: int, line: Line, place: Place) -> None:
        item = line.marker is not None and line.marker not in ("roman", "part")
        for sentence in sentences_of(self.text, (line.body, line.end), self.lex):
            if self._only_deadline(number, sentence):
                continue
            if item:
                self._item(number, sentence, place)
            else:
                self._prose(number, sentence, place)

    def _only_deadline(self, number: int, sentence: Span) -> bool:
        """ "Срок – до 1 июня." or "Hoàn thành trước ngày …": the end of the order before."""
        last = self.drafts[-1] if self.drafts else None
        if last is None or last.line != number:
            return False
        if self._label(sentence, last):
            return True
        found = deadline_in(self.text, sentence, self.days, self.lex, self.dated)
        if not found or found.value is None:
            return False
        rest = sentence[1] - sentence[0] - (found.span[1] - found.span[0])
        if rest <= 28 and not headed(self.text, *sentence, self.lex):
            last.end = bare(self.text, sentence)[1]
            return True
        return False

    def _item(self, number: int, sentence: Span, place: Place) -> None:
        """A task item: one directive, parted only where assignee or deadline differ."""
        parts = self._parts(sentence)
        first = self._judge(parts[0], place, marked=True) if parts else None  # or signs alone
        if first is None:
            self.flow.on = False
            for part in parts[1:]:
                if order := self._explicit(part, place):
                    self._draft(number, order, part[1], place)
            return
        self._draft(number, first, parts[0][1], place)
        for part in parts[1:]:
            if self._label(part, self.drafts[-1]):
                continue
            order = self._named_order(part)
            if order:
                self._draft(number, order, part[1], place)
            elif self._new_deadline(part):
                self._draft(
                    number, Order(part[0], part[0], part[0], (), "continued"), part[1], place
                )
            else:
                self.drafts[-1].end = bare(self.text, part)[1]

    def _parts(self, sentence: Span) -> list[Span]:
        """Semicolon parts, cut again where a second unit is ordered in the same part."""
        parts: list[Span] = []
        for part in segments_of(self.text, sentence):
            start, order = part[0], self._first(part)
            while order:
                if not (cut := self._cut((start, part[1]), order)):
                    break
                parts.append(trim(self.text, (start, cut[0])))
                start, order = cut[1], cut[2]
            parts.append((start, part[1]))
        return [part for part in parts if part[0] < part[1]]

    def _cut(self, part: Span, order: Order) -> tuple[int, int, Order | None] | None:
        """Where the first order of a part ends, the next begins, and what the next is if known."""
        text, lex = self.text, self.lex
        named = order.kind == "asks" and order.who
        if named and (second := orders.second_named(text, (order.action, part[1]), lex)):
            self.seconds[second[1].start] = second[1]
            return second[0], second[1].start, None
        if clause := orders.second_clause(text, part, order.cue, lex):
            return *clause, self._first((clause[1], part[1]))
        after = max(order.action, order.cue + 3)
        following = orders.order_in(text, (after, part[1]), lex)
        if not following or not following.who or following.kind == "need":
            return None
        if lex.starts("verbs.chained").match(text, following.cue):
            return None
        if following.kind == "duty" and not self._clause_start(following.start, part[0]):
            return None
        return following.start, following.start, following

    def _clause_start(self, place: int, start: int) -> bool:
        return place > start and self.text[start:place].rstrip()[-1:] in (",", "")

    def _first(self, part: Span) -> Order | None:
        return orders.order_in(self.text, part, self.lex) or orders.stated(
            self.text, part, self.lex
        )

    def _named_order(self, part: Span) -> Order | None:
        if part[0] in self.seconds:
            return self.seconds[part[0]]
        start = orders.past_connector(self.text, part, self.lex)
        for span in (part, (start, part[1])):
            order = orders.prefixed(self.text, span, self.lex) or orders.stated(
                self.text, span, self.lex
            )
            if order and order.who:
                return order
        order = orders.order_in(self.text, part, self.lex)
        return order if order and order.who and order.cue - part[0] < 160 else None

    def _new_deadline(self, part: Span) -> bool:
        """Both this part and the directive before have a day, month or quarter of their own."""
        mine = deadline_in(self.text, part, self.days, self.lex, self.dated)
        if not mine or not mine.value or not orders.continues(self.text, part, self.lex):
            return False
        last = self.drafts[-1]
        theirs = deadline_in(self.text, (last.start, last.end), self.days, self.lex, self.dated)
        return bool(theirs and theirs.value and theirs.value != mine.value)

    def _prose(self, number: int, sentence: Span, place: Place) -> None:
        """A sentence of running text: parted at semicolons that start a new verb."""
        alive = False
        for part in self._parts(sentence):
            order = self._judge(part, place, marked=False)
            if (
                order is None
                and alive
                and (self.flow.nominal or orders.continues(self.text, part, self.lex))
            ):
                order = Order(part[0], part[0], part[0], (), "continued", nominal=self.flow.nominal)
            if order is None:
                self.flow.on = self.flow.on and alive
                continue
            if order.kind == "asks" and not alive:
                self._named_period((sentence[0], order.start))
            alive = True
            self._draft(number, order, part[1], place)
        self.flow.on = alive

    def _named_period(self, span: Span) -> None:
        self.flow.period = period_named(
            self.text, span, self.days, self.lex, self.dated, anywhere=False
        )

    # One clause

    def _judge(self, part: Span, place: Place, *, marked: bool) -> Order | None:
        """The order in a clause, by the surest sign first."""
        text, lex = self.text, self.lex
        if lex.pattern("verbs.no_order").search(text, *part):
            return None
        if order := self._announced(part, place, marked):
            return order
        part = orders.past_topic(text, part, lex) if marked else part
        if place.section in ("report", "closing") and not place.ordered:
            return None
        start = orders.past_connector(text, part, lex)
        order = self._explicit(part, place)
        if order and place.who and order.cue == part[0] and self._is(part, "verbs.steers"):
            return Order(part[0], part[0], part[0], (), "verb", partners=order.who)
        handed = order and order.who and lex.starts("verbs.hands_on").match(text, order.cue)
        if (
            not handed
            and (marked or place.ordered)
            and (named := self._item_subject(part, start, order))
        ):
            return named
        if order:
            return order
        if found := self._stated((start, part[1]), place, marked) or self._stated(
            part, place, marked
        ):
            return found
        return self._verb_first(part, place, marked=marked)

    def _announced(self, part: Span, place: Place, marked: bool) -> Order | None:
        """What the clause before, a label or the lead-in already made an order."""
        told = self.seconds.get(part[0]) or orders.labelled(self.text, part, self.lex)
        if told or not (place.that and marked):
            return told
        return orders.subjunctive(self.text, part, self.lex)

    def _is(self, part: Span, key: str) -> bool:
        return bool(self.lex.starts(key).match(self.text, *part))

    def _item_subject(self, part: Span, start: int, order: Order | None) -> Order | None:
        """In an item the unit that opens it answers, even if it is to order others."""
        for place in (part[0], start):
            span = (place, part[1])
            found = orders.prefixed(self.text, span, self.lex)
            if found is None:
                found = orders.stated(self.text, span, self.lex)
                if order and found and order.cue < found.cue:
                    found = None
            if found and found.who:
                return replace(found, start=part[0]) if found.kind == "label" else found
        return None

    def _explicit(self, part: Span, place: Place) -> Order | None:
        order = orders.order_in(self.text, part, self.lex)
        if order and order.kind != "asks" and place.section in ("report", "principles"):
            return None
        if order and orders.exhorted(self.text, part, order, self.lex):
            return None
        return order

    def _stated(self, part: Span, place: Place, marked: bool) -> Order | None:
        order = orders.prefixed(self.text, part, self.lex)
        if order and orders.opens_with_verb(self.text, (order.action, part[1]), self.lex):
            return order
        order = orders.stated(self.text, part, self.lex)
        if order is None:
            return None
        if place.ordered or marked or self.flow.on or self.before:
            return order
        if order.kind == "stated" and self.lex.spoken != "vi":
            return order
        if self.lex.starts("verbs.assigning").match(self.text, order.action, part[1]):
            return order
        has_lead = bool(partners_in(self.text, part, self.lex))
        found = deadline_in(self.text, part, self.days, self.lex, self.dated)
        return order if has_lead or (found and found.value) else None

    def _verb_first(self, part: Span, place: Place, *, marked: bool) -> Order | None:
        text, lex = self.text, self.lex
        verb = orders.opens_with_verb(text, part, lex)
        if lex.starts("verbs.performative").match(text, part[0] if verb is None else verb, part[1]):
            return None
        if place.section in ("goals", "principles") and not place.ordered:
            return None
        if verb is not None and self._may_open(place, marked):
            if not place.who and lex.starts("verbs.self_executing").match(text, verb, part[1]):
                return None
            start = part[0] if marked or verb == part[0] else verb
            return Order(start, verb, verb, (), "verb")
        if place.ordered and marked and not self._descriptive(part):
            who = orders.unknown_subject(text, part, lex)
            return Order(part[0], part[0], part[0], who, "verb")
        return None

    def _may_open(self, place: Place, marked: bool) -> bool:
        if place.ordered or self.flow.on or marked:
            return True
        return self.lex.language in ("fr", "ru") or self.before

    def _descriptive(self, part: Span) -> bool:
        end = min(part[1], part[0] + 110)
        if self.lex.pattern("verbs.descriptive").search(self.text, part[0], end):
            return True
        return bool(self.lex.pattern("verbs.self_executing").search(self.text, part[0], end))

    # Drafts

    def _draft(self, number: int, order: Order, end: int, place: Place) -> None:
        text, lex = self.text, self.lex
        who, inherited = order.who, False
        if not who and order.kind in ("verb", "continued", "label"):
            who = self.flow.who if self.flow.on or order.kind == "continued" else ()
            who = who or place.who
            inherited = bool(who)
        elif not who and lex.starts("names.pronouns").match(text, order.start):
            who, inherited = self.flow.who, bool(self.flow.who)
        elif not who and place.who:
            who, inherited = place.who, True
        spans = [(order.action, end)]
        if (
            lex.words("verbs.split")
            and not place.ordered
            and order.kind in ("asks", "duty", "verb", "continued")
        ):
            spans = orders.pieces(text, (order.action, end), lex)
        for number_of, span in enumerate(spans):
            start = order.start if number_of == 0 else span[0]
            stop = bare(text, (start, orders.without_tail(text, (start, span[1]), lex)))[1]
            stop = orders.without_and(text, (start, stop))
            partners = order.partners if number_of == 0 else ()
            if inherited and who == place.who:
                partners += place.partners
            period = self.flow.period or place.period
            draft = Draft(
                start,
                stop,
                max(span[0], start),
                who,
                inherited or number_of > 0,
                number,
                order.kind,
                partners,
                period,
            )
            if stop - start >= SHORTEST and len(text[start:stop].split()) >= 3:
                self.drafts.append(draft)
        self.flow.who, self.flow.on, self.flow.nominal = who, True, order.nominal

    def _apart(self) -> list[Draft]:
        kept: list[Draft] = []
        for draft in sorted(self.drafts, key=lambda draft: (draft.start, -draft.end)):
            if not kept or draft.start >= kept[-1].end:
                kept.append(draft)
        return kept

    def _finished(self, draft: Draft) -> Draft:
        """Partners and deadline, once the end of the directive is known."""
        span = (draft.start, draft.end)
        if draft.kind == "row":
            return draft
        own = deadline_in(self.text, span, self.days, self.lex, self.dated)
        if own and (own.value or not draft.deadline):
            draft.deadline = own
        beside = draft.partners + orders.beside(self.text, span, self.lex)
        draft.partners = tuple(dict.fromkeys(name for name in beside if name not in draft.who))
        if not draft.who or draft.inherited:
            self._owner_inside(draft)
        return draft

    def _owner_inside(self, draft: Draft) -> None:
        """ "(owner: X)" inside the directive itself."""
        line_end = self.text.find("\n", draft.start, draft.end)
        end = line_end if line_end > 0 and draft.who else draft.end
        match = self.lex.pattern("action.owner", whole=False).search(self.text, draft.start, end)
        names = split_names(self.text, (match.end(), draft.end), self.lex) if match else ()
        if match and match.start() > draft.start and names:
            draft.who, draft.inherited = names[:1], False
