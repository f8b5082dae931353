"""What a word of the command line is, how it is explained, and the kinds of arguments it takes."""

import argparse
import inspect
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

UNLISTED: Any = {
    "required": True,
    "metavar": "WORD",
    "help": argparse.SUPPRESS,
}  # listed by shelves

Argument = tuple[list[str], dict[str, Any]]


@dataclass(frozen=True)
class Word:
    """A word (or two: `ledger verify`), what it does (its docstring says), and an example or more."""

    name: str
    run: Callable[[argparse.Namespace], Any]
    example: str
    arguments: tuple[Argument, ...] = ()

    @property
    def told(self) -> str:
        return inspect.cleandoc(self.run.__doc__ or "")

    @property
    def gist(self) -> str:
        return self.told.splitlines()[0]


@dataclass(frozen=True)
class Shelf:
    heading: str
    words: tuple[Word, ...]


def parser_of(shelves: list[Shelf]) -> argparse.ArgumentParser:
    """The command line of all these words; two words share the parser of their first."""
    root = argparse.ArgumentParser(
        prog="tiendo",
        usage="tiendo WORD …",
        description=f"Turns a resolution into results.\n\n{listing(shelves)}",
        epilog="`tiendo WORD --help` says more, with an example. Django's own words (check, shell…) work too.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    branches = {"": root.add_subparsers(prog="tiendo", **UNLISTED)}
    for word in (word for shelf in shelves for word in shelf.words):
        first, _, second = word.name.rpartition(" ")
        if first not in branches:
            branches[first] = branch(branches[""], first, shelves)
        add(branches[first], second, word)
    return root


def listing(shelves: list[Shelf]) -> str:
    """Every word with its gist, beneath the heading of its shelf."""
    lines = []
    for shelf in shelves:
        lines += [f"{shelf.heading}:", *(f"  {w.name:15} {w.gist}" for w in shelf.words), ""]
    return "\n".join(lines).rstrip()


def branch(root: Any, first: str, shelves: list[Shelf]) -> Any:
    """The parser of a first word that is followed by another."""
    own = tuple(w for s in shelves for w in s.words if w.name.startswith(f"{first} "))
    parser = root.add_parser(
        first,
        usage=f"tiendo {first} WORD …",
        description=listing([Shelf(first, own)]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser.add_subparsers(prog=f"tiendo {first}", **UNLISTED)


def add(parsers: Any, name: str, word: Word) -> None:
    parser = parsers.add_parser(
        name,
        description=word.told,
        epilog="for example:\n" + "\n".join(f"  {line}" for line in word.example.splitlines()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for flags, options in word.arguments:
        parser.add_argument(*flags, **options)
    parser.set_defaults(run=word.run)


def django_ready() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiendo.config.settings")
    django.setup()


@contextmanager
def step(name: str) -> Iterator[None]:
    """A line for whatever takes longer than a second."""
    print(f"{name}…", end=" ", flush=True)
    begun = time.monotonic()
    yield
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


def a_day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{words}” is not a day: write 2025-09-30") from None


def a_number(least: int, most: int) -> Callable[[str], int]:
    """A whole number between these, for the command line."""

    def read(words: str) -> int:
        number = int(words) if words.isascii() and words.isdigit() and len(words) < 6 else 0
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(
                f"“{words}” will not do: write a number from {least} to {most}"
            )
        return number

    return read
