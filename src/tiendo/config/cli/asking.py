"""Words that ask and change nothing."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tiendo.config.cli.words import Shelf, Word, a_day, django_ready
from tiendo.kit.refusals import Refused


def units(asked: argparse.Namespace) -> None:
    """Find units by a written name, as they stood on a day.

    Takes names as people write them: without accents, shortened, of yesterday's map.
    """
    django_ready()
    from tiendo.kit import clock
    from tiendo.orgs.matching import match
    from tiendo.orgs.models import Unit

    on = asked.on or clock.today()
    found = match(asked.name, on=on)
    rows = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[m.unit_id for m in found])}
    for one in found:
        if one.unit_id is None:
            print(f"{one.score:5.1f}  {'a group':30} {len(one.unit_ids)} units")
        else:
            unit = rows[one.unit_id]
            print(f"{one.score:5.1f}  {unit.key:30} {unit.name_on(on, asked.language)}")
    if not found:
        sys.exit(f"No unit of {on} is called anything like “{asked.name}”.")


def read(asked: argparse.Namespace) -> None:
    """Read texts: what they order, count and cite.

    Nothing is kept: it shows what a person would be offered at the desk. --json writes one file per text.
    """
    from tiendo import reading

    for path in asked.files:
        text = text_of(path)
        if asked.day:
            print(f"{path}\t{reading.day_written(text, asked.language) or 'no day found'}")
            continue
        found = reading.read(
            text, asked.language, asked.dated or reading.day_written(text, asked.language)
        )
        shape = reading.to_json(found, path.stem)
        if asked.json:
            asked.json.mkdir(parents=True, exist_ok=True)
            target = asked.json / f"{path.stem}.json"
            target.write_text(json.dumps(shape, ensure_ascii=False, indent=1), encoding="utf8")
        else:
            print(json.dumps(shape, ensure_ascii=False, indent=1))


def text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf8")
    except FileNotFoundError:
        sys.exit(f"There is no file {path}.")
    except (UnicodeDecodeError, IsADirectoryError, PermissionError):
        sys.exit(f"{path} is not a readable UTF-8 text. Save it as UTF-8 .txt and try again.")


def figure(asked: argparse.Namespace) -> None:
    """Ask a figure: its numbers, set, two dates, rule version.

    The console asks about the whole tree, by the same rules as the pages.
    """
    django_ready()
    from tiendo.figures.readers import figure_json
    from tiendo.kit import clock

    try:
        answer = figure_json(
            asked.name,
            ("",),  # the console asks about the whole tree
            now=clock.now(),
            programme=asked.programme,
            unit=asked.unit,
            on=asked.true_on,
            known=asked.known_at,
            since=asked.since,
        )
    except Refused as refusal:
        sys.exit(str(refusal))
    print(json.dumps(answer, ensure_ascii=False, indent=1) if asked.json else in_lines(answer))


def in_lines(answer: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in answer.items())


LANGUAGES = ["vi", "fr", "ru", "en"]

SHELF = Shelf(
    "Ask",
    (
        Word(
            "units",
            units,
            'tiendo units "ha giang" --on 2025-06-30',
            (
                (["name"], {"help": "as somebody wrote it"}),
                (["--on"], {"type": a_day, "metavar": "YYYY-MM-DD", "help": "the day (today)"}),
                (
                    ["--language"],
                    {"choices": LANGUAGES, "default": "vi", "help": "of the names (vi)"},
                ),
            ),
        ),
        Word(
            "read",
            read,
            "tiendo read conclusion.txt --language vi",
            (
                (
                    ["files"],
                    {"nargs": "+", "type": Path, "metavar": "FILE", "help": "texts in UTF-8"},
                ),
                (
                    ["--json"],
                    {"type": Path, "metavar": "FOLDER", "help": "write FOLDER/<name>.json"},
                ),
                (
                    ["--dated"],
                    {
                        "type": a_day,
                        "metavar": "YYYY-MM-DD",
                        "help": "the day the text was written",
                    },
                ),
                (
                    ["--day"],
                    {"action": "store_true", "help": "only say the day each text was written"},
                ),
                (["--language"], {"choices": LANGUAGES, "help": "found in the text if not given"}),
            ),
        ),
        Word(
            "figure",
            figure,
            "tiendo figure tasks.cells --unit vn.p.tuyen-quang --true-on 2025-09-30",
            (
                (["name"], {"help": "such as tasks.cells"}),
                (["--programme"], {"metavar": "SYMBOL", "help": "its symbol"}),
                (["--unit"], {"metavar": "KEY", "help": "its key, such as vn.p.tuyen-quang"}),
                (
                    ["--true-on"],
                    {"metavar": "YYYY-MM-DD", "help": "the day the tasks are judged by"},
                ),
                (
                    ["--known-at"],
                    {
                        "metavar": "YYYY-MM-DD[THH:MM]",
                        "help": "what was known by then, in the country's time",
                    },
                ),
                (["--since"], {"metavar": "YYYY-MM-DD", "help": "for what changed since a day"}),
                (["--json"], {"action": "store_true", "help": "for machines"}),
            ),
        ),
    ),
)
