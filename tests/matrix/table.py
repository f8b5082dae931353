"""The table of rights as people write it (*.toml), read into rows. Knows nothing of the code it judges."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROLES = (
    "administrator", "standing_office", "committee_head", "member", "unit_head", "officer", "verifier",
    "expert", "inspector", "integration",
)  # fmt: skip
PEOPLE = (*ROLES, "nobody", "anonymous")
RELATIONS = ("own", "child", "dissolved", "parent", "sibling", "other")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WORDS = ("may", "may-not", "absent", "door", "seen", "unseen")
NOWHERE = "nowhere"  # the relation of a page that is about nothing in the tree


class Unreadable(Exception):
    """A row that says something nobody can judge by."""


@dataclass(frozen=True)
class Line:
    """Who, standing how to the thing, gets which answer."""

    people: frozenset[str]
    relations: frozenset[str]
    verdict: str

    def fits(self, person: str, relation: str) -> bool:
        return person in self.people and (relation == NOWHERE or relation in self.relations)


@dataclass(frozen=True)
class Row:
    """One route and method, one thing, looked at from one side of it."""

    room: str
    route: str
    method: str
    thing: str
    side: str
    says: str
    lines: tuple[Line, ...]
    given: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api:")

    @property
    def is_list(self) -> bool:
        """Whether the verdict is what the answer shows, not only its status."""
        return any(line.verdict in {"seen", "unseen"} for line in self.lines)

    @property
    def relations(self) -> tuple[str, ...]:
        return RELATIONS if self.thing else (NOWHERE,)

    @property
    def name(self) -> str:
        about = (
            f" {self.thing}, {self.side}" if self.side else f" {self.thing}" if self.thing else ""
        )
        return f"{self.method} {self.route}{about}"

    def verdict(self, person: str, relation: str) -> str:
        """The first line that fits decides."""
        for line in self.lines:
            if line.fits(person, relation):
                return line.verdict
        raise Unreadable(f"{self.name}: no line says what {person}, {relation}, is answered")


def rows() -> list[Row]:
    """Every row of every room's file, in order."""
    return [
        row for place in sorted(HERE.glob("*.toml")) if place.stem != "words" for row in read(place)
    ]


def read(place: Path) -> Iterator[Row]:
    for entry in tomllib.loads(place.read_text(encoding="utf8"))["row"]:
        for route in several(entry.pop("route")):
            for method in several(entry["method"]):
                for side in several(entry.get("side", "")):
                    yield row_of(place.stem, route, method, side, entry)


def row_of(room: str, route: str, method: str, side: str, entry: dict[str, Any]) -> Row:
    known = {
        "method",
        "side",
        "thing",
        "says",
        "verdicts",
        "send",
        "json",
        "ask",
        "with",
        "address",
    }
    if strange := set(entry) - known:
        raise Unreadable(f"{route}: nobody knows what “{', '.join(strange)}” means")
    last = "anonymous anywhere door"
    written = [*entry["verdicts"].strip().splitlines(), last]
    lines = tuple(line_of(text) for text in written if text.strip())
    thing, says = entry.get("thing", ""), entry.get("says", "")
    row = Row(room, route, method, thing, side, says, lines, entry)
    for person in PEOPLE:
        for relation in row.relations:
            row.verdict(person, relation)  # every cell is answered
    return row


def line_of(text: str) -> Line:
    """`unit_head officer  own child  may`: people, then relations, then the answer."""
    *before, verdict = text.split()
    people, relations = set(), set()
    for word in before:
        if word in words()["people"] or word in PEOPLE:
            people |= meaning(word, "people", PEOPLE)
        elif word in words()["relations"] or word in RELATIONS:
            relations |= meaning(word, "relations", RELATIONS)
        else:
            raise Unreadable(
                f"“{word}” is neither a role, nor a relation, nor a group: {text.strip()}"
            )
    if not people or (verdict not in WORDS and not verdict.isdigit()):
        raise Unreadable(f"say who, standing how, gets which answer: {text.strip()}")
    return Line(frozenset(people), frozenset(relations), verdict)


def meaning(word: str, kind: str, known: tuple[str, ...]) -> set[str]:
    group = words()[kind].get(word)
    return (
        {word}
        if group is None
        else {one for part in group.split() for one in meaning(part, kind, known)}
    )


_words: dict[str, Any] = {}


def words() -> dict[str, Any]:
    """The groups that rows may name, written by hand too."""
    if not _words:
        _words.update(tomllib.loads((HERE / "words.toml").read_text(encoding="utf8")))
    return _words


def several(given: Any) -> list[str]:
    return given if isinstance(given, list) else [given]
