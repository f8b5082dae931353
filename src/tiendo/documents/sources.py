"""A file into its text: what it is by its content and its ending, then the guard, then a child process that reads it."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tiendo.documents import texts
from tiendo.documents.extraction import MOST_PAGES
from tiendo.kit.refusals import Invalid
from tiendo.kit.uploads import broken, guarded_zip, in_child

READERS = "tiendo.documents.extraction."
ENDINGS = (".docx", ".pdf", ".html", ".htm", ".md", ".txt")
CONTENT_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
}
HEAD = 1024  # bytes in which other programs look for a file's first mark
ZIP, PDF, PDF_ENDS = b"PK\x03\x04", b"%PDF-", b"%%EOF"
PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
MACROS = re.compile(r"vbaProject|\.bin$|/embeddings/|/activeX/", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """What was read in a file; a scan has pages and no text."""

    text: str
    is_scan: bool = False


def source_of(content: bytes, name: str, *, field: str = "file") -> Source:
    """The text of a file we take; anything else is refused in a sentence, and nothing is stored."""
    if not content:
        raise Invalid(_("This file is empty. Choose the right one."), field=field)
    if len(content) > settings.UPLOAD_MAX_BYTES:
        raise Invalid(
            _("This file is larger than %(limit)s MB. Send a smaller one.")
            % {"limit": settings.UPLOAD_MAX_BYTES // 2**20},
            field=field,
        )
    return READ[kind_of(content, name, field)](content, field)


def kind_of(content: bytes, name: str, field: str) -> str:
    """Its kind by ending and by content, which must agree."""
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise Invalid(
            _(
                "Files of the kind “%(kind)s” are not read. Send a .docx, .pdf, .html, .md or .txt file."
            )
            % {"kind": ending or name},
            field=field,
        )
    kind = ".html" if ending == ".htm" else ending
    inside = kind_inside(content)
    if inside != kind and (inside != ".txt" or kind in (".docx", ".pdf")):
        raise Invalid(
            _(
                "This file is called “%(ending)s” and is something else inside. Save it again as what it is."
            )
            % {"ending": ending},
            field=field,
        )
    return kind


def kind_inside(content: bytes) -> str:
    """What its first bytes say; a text is what says nothing."""
    if content.startswith(ZIP):
        return ".docx"
    if content.startswith(PDF):
        return ".pdf"
    return ".html" if PAGE.match(content[:HEAD]) else ".txt"


# One reader for each kind ---------------------------------------------------------------------------


def from_docx(content: bytes, field: str) -> Source:
    if PDF in content[:HEAD]:
        raise broken(field)  # two files in one: each program would show another
    names = zipfile.ZipFile(BytesIO(guarded_zip(content, field=field))).namelist()
    if "word/document.xml" not in names:
        raise broken(field)
    if any(MACROS.search(name) for name in names):
        raise Invalid(
            _(
                "This file holds a program or another file inside. Save it as .docx without macros and objects."
            ),
            field=field,
        )
    return Source(read(content, "from_docx", field)["text"])


def from_pdf(content: bytes, field: str) -> Source:
    if PDF_ENDS not in content[-HEAD:] or zipfile.is_zipfile(BytesIO(content)):
        raise broken(field)  # cut off on its way, or two files in one
    told = in_child(READERS + "from_pdf", content, field=field)
    if told.get("locked"):
        raise Invalid(
            _("This PDF is locked with a password. Save it without, then send it."), field=field
        )
    if told["pages"] > MOST_PAGES:
        raise texts.too_large(field)
    if not any(letter.isalpha() for letter in told["text"]):
        return Source("", is_scan=True)
    return Source(texts.sound(told["text"], field))


def from_html(content: bytes, field: str) -> Source:
    head = content[: content.find(b">") + 1].lower()
    if b"<!entity" in content.replace(b"\x00", b"").lower() or (
        b"<!doctype" in head and b"[" in head
    ):
        raise broken(field)
    return Source(read(content, "from_html", field)["text"])


def from_markdown(content: bytes, field: str) -> Source:
    plain = texts.decoded(content, field)
    return Source(read(plain.encode(), "from_markdown", field)["text"])


def from_text(content: bytes, field: str) -> Source:
    return Source(texts.decoded(content, field))


def read(content: bytes, reader: str, field: str) -> dict[str, Any]:
    """What the child says, if it is a text that can be kept."""
    told: dict[str, Any] = in_child(READERS + reader, content, field=field)
    return {**told, "text": texts.sound(told["text"], field)}


READ: dict[str, Callable[[bytes, str], Source]] = {
    ".docx": from_docx,
    ".pdf": from_pdf,
    ".html": from_html,
    ".md": from_markdown,
    ".txt": from_text,
}


def needs_its_text(field: str = "text") -> Invalid:
    return Invalid(
        _(
            "This PDF holds pictures of its pages, no text. Paste its text here: the file is kept beside it."
        ),
        field=field,
    )


def content_type_of(name: str) -> str:
    """What a file is sent as; whatever it is, it is only ever saved, never shown here."""
    return CONTENT_TYPES.get(PurePath(name).suffix.lower(), "text/plain")
