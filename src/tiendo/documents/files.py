"""Files are kept under the hash of their content, written before the row that names them."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from tiendo.kit.refusals import Invalid, Refused

EVIDENCE = {
    ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".txt", ".csv", ".md", ".json",
    ".png", ".jpg", ".jpeg", ".webp", ".heic", ".zip", ".xml", ".asice", ".p7m",
}  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A file in the store: its SHA-256, the name its sender gave it, its size in bytes."""

    digest: str
    name: str
    size: int


def keep(content: bytes, name: str) -> Kept:
    """Store the bytes once, however often they are sent."""
    digest = hashlib.sha256(content).hexdigest()
    place = place_of(digest)
    if not default_storage.exists(place):
        default_storage.save(place, ContentFile(content))
    return Kept(digest, name, len(content))


def keep_upload(upload: Any, *, field: str) -> Kept:
    """An uploaded file, if it is one we take."""
    name = tidy(upload.name or "")
    kind = PurePath(name).suffix.lower()
    if kind not in EVIDENCE:
        raise Invalid(
            _(
                "Files of the kind “%(kind)s” are not taken. Send a PDF, an Office file, a picture or a text."
            )
            % {"kind": kind or name},
            field=field,
        )
    if not upload.size:
        raise Invalid(_("This file is empty. Choose the right one."), field=field)
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise Invalid(
            _("This file is larger than %(limit)s MB. Send a smaller one.")
            % {"limit": settings.UPLOAD_MAX_BYTES // 2**20},
            field=field,
        )
    return keep(upload.read(), name)


def tidy(name: str) -> str:
    """The last part of the name, without control characters, at most 200 long with its ending."""
    plain = "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable()).strip()
    path = PurePath(plain or "file")
    return path.stem[: 200 - len(path.suffix)] + path.suffix[:20]


def place_of(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def opened(digest: str) -> Any:
    try:
        return default_storage.open(place_of(digest), "rb")
    except FileNotFoundError:
        raise Refused(
            _("This file is not in the store. Tell your administrator its number: %(digest)s.")
            % {"digest": digest}
        ) from None
