"""Words that make the house and open its doors."""

import argparse
import sys

from tiendo.config.cli.words import Argument, Shelf, Word, a_number, django_ready, step

PORT: Argument = (
    ["--port"],
    {"type": a_number(1, 65_535), "default": 8000, "help": "where to answer (8000)"},
)
WORKERS: Argument = (
    ["--workers"],
    {"type": a_number(1, 64), "default": 2, "help": "processes that answer (2)"},
)

NO_JOBS: Argument = (
    ["--no-jobs"],
    {"action": "store_true", "help": "jobs run apart, by `tiendo jobs`"},
)


def serve(asked: argparse.Namespace) -> None:
    """Serve the house over HTTP.

    One command for all: the web server, the jobs and their schedule; what dies is begun again, Ctrl-C stops everything.
    Refuses to start when an unsafe setting would endanger a production; says which.
    """
    from tiendo.config.server import gather_static, serve_on

    django_ready()
    refuse_if_unsafe()
    gather_static()
    serve_on(asked.port, workers=asked.workers, jobs=not asked.no_jobs)


def jobs(asked: argparse.Namespace) -> None:
    """Do the jobs and keep their schedule, without a web server.

    For houses that run `serve --no-jobs` elsewhere. May run on several machines: each job is taken once.
    """
    from tiendo.config.keeper import keep

    django_ready()
    refuse_if_unsafe()
    if asked.release:
        from tiendo.kit.jobs import release

        print(f"{release()} released")
        return
    if asked.once:
        from tiendo.kit.jobs import run_waiting

        print(f"{run_waiting()} done")
        return
    keep({"jobs": ["jobs"]})


def refuse_if_unsafe() -> None:
    from io import StringIO

    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        call_command("check", databases=["default"], stdout=StringIO())  # when all is well, silence
    except SystemCheckError as unsafe:
        sys.exit(str(unsafe))


def migrate(asked: argparse.Namespace) -> None:
    """Bring the database's tables up to date.

    Before the first start, and after every upgrade. May be run again at any time; back up first.
    """
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tiendo", "migrate", "-v", "0"])
    execute_from_command_line(["tiendo", "createcachetable", "-v", "0"])


def load_pack(asked: argparse.Namespace) -> None:
    """Load a country: its units through time, names, codes, document types.

    Once in a new house, and again when the pack was mended; says what changed. All or nothing.
    """
    django_ready()
    from tiendo.config.country import load_country

    for line in load_country(asked.country):
        print(line)


def demo(asked: argparse.Namespace) -> None:
    """Make (once) and serve a database that tells a story; says who can sign in.

    For a first look. A database that tells a story is never served in production.
    """
    from tiendo.config.server import gather_static, serve_on

    with step("database"):
        migrate(asked)
    django_ready()
    with step("styles and scripts"):
        gather_static()
    from tiendo.config.country import load_country
    from tiendo.demo.story import accounts, begin, is_told, tell

    address = f"http://localhost:{asked.port}"
    if not is_told():
        with step("country pack"), begin():
            list(load_country("vn"))
        with step("story"):
            tell(address)
        with step("seals"):
            seal_the_story()
    print(accounts(address), flush=True)
    if not asked.no_serve:
        serve_on(asked.port, workers=asked.workers, jobs=not asked.no_jobs)


def seal_the_story() -> None:
    """What was told lies long past, so that a demonstration begins with a sealed record."""
    from tiendo.kit import clock
    from tiendo.ledger.sealing import SKEW, seal_up_to

    now = clock.now()
    seal_up_to(now - SKEW, now)


SHELF = Shelf(
    "Run the house",
    (
        Word(
            "serve",
            serve,
            "tiendo serve --port 8000\ntiendo serve --no-jobs    # the jobs run apart, by `tiendo jobs`",
            (PORT, WORKERS, NO_JOBS),
        ),
        Word(
            "jobs",
            jobs,
            "tiendo jobs",
            (
                (["--once"], {"action": "store_true", "help": "do what waits, then end"}),
                (
                    ["--release"],
                    {"action": "store_true", "help": "let go what a restore held back"},
                ),
            ),
        ),
        Word("migrate", migrate, "tiendo migrate"),
        Word(
            "load-pack",
            load_pack,
            "tiendo load-pack vn",
            ((["country"], {"help": "a folder of packs/, such as vn"}),),
        ),
        Word(
            "demo",
            demo,
            "tiendo demo --port 8001",
            (
                PORT,
                WORKERS,
                NO_JOBS,
                (["--no-serve"], {"action": "store_true", "help": "only make the database"}),
            ),
        ),
    ),
)
