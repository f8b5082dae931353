"""The lines of a text: what each one is (heading, item, paragraph, noise) and under which it stands."""

import re
from dataclasses import dataclass, field

from tiendo.reading.folding import Span
from tiendo.reading.lexicon import Lexicon
from tiendo.reading.names import headed, until_verb

# How deep each kind of marker hangs; a smaller number is nearer the root.
DEPTH = {
    "part": 0, "roman": 1, "article": 2, "capital": 2, "number": 3, "letter": 5, "bullet": 6,
}  # fmt: skip
MARKERS = (
    (
        "roman",
        re.compile(r"(?P<label>(?![LC][.)/ ])[IVXLC]{1,6})(?:\s?[.)/]\s?[-–—]?|\s?[-–—])\s+(?=\S)"),
    ),
    ("roman", re.compile(r"(?P<label>#{1,6})\s+(?=\S)")),
    ("capital", re.compile(r"(?P<label>[A-ZĐА-ЯЁ])[.)]\s+(?=\S)")),
    ("number", re.compile(r"\(?(?P<label>[0-9]{1,2}(?:\.[0-9]{1,2}){1,3})[.)]?\s+(?=\D)")),
    ("number", re.compile(r"\(?(?P<label>[0-9]{1,3})(?:[.)°]|\s?[-–—/](?=\s))\s*(?=[^\s0-9])")),
    (
        "letter",
        re.compile(r"\(?(?P<label>[ivx]{1,4}|[a-zđа-яё]{1,2}(?:\.?[0-9]{1,2})?)\)\s*(?=\S)"),
    ),
    ("letter", re.compile(r"(?P<label>[a-zđа-яё])\.\s+(?=\S)")),
    ("bullet", re.compile(r"(?P<label>[-–—•*+·▪●○◦■□✓➢])\s+(?=\S)")),
    ("bullet", re.compile(r"(?P<label>[-–•])(?=[^\W\d_])")),
)
LINE = re.compile(r"[^\n]*")
ENDS = re.compile(r"[.!?…;:»”\")\]|,]\s*$")
FULL_STOP = re.compile(r"[.!?…;][»”\")\]]?\s*$")
HEADING_WORDS = 22
SECTION_WORDS = 7
CAPITAL_WORDS = 8
TOPIC_WORDS = 14
SECTION_REST = 24  # characters after the word that names a section
WRAPPED = (45, 130)  # a line this long that does not end a sentence was broken by a machine
NOISE = re.compile(
    r"^(?:!\[|https?://|www\.|\|[^|]*\|?$|[-–—_=*|:\s]+$|\W*$|.{0,40}https?://\S+$)", re.IGNORECASE
)


@dataclass
class Line:
    """One line or wrapped paragraph; `body` starts after the marker."""

    start: int
    end: int
    body: int
    kind: str  # heading, item, paragraph, noise, table
    marker: str | None = None  # part, roman, article, number, letter, bullet
    label: str = ""
    depth: int = 9
    parent: int | None = None
    children: list[int] = field(default_factory=list)

    @property
    def span(self) -> Span:
        return self.start, self.end


def lines_of(text: str, lex: Lexicon) -> list[Line]:
    """The lines of a folded text in order, with their parents."""
    lines = [_line(text, span, lex) for span in _joined(text, _raw(text), lex)]
    _hang(text, lines, lex)
    for line in lines:
        line.kind = line.kind or _kind(text, line, lines, lex)
    return lines


def _raw(text: str) -> list[Span | None]:
    """Spans of written lines without their outer spaces; None for an empty line."""
    found: list[Span | None] = []
    for match in LINE.finditer(text):
        written = match[0]
        if not written.strip():
            if not found or found[-1] is not None:
                found.append(None)
            continue
        left = match.start() + len(written) - len(written.lstrip())
        found.append((left, match.start() + len(written.rstrip())))
    return found


def _joined(text: str, raw: list[Span | None], lex: Lexicon) -> list[Span]:
    """Lines that a machine broke in the middle of a sentence are one again."""
    joined: list[Span] = []
    previous: Span | None = None
    for span in raw:
        if span and previous and _goes_on(text, previous, span, lex):
            joined[-1] = (joined[-1][0], span[1])
        elif span:
            joined.append(span)
        previous = span
    return joined


def _goes_on(text: str, before: Span, after: Span, lex: Lexicon) -> bool:
    length = before[1] - before[0]
    if not WRAPPED[0] <= length <= WRAPPED[1] or ENDS.search(text, before[1] - 2, before[1]):
        return text[before[1] - 1] in ",)" and length >= WRAPPED[0] and _lower(text, after)
    if NOISE.match(text[after[0] : after[1]]) or _marker(text, after, lex):
        return False
    return _lower(text, after)


def _lower(text: str, span: Span) -> bool:
    return text[span[0]].islower()


def _marker(text: str, span: Span, lex: Lexicon) -> tuple[str, str, int] | None:
    """Kind, label and end of the marker that opens a line."""
    opening = text[span[0] : min(span[1], span[0] + 60)]
    if not opening or not (opening[0].isalnum() or opening[0] in "-–—•*+·▪●○◦■□✓➢(#"):
        return None
    for kind in ("article", "part"):
        if match := lex.starts(f"structure.{kind}").match(opening):
            stop = re.compile(r"\s*[.:)–—-]*\s*").match(opening, match.end())
            return kind, match["label"], span[0] + (stop.end() if stop else match.end())
    if lex.starts("structure.appendix").fullmatch(text, *span):
        return "part", "", span[1]
    for kind, pattern in MARKERS:
        if match := pattern.match(opening):
            return kind, match["label"], span[0] + match.end()
    return None


def _line(text: str, span: Span, lex: Lexicon) -> Line:
    start, end = span
    written = text[start:end]
    if written.count("|") >= 2:
        return Line(start, end, start, "table")
    if NOISE.match(written) or lex.pattern("structure.noise", whole=False).match(written):
        return Line(start, end, start, "noise")
    marked = _marker(text, span, lex)
    if marked and (marked[0] != "capital" or _short(written)):
        kind, label, body = marked
        depth = DEPTH[kind]
        if kind == "number":
            depth += min(label.count("."), 1)
        return Line(start, end, min(body, end), "", kind, label, depth)
    return Line(start, end, start, "")


def _short(written: str) -> bool:
    """A heading by its looks: "B. Collectivités", not a sentence with an initial."""
    return len(written.split()) <= CAPITAL_WORDS and not FULL_STOP.search(written)


def _hang(text: str, lines: list[Line], lex: Lexicon) -> None:
    """Give each line its parent: the nearest line above that is less deep."""
    above: list[int] = []
    for number, line in enumerate(lines):
        if line.kind:
            continue
        opens = line.marker is not None
        if line.marker is None:
            opens = _unmarked(text, number, lines, above, lex)
        while above and lines[above[-1]].depth >= line.depth:
            above.pop()
        if above:
            line.parent = above[-1]
            lines[above[-1]].children.append(number)
        if opens:
            above.append(number)


def _unmarked(text: str, number: int, lines: list[Line], above: list[int], lex: Lexicon) -> bool:
    """Set the depth of a line without marker; true when the lines after it hang under it."""
    line = lines[number]
    written = text[line.start : line.end]
    if titled(written, lex):
        # The name of a chapter on the line under its number opens nothing of its own.
        named = bool(number and lines[number - 1].marker == "part")
        line.depth = DEPTH["part"] + 1 if named else DEPTH["part"]
        return not named
    if any(
        lex.starts_free(f"action.{key}").match(written)
        for key in ("due", "owner", "partner", "label")
    ):
        return False
    top = lines[above[-1]] if above else None
    under = top is not None and not FULL_STOP.search(text, top.end - 2, top.end)
    goes_on = under and _unit_alone(text, top, lex) if top else False
    fresh = goes_on or (under and above[-1] == number - 1)
    if written[-1] == ":" or _names_list(written, number, lines, lex):
        line.depth = min(top.depth + 1, 5) if top and fresh and top.depth >= 3 else 2
        return True
    # A paragraph belongs to the heading right above it, else to the section.
    line.depth = 9 if fresh else DEPTH["number"]
    return False


def _unit_alone(text: str, line: Line, lex: Lexicon) -> bool:
    """A marked line with nothing but a unit's name: what follows is that unit's."""
    written = text[line.body : line.end]
    if line.marker is None or len(written.split()) > HEADING_WORDS // 2:
        return False
    head = headed(text, line.body, line.end, lex)
    return head is not None and until_verb(text, line.body, line.end, lex) == line.end


def titled(written: str, lex: Lexicon) -> bool:
    """A title: in capitals, or a few words that name a section."""
    if uppercase(written):
        return True
    if len(written.split()) > SECTION_WORDS or FULL_STOP.search(written):
        return False
    written = written.rstrip(": ")
    return any(
        (match := lex.pattern(f"sections.{section}", whole=False).match(written))
        and len(written) - match.end() <= SECTION_REST
        for section in ("orders", "report", "goals", "principles")
    )


def _names_list(written: str, number: int, lines: list[Line], lex: Lexicon) -> bool:
    """A unit alone on its line, with marked lines after it."""
    following = lines[number + 1] if number + 1 < len(lines) else None
    if not following or following.marker not in ("bullet", "letter", "number"):
        return False
    if len(written.split()) > HEADING_WORDS // 2 or ENDS.search(written):
        return False
    return headed(written, 0, len(written), lex) is not None


def uppercase(written: str) -> bool:
    letters = [letter for letter in written if letter.isalpha()]
    return len(letters) > 3 and sum(map(str.isupper, letters)) > 0.8 * len(letters)


def _kind(text: str, line: Line, lines: list[Line], lex: Lexicon) -> str:
    written = text[line.body : line.end]
    if line.marker in ("part",) or uppercase(written):
        return "heading"
    if FULL_STOP.search(written):
        return "item" if line.marker else "paragraph"
    if line.marker and line.marker not in ("roman", "article", "capital"):
        heads = _has_marked(text, line, lines) or titled(written, lex) or _topic(written, lex)
        heads = heads or (bool(line.children) and _unit_alone(text, line, lex))
        return "heading" if heads and written[-1:] != ":" else "item"
    if len(written.split()) <= HEADING_WORDS:
        return "heading"
    return "item" if line.marker else "paragraph"


def _topic(written: str, lex: Lexicon) -> bool:
    """What is talked about, and no order: "Về hệ thống báo cáo", "Point sur le portail"."""
    short = len(written.split()) <= TOPIC_WORDS and ":" not in written
    return short and bool(lex.starts_free("structure.topic").match(written))


def _has_marked(text: str, line: Line, lines: list[Line]) -> bool:
    """Items stand under it, or the lead-in of items."""
    below = (lines[child] for child in line.children)
    return any(child.marker or text[child.end - 1] == ":" for child in below)
