"""Texts of our own with what is right marked in them, and how a reading agrees with the marks.

A text opens with `# language`. Marks: `[[directive]]{who|who; deadline}`, `<<figure>>{value}` and
`@@citation@@{number}`; `~` parts answers that are right, too; `-` is nobody or never. A `?` after a
directive's braces, or before the brace that closes a figure or citation, makes it optional.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tiendo.reading import read

FOLDER = Path(__file__).parent / "texts"
MARK = re.compile(r"\[\[|<<|@@(?=[^@]+@@\{)|(?:\]\]|>>|@@)\{(?P<told>[^}]*)\}(?P<maybe>\?)?")


@dataclass
class Gold:
    """One mark: where, what is right, and whether it may be missing."""

    kind: str
    span: tuple[int, int]
    right: list[list[str]]
    by: list[str | None] = field(default_factory=list)
    optional: bool = False


@dataclass
class Marked:
    name: str
    language: str
    text: str
    marks: list[Gold]


def texts(language: str = "") -> list[Marked]:
    return [marked(path) for path in sorted(FOLDER.glob(f"{language}*.txt"))]


def marked(path: Path) -> Marked:
    opening, _, written = path.read_text(encoding="utf-8").partition("\n")
    plain, open_at, marks, place = "", [], [], 0
    for match in MARK.finditer(written):
        plain += written[place : match.start()]
        place = match.end()
        if match["told"] is None:
            open_at.append(len(plain))
            continue
        marks.append(_gold(match, (open_at.pop(), len(plain))))
    assert not open_at, path.name
    return Marked(path.stem, opening[2:].strip(), plain + written[place:], marks)


def _gold(match: re.Match[str], span: tuple[int, int]) -> Gold:
    kind, told = match[0][0], match["told"]
    if kind == "]":
        who, _, by = told.partition(";")
        right = [_names(one) for one in who.split("~")]
        days = [None if day.strip() == "-" else day.strip() for day in by.split("~")]
        return Gold(kind, span, right, days, bool(match["maybe"]))
    return Gold(kind, span, [[told.rstrip("?")]], [], told.endswith("?"))


def _names(written: str) -> list[str]:
    return sorted(name.strip() for name in written.split("|") if name.strip() != "-")


@dataclass
class Tally:
    """Marks met, marks missed, and what was read where no mark is; each miss in words."""

    met: int = 0
    missed: int = 0
    strange: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.met, self.missed = self.met + other.met, self.missed + other.missed
        self.strange += other.strange
        self.told += other.told

    @property
    def f1(self) -> float:
        return 2 * self.met / max(1, 2 * self.met + self.missed + self.strange)

    @property
    def share(self) -> float:
        return self.met / max(1, self.met + self.missed)


def judged(one: Marked) -> dict[str, Tally]:
    """How a reading of the text agrees with its marks."""
    reading = read(one.text)
    tallies = {key: Tally() for key in ("directives", "assignees", "dated", "figures", "citations")}
    _directives(one, reading.directives, tallies)
    values = [(figure.span, str(Decimal(figure.value).normalize())) for figure in reading.figures]
    _numbers(one, ">", values, tallies["figures"])
    numbers = [(citation.span, citation.number) for citation in reading.citations]
    _numbers(one, "@", numbers, tallies["citations"])
    return tallies


def _directives(one: Marked, found, tallies: dict[str, Tally]) -> None:
    left = list(found)
    for gold in (mark for mark in one.marks if mark.kind == "]"):
        best = max(left, key=lambda d: _likeness(gold.span, d.span), default=None)
        if best is None or _likeness(gold.span, best.span) < 0.5:
            if not gold.optional:
                tallies["directives"].missed += 1
                tallies["directives"].told.append(f"missed: {one.text[slice(*gold.span)]}")
            continue
        left.remove(best)
        if gold.optional:
            continue
        tallies["directives"].met += 1
        if gold.right[0]:
            _says(tallies["assignees"], sorted(best.assignees) in gold.right, best, gold.right)
        if gold.by[0]:
            _says(tallies["dated"], best.deadline in gold.by, best, gold.by)
        elif best.deadline not in gold.by:
            tallies["dated"].told.append(f"no deadline: {best.quote} = {best.deadline}")
    tallies["directives"].strange += len(left)
    tallies["directives"].told += [f"strange: {directive.quote}" for directive in left]


def _says(tally: Tally, is_right: bool, found, right) -> None:
    tally.met, tally.missed = tally.met + is_right, tally.missed + (not is_right)
    if not is_right:
        tally.told.append(f"{found.quote} = {found.assignees} {found.deadline}, not {right}")


def _likeness(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / (one[1] - one[0] + other[1] - other[0] - shared)


def _numbers(
    one: Marked, kind: str, found: list[tuple[tuple[int, int], str]], tally: Tally
) -> None:
    left = list(found)
    for gold in (mark for mark in one.marks if mark.kind == kind):
        right = gold.right[0][0]
        if kind == ">":
            right = str(Decimal(right).normalize())
        hit = next((f for f in left if f[1] == right and _likeness(f[0], gold.span) > 0), None)
        if hit:
            left.remove(hit)
            tally.met += not gold.optional
        elif not gold.optional:
            tally.missed += 1
            tally.told.append(f"missed: {one.text[slice(*gold.span)]}")
    tally.strange += len(left)
    tally.told += [f"strange: {one.text[slice(*f[0])]} = {f[1]}" for f in left]
