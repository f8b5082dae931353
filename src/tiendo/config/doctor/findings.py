"""A finding: what was looked at, whether it is well, and what to do if not."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["good", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """`note` is worth knowing and endangers nothing; `wrong` must be mended."""

    about: str
    grade: Grade
    says: str
    do: str = ""


def good(about: str, says: str) -> Finding:
    return Finding(about, "good", says)


def note(about: str, says: str, do: str = "") -> Finding:
    return Finding(about, "note", says, do)


def wrong(about: str, says: str, do: str) -> Finding:
    return Finding(about, "wrong", says, do)


def graver_in_production(about: str, says: str, do: str) -> Finding:
    """What a laptop may lack and a production may not."""
    from django.conf import settings

    return Finding(about, "wrong" if settings.PRODUCTION else "note", says, do)
