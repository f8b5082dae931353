"""Tells the story of `story.toml` into an empty database: in order of time, through actions only, so that the record is true."""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from tiendo.access.actions import delegate, end, give
from tiendo.access.actions_sheets import bring_in
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.access.sheets import laid_out
from tiendo.demo.lives import Lives
from tiendo.demo.mergers import Reforms
from tiendo.demo.papers import Papers
from tiendo.documents.actions import register, translate
from tiendo.documents.files import keep
from tiendo.documents.models import Document, DocumentType
from tiendo.exchange.actions import connect, open_calendar
from tiendo.exchange.models import Outbox
from tiendo.exchange.sending import lay_out
from tiendo.intake.actions import read_document, refuse
from tiendo.intake.models import Proposal
from tiendo.kit import clock
from tiendo.ledger.origin import begin_story, told
from tiendo.notifications.hearing import hear_up_to
from tiendo.notifications.models import Heard
from tiendo.notifications.reminding import remind_at
from tiendo.orgs.actions_committees import (
    appoint,
    form_committee,
    leave,
    name_standing_office,
    open_post,
    rule_composition,
)
from tiendo.orgs.composition import Share, part_read
from tiendo.orgs.models import Committee, Post, Tenure, Unit
from tiendo.people.actions import welcome
from tiendo.people.models import Person
from tiendo.tasks.actions import open_programme
from tiendo.tasks.actions_draws import announce, draw_lots
from tiendo.tasks.models import Draw, Programme
from tiendo.web.cast import demo_accounts

Beat = tuple[datetime, Callable[[], Any]]
OPENING = date(2025, 1, 2)


def is_told() -> bool:
    """Whether this database already tells its story."""
    return told() is not None and Programme.objects.exists()


HERE = Path(__file__).parent


def script() -> dict[str, Any]:
    """The story with its later chapters: a chapter adds to the lists of the same name."""
    told: dict[str, Any] = tomllib.loads((HERE / "story.toml").read_text("utf8"))
    for chapter in sorted(HERE.glob("*.toml")):
        if chapter.name != "story.toml":
            for name, lines in tomllib.loads(chapter.read_text("utf8")).items():
                told.setdefault(name, []).extend(lines)
    return told


def begin() -> AbstractContextManager[None]:
    """Mark this empty database as a told one; what follows happens on the story's first morning."""
    begin_story(moment(script()["stands_at"]))
    return clock.telling(dawn(OPENING))


def tell(address: str) -> None:
    """Tell the whole story in one transaction: half a story would be none. Its letters lead to this address."""
    with transaction.atomic():
        for _at in happening(address):
            pass


def happening(address: str) -> Iterator[datetime]:
    """Beat by beat in order of time: the moment is named, then it happens."""
    story = Story(script(), address)
    for at, beat in sorted(story.beats(), key=lambda pair: pair[0]):
        yield at
        with clock.telling(at):
            story.begin_beat()
            beat()


def words_of(given: dict[str, Any]) -> str:
    """A text as it stands in the script, or in a file beside it."""
    words = given["text"] if "text" in given else (HERE / "texts" / given["from"]).read_text("utf8")
    return str(words).strip() + "\n"


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def dawn(day: date, hour: int = 0) -> datetime:
    return moment(f"{day}T{hour:02}:00")


class Story:
    """The cast by name, and the beats that bring each thing about at its moment."""

    def __init__(self, written: dict[str, Any], address: str) -> None:
        self.written, self.address = written, address
        self.people: dict[str, Person] = {"operator": Person.objects.operator()}
        self.documents: dict[str, Document] = {}
        self.programmes: dict[str, Programme] = {}
        self.posts: dict[str, Post] = {}

    def begin_beat(self) -> None:
        """Each beat is as one request: what a person may do is asked of the tables once."""
        for person in self.people.values():
            person.roots_asked = {}  # type: ignore[attr-defined]

    def beats(self) -> list[Beat]:
        lines = [
            *self.arrivals(),
            *self.sheets(),
            *self.committees(),
            *self.council(),
            *self.texts(),
            *self.programme_openings(),
            *self.delegations(),
            *Reforms(self, self.written["reform"]).beats(),
            *Papers(self).beats(),
            *self.lots(),
        ]
        for task in self.written["task"]:
            lines += Lives(self, task).beats()
        return lines + self.mornings() + self.connections()

    def mornings(self) -> list[Beat]:
        """From a day on, people are told each morning of what happened and what falls due."""
        first, last = self.written["told_from"], moment(self.written["stands_at"])
        days = [first + timedelta(days=n) for n in range((last.date() - first).days + 1)]
        return [(dawn(first, 0), self.listen), *((dawn(day, 7), self.tell) for day in days)]

    def lots(self) -> list[Beat]:
        """What is checked on the spot: announced, and drawn when the period is over."""
        lines: list[Beat] = []
        for given in self.written["lot"]:
            lines.append((moment(given["announced_at"]), partial(self.announce, given)))
            if "drawn_at" in given:
                lines.append((moment(given["drawn_at"]), partial(self.draw, given)))
        return lines

    def announce(self, given: dict[str, Any]) -> None:
        announce(
            self.unit(given["over"]), by=self.people[given["by"]], starts_on=given["from"],
            ends_on=given["until"], seed=given["seed"],
        )  # fmt: skip

    def draw(self, given: dict[str, Any]) -> None:
        draw_lots(Draw.objects.get(seed=given["seed"]), by=self.people[given["by"]])

    def listen(self) -> None:
        Heard.objects.update_or_create(only=True, defaults={"upto": clock.now(), "entry": 0})

    def tell(self) -> None:
        hear_up_to(clock.now())
        remind_at(clock.now())
        lay_out(clock.now())

    def connections(self) -> list[Beat]:
        """Other systems that are told, and calendars on telephones."""
        lines: list[Beat] = [
            (moment(one["at"]), partial(self.connect, one)) for one in self.written["hook"]
        ]
        lines += [
            (moment(one["at"]), partial(self.open_calendar, one))
            for one in self.written["calendar"]
        ]
        return lines

    def connect(self, given: dict[str, Any]) -> None:
        Outbox.objects.update_or_create(only=True, defaults={"upto": clock.now(), "entry": 0})
        by, unit = self.people[given["by"]], self.unit(given["unit"])
        connect(unit, by=by, name=given["name"], address=given["address"], acts=given["acts"])

    def open_calendar(self, given: dict[str, Any]) -> None:
        person = self.people[given["of"]]
        open_calendar(person, by=person, name=given["name"], watches=given["watches"])

    def unit(self, key: str) -> Unit:
        return Unit.objects.get(key=key)

    # People ---------------------------------------------------------------------------------------

    def arrivals(self) -> list[Beat]:
        lines: list[Beat] = []
        for position, person in enumerate(self.written["person"]):
            lines.append(
                (dawn(OPENING, 8) + timedelta(minutes=position), partial(self.arrive, person))
            )
            for grant in person.get("grants", []):
                lines += self.granting(person, grant)
            if "seat" in person:
                lines += self.seating(person, person["seat"])
        return lines

    def arrive(self, given: dict[str, Any]) -> None:
        self.people[given["username"]] = welcome(
            given["username"],
            by=self.people["operator"],
            into=self.unit("vn"),
            name=given["name"],
            password=settings.DEMO_PASSWORD,
            language=given["language"],
            is_demo=True,
        )

    def granting(self, person: dict[str, Any], grant: dict[str, Any]) -> list[Beat]:
        starts_on = max(grant.get("from", OPENING), self.founded_on(grant["over"]))
        hour = 11 if grant.get("by_post") else 9  # a post is taken up at ten
        lines: list[Beat] = [(dawn(starts_on, hour), partial(self.grant, person, grant, starts_on))]
        if "until" in grant:
            lines.append((dawn(grant["until"]), partial(self.end_grant, person, grant)))
        return lines

    def grant(self, person: dict[str, Any], grant: dict[str, Any], starts_on: date) -> None:
        name = person["username"]
        to = {"post": self.posts[name]} if grant.get("by_post") else {"person": self.people[name]}
        give(
            Role(grant["role"]),
            self.unit(grant["over"]),
            by=self.people["operator"],
            starts_on=starts_on,
            **to,
        )

    def end_grant(self, person: dict[str, Any], grant: dict[str, Any]) -> None:
        held = Grant.objects.get(
            person=self.people[person["username"]],
            unit__key=grant["over"],
            role=grant["role"],
            ends_on__isnull=True,
        )
        end(held, by=self.people["operator"], on=grant["until"])

    def seating(self, person: dict[str, Any], seat: dict[str, Any]) -> list[Beat]:
        starts_on = max(seat.get("from", OPENING), self.founded_on(seat["unit"]))
        lines: list[Beat] = [(dawn(starts_on, 10), partial(self.seat, person, seat, starts_on))]
        if "until" in seat:
            lines.append((dawn(seat["until"]), partial(self.unseat, person, seat)))
        return lines

    def founded_on(self, key: str) -> date:
        """The first day of a unit of the story or of the pack."""
        own = [c["begins_on"] for c in self.written["committee"] if c["key"] == key]
        return own[0] if own else max(OPENING, self.unit(key).begins_on)

    def seat(self, person: dict[str, Any], seat: dict[str, Any], starts_on: date) -> None:
        post = open_post(
            self.unit(seat["unit"]), Post.Kind(seat["kind"]), by=self.people["operator"]
        )
        appoint(self.people[person["username"]], post, by=self.people["operator"], on=starts_on)
        self.posts[person["username"]] = post

    def unseat(self, person: dict[str, Any], seat: dict[str, Any]) -> None:
        tenure = Tenure.objects.get(
            person=self.people[person["username"]],
            post__unit__key=seat["unit"],
            ends_on__isnull=True,
        )
        leave(tenure, by=self.people["operator"], on=seat["until"])

    def sheets(self) -> list[Beat]:
        return [(moment(one["at"]), partial(self.bring_in, one)) for one in self.written["sheet"]]

    def bring_in(self, given: dict[str, Any]) -> None:
        lines = [[str(number), *row] for number, row in enumerate(given["rows"], start=1)]
        bring_in(
            laid_out(lines), by=self.people[given["by"]], name=given["name"], house=self.address
        )

    def delegations(self) -> list[Beat]:
        return [
            (moment(one["given_at"]), partial(self.delegate, one))
            for one in self.written["delegation"]
        ]

    def delegate(self, given: dict[str, Any]) -> None:
        delegate(
            self.posts[given["of"]],
            by=self.people[given["of"]],
            deputy=self.people[given["deputy"]],
            starts_on=given["from"],
            ends_on=given["until"],
            reason=given["reason"],
        )

    # Committees -----------------------------------------------------------------------------------

    def committees(self) -> list[Beat]:
        return [
            (dawn(given["begins_on"], 8), partial(self.form, given))
            for given in self.written["committee"]
        ]

    def form(self, given: dict[str, Any]) -> None:
        above = self.unit(given["parent"])
        committee = form_committee(
            given["key"],
            {language: given[language] for language in ("vi", "en", "fr", "ru")},
            by=self.people["office"],
            beneath=above,
            on=given["begins_on"],
            type=Committee.Type.STEERING,
            level=Committee.Level.PROVINCIAL,
        )
        office = self.unit(f"{given['parent']}.dost")
        name_standing_office(committee, office, by=self.people["office"], on=given["begins_on"])

    def council(self) -> list[Beat]:
        """The advisory council: formed out of balance, balanced by later appointments."""
        given = self.written["council"]
        lines: list[Beat] = [(dawn(given["ruled_on"], 9), partial(self.rule, given))]
        for place, member in enumerate(given["members"]):
            at = dawn(member["from"], 11) + timedelta(minutes=place)
            lines.append((at, partial(self.appoint_member, given, member)))
        return lines

    def rule(self, given: dict[str, Any]) -> None:
        shares = [
            Share(s["group"], part_read(s.get("least", "")), part_read(s.get("most", "")))
            for s in given["shares"]
        ]
        rule_composition(
            self.unit(given["key"]).committee,
            shares,
            by=self.people[given["by"]],
            on=given["ruled_on"],
            largest=given["largest"],
        )

    def appoint_member(self, given: dict[str, Any], member: dict[str, Any]) -> None:
        self.arrive({**member, "language": "vi"})
        by, unit = self.people[given["by"]], self.unit(given["key"])
        post = open_post(unit, Post.Kind(member["kind"]), by=by, on=member["from"])
        person = self.people[member["username"]]
        appoint(person, post, by=by, on=member["from"], group=member["group"])

    # Texts ----------------------------------------------------------------------------------------

    def texts(self) -> list[Beat]:
        lines: list[Beat] = [
            (moment(given["at"]), partial(self.register, given))
            for given in self.written["document"]
        ]
        lines += [(moment(one["at"]), partial(self.refuse, one)) for one in self.written["refused"]]
        return lines

    def register(self, given: dict[str, Any]) -> None:
        text = words_of(given)
        by = self.people[given["by"]]
        document = register(
            self.unit(given["unit"]),
            by=by,
            issuer=self.unit(given["issuer"]),
            title=given["title"],
            text=text,
            language=given["language"],
            issued_on=given["issued_on"],
            symbol=given["symbol"],
            type=DocumentType.objects.get(code=given["type"]),
            file=keep(text.encode(), f"{given['name']}.txt"),
        )
        for other in given.get("translations", []):
            self.translate(document, other, by)
        if not given.get("unread"):
            read_document(document, by=by)
        self.documents[given["name"]] = document

    def translate(self, document: Document, given: dict[str, Any], by: Person) -> None:
        text = words_of(given)
        file = keep(text.encode(), given["from"])
        translate(
            document, by=by, title=given["title"], text=text, language=given["language"], file=file
        )

    def refuse(self, given: dict[str, Any]) -> None:
        proposal = self.proposal(given["document"], given["phrase"])
        refuse(proposal, by=self.people[given["by"]], reason=given["reason"])

    def proposal(self, document: str, phrase: str) -> Proposal:
        """The proposal read from the sentence that holds this phrase."""
        return Proposal.objects.get(
            intake__document=self.documents[document], quote__contains=phrase
        )

    def programme_openings(self) -> list[Beat]:
        return [
            (moment(p["at"]), partial(self.open_programme, p)) for p in self.written["programme"]
        ]

    def open_programme(self, given: dict[str, Any]) -> None:
        self.programmes[given["symbol"]] = open_programme(
            self.unit(given["unit"]),
            by=self.people[given["by"]],
            symbol=given["symbol"],
            title=given["title"],
            document=self.documents.get(given.get("document", "")),
        )


def accounts(address: str) -> str:
    """Who can sign in, for the person who has just typed `make demo`."""
    lines = [
        f"\nTiendo tells a story at {address}",
        f"Every account: password {settings.DEMO_PASSWORD}",
    ]
    for group in demo_accounts():
        lines += ["", group["title"]]
        lines += [
            f"  {one['username']:<14} {one['name']:<18} {' · '.join(filter(None, (one['role'], one['unit'])))}"
            for one in group["people"]
        ]
    return "\n".join(lines) + "\n"
