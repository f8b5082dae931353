"""The rounds: every question in the order in which one would mend things."""

from collections.abc import Callable, Iterable, Iterator

from django.db import DatabaseError

from tiendo.config.doctor import database, house, machine
from tiendo.config.doctor.findings import Finding, wrong

Question = Callable[[], Finding | Iterable[Finding]]

MACHINE: list[Question] = [
    machine.python_is_new_enough,
    machine.has_room,
    machine.var_is_ours,
    machine.has_styles,
    machine.has_browser,
    machine.has_fonts,
    house.packs_can_be_read,
]
SETTINGS: list[Question] = [
    house.secret_is_own,
    house.seal_key_is_kept,
    house.letters_go_out,
    house.is_backed_up,
    house.backup_is_apart,
]
DATABASE: list[Question] = [
    database.is_new_enough,
    database.keeps_its_promises,
    database.is_writable,
    database.is_migrated,
]
WITH_TABLES: list[Question] = [
    house.settings_are_safe,
    database.has_cache,
    database.locks_stand,
    database.clocks_agree,
    house.tells_no_story,
    house.jobs_are_done,
    house.jobs_succeed,
]
# What must be well for people to be let in: asked every few seconds, so only what is cheap.
READY: list[Question] = [*DATABASE, machine.has_room, database.clocks_agree]


def examine() -> Iterator[Finding]:
    """All findings; what needs a database or its tables is not asked without them."""
    for question in [*MACHINE, *SETTINGS]:
        yield from asked(question)
    reached = database.is_reachable()
    yield reached
    if reached.grade == "wrong":
        return
    found = [finding for question in DATABASE for finding in asked(question)]
    yield from found
    if any(one.about == "migrations" and one.grade == "wrong" for one in found):
        return
    for question in WITH_TABLES:
        yield from asked(question)


def asked(question: Question) -> list[Finding]:
    found = question()
    return [found] if isinstance(found, Finding) else list(found)


def unready() -> list[Finding]:
    """What keeps the house from letting people in; a database that does not answer is the first of all."""
    try:
        reached = database.is_reachable()
        if reached.grade == "wrong":
            return [reached]
        return [one for question in READY for one in asked(question) if one.grade == "wrong"]
    except DatabaseError as fault:
        return [wrong("database", str(fault), "Look into its log.")]
