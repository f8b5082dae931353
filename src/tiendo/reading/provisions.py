"""The tree of a text: parts, articles, numbers, letters, bullets, with addresses that stay."""

from dataclasses import dataclass

from tiendo.reading.folding import Span, fold
from tiendo.reading.language import language_of, spelled
from tiendo.reading.lexicon import LANGUAGES
from tiendo.reading.structure import Line, lines_of

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
    kind: str  # part, section, article, clause, point, bullet, paragraph
    heading: str
    span: Span
    parent: str | None


def provisions(text: str, language: str | None = None) -> list[Provision]:
    """The provisions of a text in order.

    Addresses join the labels from the root ("part2", "II", "art3", "1", "a"); bullets and unmarked
    paragraphs are counted under their parent ("b1", "p2"); a label met twice gets "~2".
    """
    folded = fold(text)
    told = language if language in LANGUAGES else language_of(folded.text)
    words, lex = spelled(folded.text, told)
    lines = lines_of(words, lex)
    used: dict[str, int] = {}
    addresses: dict[int, str] = {}
    found: list[Provision] = []
    for number, line in enumerate(lines):
        if line.kind in ("noise", "table"):
            continue
        above = addresses.get(line.parent) if line.parent is not None else None
        addresses[number] = _address(line, above, used)
        span = folded.back(line.span)
        heading = folded.text[line.body : line.end][:HEADING]
        kind = KINDS.get(line.marker or "", "paragraph")
        found.append(Provision(addresses[number], kind, heading, span, above))
    return found


def _address(line: Line, above: str | None, used: dict[str, int]) -> str:
    stem = f"{above}." if above else ""
    if line.marker in (None, "bullet"):
        letter = "p" if line.marker is None else "b"
        used[stem + letter] = used.get(stem + letter, 0) + 1
        return f"{stem}{letter}{used[stem + letter]}"
    if line.label.startswith("#"):
        used[stem + "h"] = used.get(stem + "h", 0) + 1
        return f"{stem}h{used[stem + 'h']}"
    label = PREFIX.get(line.marker or "", "") + line.label.rstrip(".")
    if line.marker == "number" and above and label.startswith(above.rsplit(".", 1)[-1] + "."):
        label = label.split(".", 1)[1]  # "1.2" under "1" is the second of it
    address = stem + label
    used[address] = used.get(address, 0) + 1
    return address if used[address] == 1 else f"{address}~{used[address]}"
