"""The command line `tiendo`. Each word is one function; what it needs is imported when it is said."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from tiendo.kit.refusals import Refused


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiendo.config.settings")
    words = sys.argv[1:]
    if words and not words[0].startswith("-") and words[0] not in COMMANDS:
        return framework(words)
    asked = parser().parse_args(words)
    try:
        asked.run(asked)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Refused as refusal:
        sys.exit(str(refusal))
    return None


def framework(words: list[str]) -> None:
    """Any other word is Django's own command: check, shell, makemigrations…"""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tiendo", *words])


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="tiendo",
        description="Turns a resolution into results.",
        epilog="tiendo WORD --help says more.",
    )
    words = root.add_subparsers(required=True, metavar="WORD")
    for name, (run, arguments) in COMMANDS.items():
        word = words.add_parser(name, help=run.__doc__, description=run.__doc__)
        for flags, options in arguments:
            word.add_argument(*flags, **options)
        word.set_defaults(run=run)
    return root


def django_ready() -> None:
    import django

    django.setup()


# The words ----------------------------------------------------------------------------------------


def serve(asked: argparse.Namespace) -> None:
    """Serve the house over HTTP."""
    from tiendo.config.server import gather_static, serve_on

    django_ready()
    refuse_if_unsafe()
    gather_static()
    serve_on(asked.port, workers=asked.workers)


def refuse_if_unsafe() -> None:
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        call_command("check", databases=["default"])
    except SystemCheckError as unsafe:
        sys.exit(str(unsafe))


def migrate(asked: argparse.Namespace) -> None:
    """Bring the database's tables up to date."""
    framework(["migrate", "-v", "0"])
    framework(["createcachetable", "-v", "0"])


def load_pack(asked: argparse.Namespace) -> None:
    """Load a country: its units through time, names, codes, document types. Says what changed."""
    django_ready()
    from tiendo.config.country import load_country

    for line in load_country(asked.country):
        print(line)


def demo(asked: argparse.Namespace) -> None:
    """Make (once) and serve a database that tells a story; says who can sign in."""
    from tiendo.config.server import gather_static, serve_on

    with step("database"):
        migrate(asked)
    django_ready()
    with step("styles and scripts"):
        gather_static()
    from tiendo.config.country import load_country
    from tiendo.demo.story import accounts, begin, is_told, tell

    if not is_told():
        with step("country pack"), begin():
            list(load_country("vn"))
        with step("story"):
            tell()
    print(accounts(f"http://localhost:{asked.port}"), flush=True)
    if not asked.no_serve:
        serve_on(asked.port, workers=asked.workers)


def units(asked: argparse.Namespace) -> None:
    """Find units by a written name, as they stood on a day."""
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
    """Read texts: what they order, count and cite. --json writes one file per text."""
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
    """Ask a figure: its numbers, set, two dates, rule version."""
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


LANGUAGE = (
    ["--language"],
    {"choices": ["vi", "fr", "ru", "en"], "help": "found in the text if not given"},
)
PORT = (["--port"], {"type": a_number(1, 65_535), "default": 8000})
WORKERS = (["--workers"], {"type": a_number(1, 64), "default": 2})

COMMANDS: dict[str, tuple[Any, list[tuple[list[str], dict[str, Any]]]]] = {
    "serve": (serve, [PORT, WORKERS]),
    "migrate": (migrate, []),
    "load-pack": (load_pack, [(["country"], {"help": "a folder of packs/, such as vn"})]),
    "demo": (
        demo,
        [
            PORT,
            WORKERS,
            (["--no-serve"], {"action": "store_true", "help": "only make the database"}),
        ],
    ),
    "units": (
        units,
        [
            (["name"], {"help": "as somebody wrote it"}),
            (["--on"], {"type": a_day, "help": "the day; today if not given"}),
            (["--language"], {"choices": ["vi", "fr", "ru", "en"], "default": "vi"}),
        ],
    ),
    "read": (
        read,
        [
            (["files"], {"nargs": "+", "type": Path, "metavar": "FILE"}),
            (["--json"], {"type": Path, "metavar": "FOLDER", "help": "write FOLDER/<name>.json"}),
            (
                ["--dated"],
                {"type": a_day, "metavar": "YYYY-MM-DD", "help": "the day the text was written"},
            ),
            (["--day"], {"action": "store_true", "help": "only say the day each text was written"}),
            LANGUAGE,
        ],
    ),
    "figure": (
        figure,
        [
            (["name"], {"help": "such as tasks.cells"}),
            (["--programme"], {"help": "its symbol"}),
            (["--unit"], {"help": "its key, such as vn.p.tuyen-quang"}),
            (["--true-on"], {"metavar": "YYYY-MM-DD", "help": "the day the tasks are judged by"}),
            (
                ["--known-at"],
                {
                    "metavar": "YYYY-MM-DD[THH:MM]",
                    "help": "what was known by then, in the country's time",
                },
            ),
            (["--since"], {"metavar": "YYYY-MM-DD", "help": "for what changed since a day"}),
            (["--json"], {"action": "store_true"}),
        ],
    ),
}
