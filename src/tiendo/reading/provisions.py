"""The tree of a text: parts, articles, numbers, letters, bullets, tables, with addresses that stay."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tiendo.reading.folding import Folded, Span, fold
from tiendo.reading.language import language_of, spelled
from tiendo.reading.lexicon import LANGUAGES, Lexicon
from tiendo.reading.structure import Line, lines_of
from tiendo.reading.tables import cells_of, is_rule

KINDS = {
    "part": "part", "roman": "section", "article": "article", "capital": "section",
    "number": "clause",
    "letter": "point", "bullet": "bullet",
}  # fmt: skip
PREFIX = {"part": "part", "article": "art"}
HEADING = 160  # characters of a heading


@dataclass(frozen=True)
class Provision:
    """One piece of a text; `address` is "II.1.a", `span` its own words without those beneath."""

    address: str
    kind: str  # part, appendix, section, article, clause, point, bullet, paragraph, table, row
    heading: str
    span: Span
    parent: str | None


def provisions(text: str, language: str | None = None) -> list[Provision]:
    """The provisions of a text in order.

    Addresses join the labels from the root ("part2", "app1", "II", "art3", "1", "a"); bullets and unmarked paragraphs are
    counted under their parent ("b1", "p2"), and so are tables and their rows ("t1.r4"); a label met twice gets "~2".
    """
    folded = fold(text)
    told = language if language in LANGUAGES else language_of(folded.text)
    words, lex = spelled(folded.text, told)
    tree = Tree(folded, lex)
    lines = lines_of(words, lex)
    for number, line in enumerate(lines):
        if line.kind == "table":
            tree.add_row(line, lines[number + 1] if number + 1 < len(lines) else None)
        elif line.kind != "noise":
            tree.add(number, line)
    return tree.found


@dataclass
class Tree:
    """What has been found so far, and under which address the next line hangs."""

    folded: Folded
    lex: Lexicon
    found: list[Provision] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)
    table: str = ""  # the address of the table being read
    titles: set[int] = field(
        default_factory=set
    )  # lines before the first mark: its name, its issuer
    has_marks: bool = False

    def add(self, number: int, line: Line) -> None:
        above = self.lifted(
            line, self.addresses.get(line.parent) if line.parent is not None else None
        )
        self.has_marks = self.has_marks or line.marker is not None
        if not self.has_marks:
            self.titles.add(number)
        address = self.addresses[number] = self.address(line, above)
        kind = "appendix" if self.is_appendix(line) else KINDS.get(line.marker or "", "paragraph")
        self.keep(address, kind, line.body, line, above)
        self.table = ""

    def lifted(self, line: Line, above: str | None) -> str | None:
        """A marked place stands under marked places: the title of the text is no part of its address."""
        is_under_title = line.parent in self.titles
        return None if line.marker is not None and is_under_title else above

    def keep(self, address: str, kind: str, body: int, line: Line, above: str | None) -> None:
        heading = self.folded.text[body : line.end][:HEADING]
        self.found.append(Provision(address, kind, heading, self.folded.back(line.span), above))

    def add_row(self, line: Line, following: Line | None) -> None:
        """A row of a table; the first one names its columns when a rule stands beneath it."""
        if is_rule(self.folded.text, line.span):
            return
        if not self.table:
            self.table = self.counted(self.hung(), "t")
            rule = following is not None and following.kind in ("table", "noise")
            if rule and following and is_rule(self.folded.text, following.span):
                self.keep(self.table, "table", line.start, line, self.hung())
                return
            start = Line(line.start, line.start, line.start, "table")
            self.keep(self.table, "table", line.start, start, self.hung())
        self.keep(self.counted(self.table, "r"), "row", line.start, line, self.table)

    def hung(self) -> str | None:
        """What a table hangs under: the marked place before it; a paragraph only introduces it."""
        before = next((p for p in reversed(self.found) if p.kind not in ("table", "row")), None)
        if before is None:
            return None
        return before.parent if before.kind == "paragraph" else before.address

    def counted(self, above: str | None, letter: str) -> str:
        stem = f"{above}.{letter}" if above else letter
        self.used[stem] = self.used.get(stem, 0) + 1
        return f"{stem}{self.used[stem]}"

    def address(self, line: Line, above: str | None) -> str:
        if line.marker in (None, "bullet"):
            return self.counted(above, "p" if line.marker is None else "b")
        if line.label.startswith("#"):
            return self.counted(above, "h")
        label = self.prefix(line) + self.label(line)
        if line.marker == "number" and above and label.startswith(above.rsplit(".", 1)[-1] + "."):
            label = label.split(".", 1)[1]  # "1.2" under "1" is the second of it
        address = f"{above}.{label}" if above else label
        self.used[address] = self.used.get(address, 0) + 1
        return address if self.used[address] == 1 else f"{address}~{self.used[address]}"

    def prefix(self, line: Line) -> str:
        return "app" if self.is_appendix(line) else PREFIX.get(line.marker or "", "")

    def is_appendix(self, line: Line) -> bool:
        starts = self.lex.starts("structure.appendix")
        return line.marker == "part" and bool(starts.match(self.folded.text, line.start))

    def label(self, line: Line) -> str:
        """The label with its number in figures, whatever word the language has for it."""
        plain = line.label.rstrip(".")
        return str(self.lex.table("structure.labels").get(plain.lower(), plain))


def cells(row: str) -> Iterator[str]:
    """What stands between the bars of one row of a table."""
    return (row[slice(*span)] for span in cells_of(row, (0, len(row))))
