"""The gate of the six clears (Conclusion 226-KL/TW): person, work, time, responsibility, authority, product, and a measure.

Pure: takes the plain fields of a task, gives which are clear.
"""

from dataclasses import dataclass
from datetime import date

WORK_LEAST = 8  # characters; shorter is a heading, not work


@dataclass(frozen=True)
class Wording:
    """The plain fields the gate looks at; text may be empty, dates may be missing."""

    has_unit: bool
    has_post: bool
    work: str
    due_on: date | None
    cycle: str
    responsibility: str
    authority: str
    product: str
    measure: str


def clears(wording: Wording) -> dict[str, bool]:
    """Which of the six are clear, in their order, and the measure last."""
    return {
        "person": wording.has_unit and wording.has_post,
        "work": len(wording.work.strip()) >= WORK_LEAST,
        "time": wording.due_on is not None or bool(wording.cycle),
        "responsibility": bool(wording.responsibility.strip()),
        "authority": bool(wording.authority.strip()),
        "product": bool(wording.product.strip()),
        "measure": bool(wording.measure.strip()),
    }


def unclear(wording: Wording) -> list[str]:
    return [name for name, is_clear in clears(wording).items() if not is_clear]
