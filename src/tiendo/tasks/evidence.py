"""Files on their way: kept in the store while the form around them is corrected."""

from collections.abc import Iterable
from typing import Any

from django.core import signing

from tiendo.documents.files import Kept, keep_upload
from tiendo.kit.refusals import Invalid

KEPT_FOR = 24 * 3600  # seconds a form may lie open
MOST = 20


def sealed(files: Iterable[Kept], owner: str) -> list[tuple[str, Kept]]:
    """Each kept file with the signed text a hidden field carries; it opens for its owner alone."""
    return [
        (signing.dumps([one.digest, one.name, one.size], salt=salt(owner)), one) for one in files
    ]


def opened_seals(seals: Iterable[str], owner: str) -> list[Kept]:
    """The files a form brought back; a forged or stale seal brings nothing."""
    found = []
    for seal in list(seals)[:MOST]:
        try:
            digest, name, size = signing.loads(seal, salt=salt(owner), max_age=KEPT_FOR)
        except signing.BadSignature:
            continue
        found.append(Kept(digest, name, size))
    return found


def salt(owner: str) -> str:
    return f"tasks.evidence:{owner}"


def keep_all(uploads: Iterable[Any], *, field: str) -> tuple[list[Kept], list[str]]:
    """What could be kept of what was sent, and why the rest could not."""
    kept, refused = [], []
    for upload in uploads:
        try:
            kept.append(keep_upload(upload, field=field))
        except Invalid as refusal:
            refused.append(f"{upload.name}: {refusal}")
    return kept, refused


def once_each(files: Iterable[Kept]) -> tuple[Kept, ...]:
    """The same file chosen twice is one piece of evidence."""
    return tuple({(one.digest, one.name): one for one in files}.values())
