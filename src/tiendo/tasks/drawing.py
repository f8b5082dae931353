"""The lot that decides what is checked on the spot. Pure, and short enough to be done again by anyone with a script.

Results drawn from are put in the order of their numbers; the root over the rows `[number, level]` stands for the whole
list. Each result's ticket is SHA-256 of the text `seed:root:number`. Of each level the smallest tickets are drawn, the
level's percent of how many there are, rounded up. The seed is published before the period ends and the list can be known
only after: so neither who draws nor who reports can choose.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Drawn:
    """A result the lot fell on, and its place among those of its level."""

    number: int
    level: str
    rank: int


def ticket(seed: str, root: str, number: int) -> str:
    return sha256(f"{seed}:{root}:{number}".encode()).hexdigest()


def how_many(of: int, percent: int) -> int:
    """A share of a level, rounded up: one of few is checked rather than none."""
    return -(-of * percent // 100)


def drawn(
    seed: str, root: str, results: Sequence[tuple[int, str]], shares: Mapping[str, int]
) -> list[Drawn]:
    """The results to check, level by level, in the order of their tickets."""
    found: list[Drawn] = []
    for level in levels(level for _number, level in results):
        own = sorted((ticket(seed, root, number), number) for number, of in results if of == level)
        chosen = own[: how_many(len(own), shares.get(level, 0))]
        found += [Drawn(number, level, rank) for rank, (_ticket, number) in enumerate(chosen, 1)]
    return found


def levels(named: Iterable[str]) -> list[str]:
    return sorted(set(named))
