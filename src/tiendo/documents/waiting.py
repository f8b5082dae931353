"""Files on their way: kept in the store while what came with them is corrected, opened only by who sent them."""

from django.core import signing
from django.utils.translation import gettext as _

from tiendo.documents import files
from tiendo.documents.files import Kept
from tiendo.documents.sources import Source, source_of
from tiendo.kit.refusals import Invalid

KEPT_FOR = 24 * 3600  # seconds


def taken(content: bytes, name: str, *, field: str = "file") -> tuple[Kept, Source]:
    """A file read first and stored after: what cannot be read is not kept."""
    plain = files.tidy(name)
    source = source_of(content, plain, field=field)
    return files.keep(content, plain), source


def sealed(kept: Kept, owner: int) -> str:
    """The stored file as a signed word that comes back with the form."""
    return signing.dumps([kept.digest, kept.name, kept.size], salt=salt(owner))


def opened(seal: str, owner: int, *, field: str = "file") -> tuple[Kept, Source]:
    """The file a seal stands for, read again; a forged or stale seal brings nothing."""
    try:
        kept = Kept(*signing.loads(seal, salt=salt(owner), max_age=KEPT_FOR))
    except signing.BadSignature:
        raise Invalid(
            _("The file you sent before is gone. Choose it again."), field=field
        ) from None
    return kept, source_of(files.opened(kept.digest).read(), kept.name, field=field)


def salt(owner: int) -> str:
    return f"documents.kept.{owner}"
