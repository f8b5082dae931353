"""Strangers' files: a zip is looked at before it is opened, and read in a child process that may die alone.

checked = guarded_zip(content)                       # refuses bombs, strange paths, document types
rows = in_child("tiendo.access.sheet.read", content)   # 512 MB, 10 s of work, 20 s in all
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tiendo.kit.child import ANSWER
from tiendo.kit.refusals import Invalid

MOST_PARTS, MOST_PART, MOST_TOTAL, MOST_RATIO = 2_000, 20 * 2**20, 50 * 2**20, 100
SMALL = 2**20  # bytes: what unpacks to less than this is no bomb, however well it was packed
MARKUP = (".xml", ".rels", ".vml")
WALL = 20  # seconds until a child is ended
PACKAGE = Path(__file__).resolve().parents[2]


class Unreadable(Invalid):
    """The file is not what it should be, or more than we dare to open."""

    code = "unreadable"


def guarded_zip(content: bytes, *, field: str = "file") -> bytes:
    """The same bytes if they are a zip that may be opened; its directory is read first, nothing is unpacked before."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            require_modest(parts, field)
            for part in parts:
                if part.filename.lower().endswith(MARKUP):
                    require_plain(archive.read(part), field)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise broken(field) from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise broken(field) from None
    return content


def require_modest(parts: list[zipfile.ZipInfo], field: str) -> None:
    total = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or total > MOST_TOTAL or len(names) < len(parts):
        raise bomb(field)
    if is_blown_up(total, packed) or any(is_too_much(part) for part in parts):
        raise bomb(field)
    if not parts or any(is_strange(part) for part in parts):
        raise broken(field)


def is_too_much(part: zipfile.ZipInfo) -> bool:
    return part.file_size > MOST_PART or is_blown_up(part.file_size, part.compress_size)


def is_blown_up(size: int, packed: int) -> bool:
    return size > SMALL and size > packed * MOST_RATIO


def is_strange(part: zipfile.ZipInfo) -> bool:
    """A path that leads out, a link, or something under lock and key."""
    steps = part.filename.replace("\\", "/").split("/")
    leads_out = ".." in steps or part.filename.startswith(("/", "\\")) or ":" in steps[0]
    is_link = (part.external_attr >> 16) & 0o170000 == 0o120000
    return leads_out or is_link or bool(part.flag_bits & 0x1)


def require_plain(markup: bytes, field: str) -> None:
    """No document type, so no entities: in any encoding, for its letters stand among zeros at most."""
    letters = markup.replace(b"\x00", b"").lower()
    if b"<!doctype" in letters or b"<!entity" in letters:
        raise broken(field)


def bomb(field: str) -> Unreadable:
    return Unreadable(
        _("This file unpacks to more than can be read. Save it again, with less in it."),
        field=field,
    )


def broken(field: str) -> Unreadable:
    return Unreadable(
        _("This file cannot be read. Open it where it was made and save it again."), field=field
    )


def in_child(function: str, content: bytes, *, field: str = "file") -> Any:
    """What `function` of a module without Django makes of a file, asked of a child with little memory and little time."""
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryFile() as answer:
        file = Path(place) / "upload"
        file.write_bytes(content)
        if not is_done(function, file, answer, place):
            raise broken(field)
        answer.seek(0)
        try:
            return json.loads(answer.read(ANSWER + 1))
        except ValueError:
            raise broken(field) from None


def is_done(function: str, file: Path, answer: Any, place: str) -> bool:
    """Whether the child came to its end by itself; it is given no environment of ours."""
    environment = {"PYTHONPATH": str(PACKAGE), "PYTHONUTF8": "1", "PATH": os.defpath}
    command = [sys.executable, "-m", "tiendo.kit.child", function, str(file)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own words, and a path of our own making
            command, stdin=subprocess.DEVNULL, stdout=answer, stderr=subprocess.DEVNULL,
            cwd=place, env=environment, timeout=WALL, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0
