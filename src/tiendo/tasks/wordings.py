"""How clearly a piece of work is worded: points of 100, what costs them, and a split where one sentence orders two things.

Pure but for its lexicons, plain files that a linguist can edit. It advises; the gate of the six clears decides.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "lexicon"
LANGUAGES = ("vi", "en", "fr", "ru")
LONGEST, SHORTEST = 40, 3  # words
COSTS = {
    "two_actions": 30,
    "vague": 25,
    "no_action": 20,
    "two_sentences": 20,
    "too_long": 15,
    "too_short": 20,
}


@dataclass(frozen=True)
class Lexicon:
    actions: tuple[str, ...]
    joins: tuple[str, ...]
    vague: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Points of 100, what is missing, and the two pieces of work if there are two."""

    points: int
    findings: tuple[str, ...]
    split: tuple[str, str] | None


@cache
def lexicon(language: str) -> Lexicon:
    name = language if language in LANGUAGES else "en"
    words = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf8"))
    longest_first = {key: tuple(sorted(words[key], key=len, reverse=True)) for key in words}
    return Lexicon(**longest_first)


def scored(work: str, language: str) -> Score:
    """The score of a wording in its language."""
    text, known = " ".join(work.split()), lexicon(language)
    split = split_of(text, known)
    words = text.split()
    found = {
        "two_actions": split is not None,
        "vague": bool(starts(text, known.vague)),
        "no_action": not starts(text, known.actions),
        "two_sentences": bool(re.search(r"[.!?]\s+\S", text)),
        "too_long": len(words) > LONGEST,
        "too_short": len(words) < SHORTEST,
    }
    findings = tuple(name for name, is_found in found.items() if is_found)
    return Score(max(100 - sum(COSTS[name] for name in findings), 0), findings, split)


def starts(text: str, words: tuple[str, ...]) -> str:
    """The word of the list that the text begins with, whole; nothing if none."""
    folded = text.casefold()
    for word in words:
        if folded == word or folded.startswith((f"{word} ", f"{word},")):
            return word
    return ""


def split_of(text: str, known: Lexicon) -> tuple[str, str] | None:
    """Two pieces of work where an action is followed, after a word that joins, by another action."""
    first = starts(text, known.actions)
    if not first:
        return None
    for place, join in joins(text, known.joins):
        after = text[place + len(join) :]
        second = starts(after, known.actions)
        if second and second != first and len(after.split()) > len(second.split()):
            return pieces(text[:place], after, first, second)
    return None


def joins(text: str, words: tuple[str, ...]) -> list[tuple[int, str]]:
    """Each place where a joining word stands, from left to right; the longer word first."""
    folded = text.casefold()
    found = [
        (match.start(), join) for join in words for match in re.finditer(re.escape(join), folded)
    ]
    return sorted(found, key=lambda one: (one[0], -len(one[1])))


def pieces(before: str, after: str, first: str, second: str) -> tuple[str, str]:
    """“Issue and carry out the plan” has one object for two actions: both pieces get it."""
    if len(before.split()) <= len(first.split()):
        before = f"{before} {after[len(second) :].strip()}"
    return before.strip(" ,;"), after[:1].upper() + after[1:].strip(" ,;")
