"""One spelling for reading: NFC, plain spaces and quotes, with the way back to the text as written."""

import re
import unicodedata
from dataclasses import dataclass

Span = tuple[int, int]

# One character for one character, so that offsets never move here.
SAME_LENGTH = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " ", "\u200b": " ",
        "’": "'", "‘": "'", "ʼ": "'", "´": "'", "Ð": "Đ", "ð": "đ", "‐": "-", "‑": "-", "−": "-",
        "\r": " ", "\u2028": "\n", "\u2029": "\n", "\v": "\n", "\f": "\n", "\x85": "\n",
    }
)  # fmt: skip
OLD_TONE = re.compile(r"(?<![qQ])([uU])([ỷỵỳýỹỶỴỲÝỸ])(?!\w)")
NEW_TONE = dict(zip("ỷỵỳýỹỶỴỲÝỸ", "ủụùúũỦỤÙÚŨ", strict=True))
TONED_UPPER = str.maketrans("ủụùúũ", "ỦỤÙÚŨ")
ROW_CELLS = 3  # fewer are a letterhead in two columns
CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+")


@dataclass(frozen=True)
class Folded:
    """The text for reading, and for each of its characters where it stands in the text given."""

    text: str
    origin: tuple[int, ...] | None  # None: same offsets

    def back(self, span: Span) -> Span:
        """Span in the text as given."""
        if self.origin is None:
            return span
        return self.origin[span[0]], self.origin[span[1]]


def fold(text: str) -> Folded:
    """Spell the text in one way."""
    if unicodedata.is_normalized("NFC", text):
        return Folded(_plain(text), None)
    pieces: list[str] = []
    origin: list[int] = []
    for cluster in CLUSTER.finditer(text):
        written = unicodedata.normalize("NFC", cluster[0])
        pieces.append(written)
        origin.extend([cluster.start()] * len(written))
    origin.append(len(text))
    return Folded(_plain("".join(pieces)), tuple(origin))


def _plain(text: str) -> str:
    if "\t" in text:
        text = "\n".join(_row(line) for line in text.split("\n"))
    return OLD_TONE.sub(_new_tone, text.translate(SAME_LENGTH))


def _row(line: str) -> str:
    """A row of a table pasted from a word processor: its tabs are the bars between cells."""
    cells = sum(1 for cell in line.split("\t") if cell.strip())
    return line.replace("\t", "|") if cells >= ROW_CELLS else line


def _new_tone(match: re.Match[str]) -> str:
    # "uỷ ban" and "ủy ban" are one word; a linguist writes only the second in the lexicon.
    toned = NEW_TONE[match[2]]
    vowel = toned.translate(TONED_UPPER) if match[1] == "U" else toned.lower()
    return vowel + ("Y" if match[2].isupper() else "y")
