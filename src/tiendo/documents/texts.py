"""Bytes into text, and whether a text can be kept: a sentence that says what to do, never a guess."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tiendo import reading
from tiendo.kit.refusals import Invalid

LIMIT = 2 * 2**20  # bytes of UTF-8: a long resolution with its appendices is a tenth of it
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SURROGATE = re.compile("[\ud800-\udfff]")
# Signs that turn the direction of a line, and controls no text needs: they only make it look like another.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\x01-\x08\x0b\x0e-\x1f\x7f]")
VIETNAMESE = set("aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz")
SMALL_WORDS = re.compile(r"\b(?:và|của|các|cho|được|trong|không|những|với|theo|này|về|đến|người)\b")
SURE = 3  # small words of Vietnamese before we believe an old encoding


def decoded(content: bytes, field: str = "file") -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or windows-1258 when it surely is Vietnamese."""
    if len(content) > LIMIT:
        raise too_large(field)
    encoding = next((name for mark, name in BOMS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = old_vietnamese(content)
    if not text:
        raise Invalid(_not_text(), field=field)
    return sound(text, field)


def old_vietnamese(content: bytes) -> str:
    """Read as windows-1258, if every letter is a Vietnamese one and the small words are there; else nothing."""
    try:
        text = unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        return ""
    letters = {unicodedata.normalize("NFD", c)[0] for c in text.lower() if c.isalpha()}
    is_sure = letters <= VIETNAMESE and len(SMALL_WORDS.findall(text.lower())) >= SURE
    return text if is_sure else ""


def sound(text: str, field: str = "text") -> str:
    """The text with plain line ends, if it can be kept as it is."""
    if "\x00" in text:
        raise Invalid(_not_text(), field=field)
    if SURROGATE.search(text):
        raise Invalid(
            _("This text holds half a character. Copy it again from its source."), field=field
        )
    if not text.strip():
        raise Invalid(_("There is no text in it. Paste the text, or choose its file."), field=field)
    plain = one_spelling(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    if not plain.strip():
        raise Invalid(_("There is no text in it. Paste the text, or choose its file."), field=field)
    if len(plain.encode()) > LIMIT:
        raise too_large(field)
    return plain


def sound_line(line: str, field: str) -> str:
    """One line of words that can be kept: no control characters, no halves, single spaces."""
    if "\x00" in line or SURROGATE.search(line):
        raise Invalid(
            _("These words hold a character that cannot be kept. Type them again."), field=field
        )
    return " ".join(one_spelling(line).split())


def one_spelling(text: str) -> str:
    """Composed letters, so that “Tuyên Quang” is one word however it was typed; no signs that turn lines round."""
    return unicodedata.normalize("NFC", TURNING.sub("", text))


def too_large(field: str) -> Invalid:
    return Invalid(
        _("This text is larger than %(limit)s MB. Register its appendices one by one.")
        % {"limit": LIMIT // 2**20},
        field=field,
    )


def _not_text() -> str:
    return _("This is not a text we can read. Save it as plain text in UTF-8, then send it again.")


@dataclass(frozen=True)
class Read:
    """What the reader sees in a text: the tree of its places, and the documents it names."""

    provisions: "tuple[reading.Provision, ...]"
    cited: "tuple[reading.Citation, ...]"


def read_in(text: str, language: str) -> Read:
    """The slow part of entering a text; whoever has time does it before the transaction."""
    return Read(tuple(reading.provisions(text, language)), reading.cited(text, language))
