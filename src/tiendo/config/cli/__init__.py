"""The command line `tiendo`. Each word is one function on a shelf; what it needs is imported when it is said."""

import argparse
import os
import sys
from difflib import get_close_matches

from tiendo.config.cli import asking, keeping, ledger, serving
from tiendo.config.cli.words import Shelf, parser_of
from tiendo.kit.refusals import Refused

# To bring a word of your own: a shelf with a heading and its words (`words.py` says what a word is), named here.
SHELVES: list[Shelf] = [serving.SHELF, keeping.SHELF, asking.SHELF, ledger.SHELF]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiendo.config.settings")
    said = sys.argv[1:]
    if said and not said[0].startswith("-") and said[0] not in own_words():
        return framework(said)
    asked = parser().parse_args(said)
    try:
        asked.run(asked)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Refused as refusal:
        sys.exit(str(refusal))
    return None


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    return parser_of(SHELVES)


def own_words() -> set[str]:
    return {word.name.split()[0] for shelf in SHELVES for word in shelf.words}


def framework(said: list[str]) -> None:
    """Any other word is Django's own (check, shell…), or misspelt."""
    from django.core.management import execute_from_command_line, get_commands

    theirs = set(get_commands())
    if said[0] not in theirs:
        sys.exit(misspelt(said[0], own_words() | theirs))
    execute_from_command_line(["tiendo", *said])


def misspelt(word: str, known: set[str]) -> str:
    near = get_close_matches(word, sorted(known), n=3, cutoff=0.6)
    guess = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no word “{word}”.{guess} `tiendo --help` lists them all."
