"""Words that keep the house: backups, restores, drills, and a doctor."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tiendo.config.cli.words import Shelf, Word, django_ready, step

STARTING_UP = ("TIENDO_VAR", "DATABASE_URL")  # read once, when settings are


def backup(asked: argparse.Namespace) -> None:
    """Back up the whole house into a new folder: database, files, and what the record was signed with.

    Safe while people work. SQLite is copied by its own backup, PostgreSQL by pg_dump; every file is listed with its hash, and
    the copy is read again before it gets its name. Keys stay out unless asked for: keep them elsewhere, without them
    no seal can be signed. Ends with 1 if anything is doubtful.
    """
    django_ready()
    from django.conf import settings

    from tiendo.config.backups.making import make
    from tiendo.config.backups.manifest import read

    to = asked.to or Path(settings.BACKUPS or settings.VAR / "backups")
    with doubts():
        folder = make(to, with_keys=asked.with_keys)
    told = read(folder)
    files = sum(name.startswith("files/") for name in told.parts)
    print(
        f"{folder}: {sum(told.tables.values())} rows, {files} files, {told.head['entries']} entries of the record"
    )
    for place, digest in told.keys_elsewhere.items():
        print(f"not in it, keep it elsewhere: {place} (SHA-256 {digest})")


def restore(asked: argparse.Namespace) -> None:
    """Restore a backup into an empty installation, and say exactly what was lost.

    Verifies every hash before anything is touched. Refuses a place that is not empty; with --replace, what is there is set aside
    under another name. Afterwards nobody is signed in, programs need new keys, and jobs that waited are held: they may have
    been done since (`tiendo jobs --release` lets them go). Stop the house first. Ends with 1 on any doubt.
    """
    elsewhere(asked)
    django_ready()
    from tiendo.config.backups.restoring import restore as put_back

    anchor = json.loads(asked.anchor.read_text("ascii")) if asked.anchor else None
    with doubts():
        done = put_back(
            asked.folder, replace=asked.replace, anchor=anchor, last_known=asked.last_known
        )
    print(
        f"Restored the backup of {done.manifest.made_at}: every hash, row count and the head of the record agree."
    )
    print(
        f"{done.sessions} sessions and {done.keys} keys of programs ended; {done.held} waiting jobs are held."
    )
    print(done.lost)
    print(
        "Next: tiendo migrate; tiendo ledger verify; and take away again the rights of whoever lost them since."
    )


def elsewhere(asked: argparse.Namespace) -> None:
    """Point settings at another place before they are read."""
    import os

    for name, value in zip(STARTING_UP, (asked.into, asked.database), strict=True):
        if value:
            os.environ[name] = str(value)
    if asked.into and not asked.database:
        os.environ.pop("DATABASE_URL", None)


def drill(asked: argparse.Namespace) -> None:
    """Prove that a backup can be restored: make one, restore it elsewhere, compare, throw it away.

    Takes as much room as the house itself, and on PostgreSQL the right to create a database. For every week, by cron or a timer.
    """
    django_ready()
    from tiendo.config.backups.drilling import rehearse

    with doubts(), step("drill"):
        said = rehearse()
    print(said)


MARKS = {"good": "✓", "note": "·", "wrong": "✗"}


def doctor(asked: argparse.Namespace) -> None:
    """Look for whatever is wrong with this installation, and say what to do about it.

    ✓ is well, · is worth knowing, ✗ must be mended. Changes nothing. Ends with 1 when something is wrong.
    """
    django_ready()
    from dataclasses import asdict

    from tiendo.config.doctor.rounds import examine

    found = list(examine())
    if asked.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    for one in [] if asked.json else found:
        print(f"{MARKS[one.grade]} {one.about}: {one.says}")
        if one.do and one.grade != "good":
            print(f"    → {one.do}")
    if any(one.grade == "wrong" for one in found):
        sys.exit(1)


def readonly(asked: argparse.Namespace) -> None:
    """Let people only read, before a move or while something is mended; or let them write again.

    Whatever is sent meanwhile is refused in words, and stays in the form. The same happens by itself when the disk is
    nearly full. Without a word, says how it is.
    """
    django_ready()
    from tiendo.config.reading import only_reading, set_only_reading

    if asked.turn:
        set_only_reading(asked.turn == "on")
    print("Only reading." if only_reading() else "Reading and writing.")


class doubts:
    """A doubt ends the command with its sentence and 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, fault: Any, trace: Any) -> None:
        from tiendo.config.backups.manifest import Doubt

        if isinstance(fault, Doubt):
            sys.exit(str(fault))


def an_instant(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{words}” is no time: write 2025-09-30T17:45:00Z"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


SHELF = Shelf(
    "Keep the house",
    (
        Word(
            "backup",
            backup,
            "tiendo backup --to /mnt/backups",
            (
                (
                    ["--to"],
                    {
                        "type": Path,
                        "metavar": "FOLDER",
                        "help": "where the new folder goes (TIENDO_BACKUPS)",
                    },
                ),
                (
                    ["--with-keys"],
                    {"action": "store_true", "help": "the secret keys too: guard it as them"},
                ),
            ),
        ),
        Word(
            "restore",
            restore,
            "tiendo restore /mnt/backups/tiendo-2025-09-30T170000Z --into /srv/tiendo\n"
            "tiendo restore tiendo-2025-09-30T170000Z --replace --last-known 2025-09-30T17:45:00Z",
            (
                (["folder"], {"type": Path, "help": "the backup"}),
                (["--into"], {"type": Path, "metavar": "FOLDER", "help": "another TIENDO_VAR"}),
                (["--database"], {"metavar": "URL", "help": "another DATABASE_URL"}),
                (["--replace"], {"action": "store_true", "help": "set aside what is there"}),
                (
                    ["--anchor"],
                    {"type": Path, "metavar": "FILE", "help": "the newest anchor a witness holds"},
                ),
                (
                    ["--last-known"],
                    {
                        "type": an_instant,
                        "metavar": "TIME",
                        "help": "until when the old house surely worked",
                    },
                ),
            ),
        ),
        Word("drill", drill, "tiendo drill"),
        Word(
            "doctor",
            doctor,
            "tiendo doctor\ntiendo doctor --json",
            ((["--json"], {"action": "store_true", "help": "for machines"}),),
        ),
        Word(
            "readonly",
            readonly,
            "tiendo readonly on\ntiendo readonly off",
            ((["turn"], {"nargs": "?", "choices": ["on", "off"], "help": "how it shall be"}),),
        ),
    ),
)
