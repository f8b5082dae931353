"""The world the table is judged in: a small tree, somebody in every role, and things lying each way to them."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from allauth.usersessions.models import UserSession

from makers import a_document, a_file, a_grant, a_person, a_post, a_unit
from matrix.table import ROLES
from tiendo.access import actions_invitations as invitations
from tiendo.access.capabilities import Role
from tiendo.access.models import Delegation, Grant, Sheet
from tiendo.documents import actions_life as lives
from tiendo.documents.actions_bonds import bind
from tiendo.documents.models import Citation, Provision
from tiendo.documents.states import Bond, Status
from tiendo.exchange.actions import open_calendar
from tiendo.exchange.models import Delivery, Hook
from tiendo.intake import actions as intake
from tiendo.intake import actions_cutting as cutting
from tiendo.intake.models import Proposal
from tiendo.intake.readings import Found
from tiendo.kit import clock
from tiendo.ledger.models import Entry, key_of
from tiendo.notifications.models import Notice
from tiendo.orgs import actions_committees as seating
from tiendo.orgs.models import Committee, Kind, Placement, Post, Succession, Tenure, Unit
from tiendo.people.actions import open_token
from tiendo.people.models import Person
from tiendo.reforms import actions as reforms
from tiendo.reforms.plan import read_plan
from tiendo.reforms.preview import previewed
from tiendo.reforms.states import Kind as Reforming
from tiendo.tasks import actions as tasks
from tiendo.tasks import actions_draws as lots
from tiendo.tasks.actions import PartWording
from tiendo.tasks.models import Check, Draw, Programme, Task

REFORM = date(2025, 7, 1)
FORMED = date(2025, 3, 1)
SENTENCE = "The Ministry of Rivers shall clear the backlog of paper records before 31 March 2027."
CUT = SENTENCE.index("the backlog")


@dataclass
class Thing:
    """What a route is about: its number, a word that nothing else holds, and what bodies may name."""

    pk: int
    token: str = ""
    names: dict[str, Any] = field(default_factory=dict)


class World:
    """
    country ─┬─ committee (far: gives and checks)     ─ ministry (far: does)
             ├─ province (parent) ─┬─ own ─┬─ child
             │                     │       └─ annex
             │                     └─ sibling
             ├─ other province ─ other
             └─ old province ✝ ─ dissolved ✝, merged into own
    """

    def __init__(self) -> None:
        self.country = a_unit("Country", kind=Kind.COUNTRY)
        self.committee = a_unit("Far Committee", under=self.country, kind=Kind.COMMITTEE)
        self.ministry = a_unit("Far Ministry", under=self.country)
        self.units = self.tree()
        self.annex = a_unit("Lighthouse", under=self.units["own"], kind=Kind.AGENCY)
        self.people: dict[str, Person] = {
            role: a_person(f"{role} here", role=Role(role), over=self.units["own"])
            for role in ROLES
        }
        self.people["nobody"] = a_person("Nobody")
        for person in self.people.values():
            person.is_demo = True  # second factors are another test's business
            person.save(update_fields=["is_demo"])
        self.office = a_person("Builder office", role=Role.STANDING_OFFICE, over=self.country)
        self.doer = a_person("Builder doer", role=Role.UNIT_HEAD, over=self.country)
        self.founder = a_person("Builder founder", role=Role.ADMINISTRATOR, over=self.country)
        self.made: dict[tuple[str, str, str, str], Thing] = {}

    def tree(self) -> dict[str, Unit]:
        province = a_unit("Northmoor", under=self.country, kind=Kind.PROVINCE)
        beyond = a_unit("Seaboard", under=self.country, kind=Kind.PROVINCE)
        old = a_unit("Oldmarch", under=self.country, kind=Kind.PROVINCE)
        own = a_unit("Willowdale", under=province, kind=Kind.COMMUNE)
        gone = a_unit("Thornhill", under=old, kind=Kind.COMMUNE)
        for before, after in ((gone, own), (old, province)):
            merged(before, after)
        return {
            "parent": province,
            "own": own,
            "child": a_unit("Archive", under=own, kind=Kind.AGENCY),
            "sibling": a_unit("Ferrybank", under=province, kind=Kind.COMMUNE),
            "other": a_unit("Gullhaven", under=beyond, kind=Kind.COMMUNE),
            "dissolved": gone,
        }

    def thing(self, kind: str, side: str, relation: str, person: str = "") -> Thing:
        """The thing of this kind that lies so; each is made once, what is somebody's own once for each."""
        key = (kind, side, relation, person if side == "self" else "")
        if key not in self.made:
            with still_standing(self.units[relation]) as unit:
                self.made[key] = MAKERS[kind](Making(self, side, unit, person))
        return self.made[key]


@contextmanager
def still_standing(unit: Unit) -> Iterator[Unit]:
    """What lies with a dissolved unit was made while it stood."""
    ended = unit.ends_on
    ends(unit, None)
    yield unit
    ends(unit, ended)


def ends(unit: Unit, day: date | None) -> None:
    unit.ends_on = day
    unit.save(update_fields=["ends_on"])


def merged(before: Unit, after: Unit) -> None:
    Succession.objects.create(old=before, new=after, on=REFORM, is_default=True)
    Placement.objects.filter(unit=before).update(ends_on=REFORM)
    ends(before, REFORM)


@dataclass
class Making:
    """One thing on its way: the unit stands on one side of it, the other sides are far from everybody."""

    world: World
    side: str
    unit: Unit
    person: str
    token: str = field(default_factory=lambda: f"kx{secrets.token_hex(6)}")

    def on(self, side: str, far: Unit) -> Unit:
        return self.unit if self.side == side else far

    @property
    def giver(self) -> Unit:
        return self.on("giver", self.world.committee)

    @property
    def doer(self) -> Unit:
        return self.on("doer", self.world.ministry)

    @property
    def checker(self) -> Unit:
        return self.on("checker", self.world.committee)

    @property
    def later(self) -> date:
        return clock.today() + timedelta(days=400)


# Texts and the desk --------------------------------------------------------------------------------


def a_text(making: Making, **fields: Any) -> Any:
    """Kept by the unit, or far away and sent to it."""
    world = making.world
    keeper = making.on("keeper", world.committee)
    stage = SimpleNamespace(committee=keeper, office=world.office)
    sent_to = (making.unit,) if making.side == "recipient" else ()
    text = f"{SENTENCE} {making.token}"
    title = f"Conclusion {making.token}"
    return a_document(stage, text=text, title=title, recipients=sent_to, **fields)


def secret_text(making: Making) -> Thing:
    text, other = a_text(making, secrecy="confidential"), another_text(making)
    names = {
        "other": other.pk,
        "other_symbol": other.symbol,
        "address": text.provisions.first().address,
    }
    return Thing(text.pk, making.token, names)


def another_text(making: Making) -> Any:
    """One that everybody may read, kept far away."""
    world = making.world
    return a_document(SimpleNamespace(committee=world.committee, office=world.office))


def a_draft_text(making: Making) -> Any:
    """A draft, kept by the unit, or far away and sent to it for an opinion."""
    world, words = making.world, f"{SENTENCE} {making.token}"
    keeper = making.on("keeper", world.committee)
    made = lives.draft(
        keeper, by=world.office, issuer=keeper, title=f"Draft {making.token}", text=words, language="en",
        file=a_file("draft.txt", words.encode()),
    )  # fmt: skip
    asked = making.on("recipient", world.ministry)
    lives.ask_opinions(made, [asked], by=world.office, due_on=clock.today() + timedelta(days=9))
    return made


def draft_text(making: Making) -> Thing:
    annex = making.world.annex
    names = {"annex": annex.pk, "annex_name": annex.name_on(None)}
    return Thing(a_draft_text(making).pk, making.token, names)


def own_draft_text(making: Making) -> Thing:
    """One that was not sent out: it may be signed."""
    made = lives.move_on(a_draft_text(making), Status.APPRAISAL, by=making.world.office)
    return Thing(made.pk, making.token, {"today": clock.today().isoformat()})


def opinion_request(making: Making) -> Thing:
    return Thing(a_draft_text(making).opinion_requests.get().pk, making.token)


def opinion(making: Making) -> Thing:
    asked = a_draft_text(making).opinion_requests.get()
    said = lives.give_opinion(asked, by=making.world.office, words=f"Shorter {making.token}")
    return Thing(said.pk, making.token)


def relation(making: Making) -> Thing:
    made = bind(
        a_text(making, secrecy="confidential"), Bond.IMPLEMENTS, another_text(making), by=making.world.office
    )  # fmt: skip
    return Thing(made.pk, making.token)


def citation(making: Making) -> Thing:
    text, other = a_text(making, secrecy="confidential"), another_text(making)
    made = Citation.objects.create(
        document=text, start=0, end=3, symbol=other.symbol, symbol_folded=other.symbol_folded,
        suggested=Bond.BASED_ON,
    )  # fmt: skip
    return Thing(made.pk, making.token, {"other": other.pk})


def open_text(making: Making) -> Thing:
    return Thing(a_text(making).pk, making.token)


def read_text(making: Making) -> Thing:
    return Thing(a_desk(making).document_id, making.token)


def desk(making: Making) -> Thing:
    found = a_desk(making)
    return Thing(
        found.pk,
        making.token,
        {"programme": a_programme(making, making.on("keeper", making.world.committee)).pk},
    )


def a_desk(making: Making) -> Any:
    """A text read into one proposal; the unit that keeps it follows a programme."""
    world = making.world
    document = a_text(making, secrecy="confidential")
    a_programme(making, document.unit)
    found = Found("test", [(0, len(SENTENCE))])
    found.proposals = [
        Proposal(
            number=1, start=0, end=len(SENTENCE), quote=SENTENCE, work=f"Clear it {making.token}",
            lead=world.ministry, due_on=making.later,
        )
    ]  # fmt: skip
    return intake.read_document(document, by=world.office, found=found)


def a_proposal(making: Making) -> Proposal:
    row: Proposal = a_desk(making).proposals.get()
    return row


def proposal(making: Making) -> Thing:
    row = a_proposal(making)
    names = {
        "programme": a_programme(making, row.intake.document.unit).pk,
        "lead": making.world.ministry.pk,
        "lead_name": making.world.ministry.name_on(None),
        "verifier": making.world.committee.pk,
        "verifier_name": making.world.committee.name_on(None),
        "later": making.later.isoformat(),
    }
    return Thing(row.pk, making.token, names)


def refused_proposal(making: Making) -> Thing:
    row = intake.refuse(a_proposal(making), by=making.world.office, reason="No order in it")
    return Thing(row.pk, making.token)


def a_marked(making: Making, beside: Proposal) -> Proposal:
    """The first words of the text, which the office marked by hand."""
    return cutting.propose(beside.intake, by=making.world.office, start=0, end=CUT)


def marked_proposal(making: Making) -> Thing:
    return Thing(a_marked(making, a_proposal(making)).pk, making.token)


def long_proposal(making: Making) -> Thing:
    row = a_proposal(making)
    return Thing(row.pk, making.token, {"cut": CUT, "other": a_marked(making, row).pk})


def followed_proposal(making: Making) -> Thing:
    """A proposal, and a task of the same text that asks for the same."""
    row = a_proposal(making)
    task = intake.accept(
        a_marked(making, row), by=making.world.office, lead=making.world.ministry,
        programme=a_programme(making, row.intake.document.unit),
        title=f"Clear it {making.token}", due_on=making.later,
    )  # fmt: skip
    return Thing(row.pk, making.token, {"task": task.pk})


def a_programme(making: Making, unit: Unit) -> Programme:
    found = Programme.objects.filter(unit=unit, symbol="57-NQ/TW").first()
    return found or tasks.open_programme(
        unit, by=making.world.office, symbol="57-NQ/TW", title="Breakthroughs"
    )


def programme(making: Making) -> Thing:
    names = {"lead": making.world.ministry.key}
    return Thing(a_programme(making, making.unit).pk, "", names)


# Tasks and their parts -------------------------------------------------------------------------------


def a_draft(making: Making) -> Task:
    """A clear draft; its word is in every field a reader could meet."""
    lead = PartWording(
        unit=making.doer, post=a_post(making.doer), product=f"A list {making.token}",
        due_on=clock.today() + timedelta(days=20), verifier=making.checker,
    )  # fmt: skip
    return tasks.draft(
        a_programme(making, making.giver), by=making.world.office, lead=lead,
        title=f"Clear the backlog {making.token}", measure=f"records ÷ records {making.token}",
        authority=f"The minister {making.token}", responsibility=f"Answers {making.token}",
        is_key=True, quote=f"Quoted {making.token}",
    )  # fmt: skip


def names_of(task: Task, making: Making) -> dict[str, Any]:
    annex = making.world.annex
    return {
        "lead": task.lead.unit.key,
        "later": making.later.isoformat(),
        "annex": annex.key,
        "annex_pk": annex.pk,
    }


def draft(making: Making) -> Thing:
    task = a_draft(making)
    return Thing(task.pk, making.token, names_of(task, making))


def an_issued(making: Making) -> Task:
    return tasks.issue(a_draft(making), by=making.world.office)


def issued_task(making: Making) -> Thing:
    task = an_issued(making)
    return Thing(task.pk, making.token, names_of(task, making))


def graded_task(making: Making) -> Thing:
    task = a_draft(making)
    Task.objects.filter(pk=task.pk).update(secrecy="secret")
    task = tasks.issue(Task.objects.get(pk=task.pk), by=making.world.office)
    return Thing(task.pk, making.token, names_of(task, making))


def draft_part(making: Making) -> Thing:
    return Thing(a_draft(making).lead.pk, making.token)


def issued_part(making: Making) -> Thing:
    task = an_issued(making)
    return Thing(task.lead.pk, making.token, names_of(task, making))


def programme_of_somebody(making: Making) -> Thing:
    """A person whose post answers for an issued part."""
    part = an_issued(making).lead
    somebody = a_person("Somebody who answers")
    Tenure.objects.create(post=part.post, person=somebody, starts_on=FORMED)
    return Thing(somebody.pk, making.token)


def refused_part(making: Making) -> Thing:
    part = an_issued(making).lead
    tasks.refuse(part, by=making.world.doer, reason="Not ours")
    return Thing(part.pk, making.token)


def an_accepted(making: Making) -> Any:
    return tasks.accept(an_issued(making).lead, by=making.world.doer)


def accepted_part(making: Making) -> Thing:
    return Thing(an_accepted(making).pk, making.token, {"later": making.later.isoformat()})


def suspended_part(making: Making) -> Thing:
    part = tasks.suspend(an_accepted(making), by=making.world.office, reason="Floods")
    return Thing(part.pk, making.token)


def a_report(making: Making) -> Any:
    file = a_file("minutes.txt", making.token.encode())
    return tasks.report(
        an_accepted(making), by=making.world.doer, words=f"Cleared {making.token}",
        obstacle=f"Rain {making.token}", is_final=True, files=(file,),
    )  # fmt: skip


def waiting_report(making: Making) -> Thing:
    return Thing(a_report(making).pk, making.token)


def file_of_report(making: Making) -> Thing:
    return Thing(a_report(making).evidence.get().pk, making.token)


def a_lot(making: Making, over: Unit) -> Draw:
    """A lot whose period has just ended, announced while it had not."""
    today = clock.today()
    lot = lots.announce(
        over, by=making.world.office, starts_on=today, ends_on=today + timedelta(days=1),
        shares={"central": 100, "province": 100, "commune": 100, "other": 100},
    )  # fmt: skip
    days = {"starts_on": today - timedelta(days=1), "ends_on": today}
    Draw.objects.filter(pk=lot.pk).update(**days)
    lot.refresh_from_db()
    return lot


def lot_to_draw(making: Making) -> Thing:
    names = {
        "unit": making.unit.key,
        "today": clock.today().isoformat(),
        "later": making.later.isoformat(),
    }
    return Thing(a_lot(making, making.unit).pk, "", names)


def drawn_result(making: Making) -> Thing:
    """An accepted result that a lot over the whole country fell on."""
    report = a_report(making)
    tasks.verify(report, by=making.world.office)
    lot = a_lot(making, making.world.country)
    check = Check.objects.create(draw=lot, report=report, level="central", rank=1)
    return Thing(check.pk, making.token)


def request_for_a_date(making: Making) -> Thing:
    asked = tasks.ask_extension(
        an_accepted(making), by=making.world.doer, asked_on=making.later, reason=f"Floods {making.token}"
    )  # fmt: skip
    return Thing(asked.pk, making.token)


def two_parts_of_a_clause(making: Making) -> Thing:
    """Two tasks of one clause met in one unit; the second is due no later than the first."""
    clause = Provision.objects.create(
        document=a_text(making, secrecy="confidential"), position=0, address=making.token, kind="x", start=0, end=5
    )  # fmt: skip
    one, other = an_issued(making), an_issued(making)
    Task.objects.filter(pk__in=(one.pk, other.pk)).update(provision=clause)
    return Thing(one.lead.pk, making.token, {"into": other.lead.pk})


# The ground ------------------------------------------------------------------------------------------


def unit(making: Making) -> Thing:
    names = {
        "issuer_name": making.unit.name_on(None),
        "under": making.world.annex.pk,
        "under_name": making.world.annex.name_on(None),
        "today": clock.today().isoformat(),
    }
    return Thing(making.unit.pk, "", names)


def a_committee(making: Making) -> Committee:
    return seating.form_committee(
        "", {"en": f"Council {making.token}"}, by=making.world.office, beneath=making.unit, on=FORMED,
        type=Committee.Type.COUNCIL, level=Committee.Level.COMMUNE,
    )  # fmt: skip


def committee(making: Making) -> Thing:
    world = making.world
    names = {"ministry": world.ministry.pk, "ministry_name": world.ministry.name_on(None)}
    return Thing(a_committee(making).pk, making.token, {**names, **days()})


def days() -> dict[str, str]:
    today = clock.today()
    return {"today": today.isoformat(), "tomorrow": (today + timedelta(days=1)).isoformat()}


def a_seat(making: Making) -> Post:
    unit, office = a_committee(making).unit, making.world.office
    return seating.open_post(
        unit, Post.Kind.MEMBER, by=office, title=f"Seat {making.token}", on=FORMED
    )


def post(making: Making) -> Thing:
    names = {"person": making.world.doer.username, **days()}
    return Thing(a_seat(making).pk, making.token, names)


def tenure(making: Making) -> Thing:
    held = seating.appoint(making.world.doer, a_seat(making), by=making.world.office, on=FORMED)
    return Thing(held.pk, making.token, days())


# The tree changes ------------------------------------------------------------------------------------


def a_reform(making: Making, days_ago: int = 0) -> Any:
    """A unit gets another name by a reform that the office of the country prepared."""
    plan = read_plan({"units": [making.unit.pk], "names": {"en": f"Renamed {making.token}"}})
    return reforms.prepare(
        Reforming.RENAME, by=making.world.office, on=clock.today() - timedelta(days=days_ago),
        basis="202/2025/QH15", plan=plan,
    )  # fmt: skip


def prepared_reform(making: Making) -> Thing:
    reform = a_reform(making)
    names = {
        "seen": lambda: previewed(reform).fingerprint,  # it changes with whatever is made beneath
        "unit": making.unit.pk,
        "unit_name": making.unit.name_on(None),
        **days(),
    }
    return Thing(reform.pk, making.token, names)


def carried_out_reform(making: Making) -> Thing:
    reform = reforms.carry_out(a_reform(making, days_ago=9), by=making.world.founder)
    return Thing(reform.pk, making.token)


# The record ------------------------------------------------------------------------------------------


def entry_of(subject: Any) -> int:
    return int(Entry.objects.about(subject).values_list("pk", flat=True)[0])


def entry_of_a_draft(making: Making) -> Thing:
    task = a_draft(making)
    return Thing(entry_of(task), making.token, {"subject": key_of(task)})


def entry_of_an_issued_task(making: Making) -> Thing:
    task = an_issued(making)
    return Thing(entry_of(task), making.token, {"subject": key_of(task)})


def session(making: Making) -> Thing:
    """One's own session in another browser, or a colleague's."""
    if making.side == "self":
        owner = making.world.people[making.person]
    else:
        owner = a_person("Colleague")
        a_grant(Role.OFFICER, making.unit, owner)
    kept = UserSession.objects.create(
        user=owner, ip="127.0.0.1", user_agent="Another browser", session_key=making.token
    )
    return Thing(kept.pk, making.token)


def key(making: Making) -> Thing:
    """A key to the API: one's own, or a colleague's in the unit."""
    if making.side == "self":
        owner = making.world.people[making.person]
    else:
        owner = a_person("Colleague")
        a_grant(Role.OFFICER, making.unit, owner)
    token, _secret = open_token(
        owner, by=owner, name=f"Key {making.token}", expires_on=clock.today() + timedelta(days=30)
    )
    return Thing(token.pk, making.token)


def notice(making: Making) -> Thing:
    """Somebody was told of work of the unit: oneself, or a colleague."""
    world = making.world
    owner = world.people[making.person] if making.side == "self" else a_person("Colleague")
    part = an_issued(replace(making, side="doer")).lead
    row = Notice.objects.create(
        person=owner, key=making.token, kind="due", part=part, due_on=part.due_on, stage=-7,
        at=clock.now(),
    )  # fmt: skip
    return Thing(row.pk, making.token)


def calendar(making: Making) -> Thing:
    """An address of deadlines: one's own, or a colleague's."""
    world = making.world
    owner = world.people[making.person] if making.side == "self" else a_person("Colleague")
    row, secret = open_calendar(owner, by=owner, name=f"Calendar {making.token}")
    return Thing(row.pk, making.token, {"secret": secret})


def webhook(making: Making) -> Thing:
    """A webhook of the unit, with a message that was given up."""
    world = making.world
    task = an_issued(replace(making, side="far"))
    row = Hook.objects.create(
        unit=making.unit, owner=world.office, name=f"Portal {making.token}",
        address="https://connect.tiendo.example/", acts=["tasks.issued"], seed=making.token,
        connected_at=clock.now(),
    )  # fmt: skip
    entry = Entry.objects.about(task).last()
    sent = Delivery.objects.create(
        hook=row, entry=entry, due_at=clock.now(), state="given_up", ended_at=clock.now()
    )
    return Thing(row.pk, making.token, {"delivery": str(sent.pk), "unit": making.unit.pk})


def a_colleague(making: Making, role: Role | None = Role.OFFICER) -> Person:
    """Somebody of the unit, named and written to by the thing's word."""
    somebody = a_person(f"Colleague {making.token}")
    Person.objects.filter(pk=somebody.pk).update(email=f"{making.token}@example.org")
    if role:
        a_grant(role, making.unit, somebody)
    return somebody


def person_names(making: Making, somebody: Person) -> dict[str, Any]:
    return {
        "username": somebody.username,
        "unit": making.unit.pk,
        "unit_name": making.unit.name_on(None),
        "today": clock.today().isoformat(),
        "later": making.later.isoformat(),
    }


def colleague(making: Making) -> Thing:
    somebody = a_colleague(making)
    return Thing(somebody.pk, making.token, person_names(making, somebody))


def adviser(making: Making) -> Thing:
    somebody = a_colleague(making, Role.EXPERT)
    return Thing(somebody.pk, making.token, person_names(making, somebody))


def closed_account(making: Making) -> Thing:
    somebody = a_colleague(making)
    Person.objects.filter(pk=somebody.pk).update(is_active=False)
    return Thing(somebody.pk, making.token, person_names(making, somebody))


def role_of_a_colleague(making: Making) -> Thing:
    return Thing(Grant.objects.get(person=a_colleague(making)).pk, making.token)


def empty_post(making: Making) -> Thing:
    post = a_post(making.unit, f"Clerk {making.token}")
    return Thing(post.pk, making.token, person_names(making, a_colleague(making, None)))


def post_with_a_role(making: Making) -> Thing:
    post = a_post(making.unit, f"Clerk {making.token}")
    Grant.objects.create(role=Role.OFFICER, unit=making.unit, post=post, starts_on=date(2020, 1, 1))
    return Thing(post.pk, making.token, person_names(making, a_colleague(making, None)))


def delegation(making: Making) -> Thing:
    post = Post.objects.get(pk=post_with_a_role(making).pk)
    row = Delegation.objects.create(
        post=post, deputy=a_person(f"Deputy {making.token}"), given_by=making.world.office,
        reason="Away", starts_on=date(2020, 1, 1), ends_on=making.later,
    )  # fmt: skip
    return Thing(row.pk, making.token)


def invitation(making: Making) -> Thing:
    row = invitations.invite(
        Role.OFFICER, making.unit, by=making.world.office, house="https://tiendo.example/",
        email=f"{making.token}@example.org",
    )  # fmt: skip
    return Thing(row.pk, making.token, {"secret": row.secret()})


def sheet(making: Making) -> Thing:
    row = Sheet.objects.create(
        name=f"{making.token}.xlsx", root="0" * 64, rows=[[making.token]], path=making.unit.path,
        by=making.world.office, at=clock.now(),
    )  # fmt: skip
    return Thing(row.pk, making.token)


MAKERS: dict[str, Callable[[Making], Thing]] = {
    "secret text": secret_text,
    "open text": open_text,
    "relation": relation,
    "citation": citation,
    "draft text": draft_text,
    "draft of its own": own_draft_text,
    "request for an opinion": opinion_request,
    "opinion": opinion,
    "read text": read_text,
    "desk": desk,
    "proposal": proposal,
    "refused proposal": refused_proposal,
    "marked proposal": marked_proposal,
    "long proposal": long_proposal,
    "followed proposal": followed_proposal,
    "programme": programme,
    "draft": draft,
    "issued task": issued_task,
    "graded task": graded_task,
    "somebody's programme": programme_of_somebody,
    "lot": lot_to_draw,
    "drawn result": drawn_result,
    "draft part": draft_part,
    "issued part": issued_part,
    "refused part": refused_part,
    "accepted part": accepted_part,
    "suspended part": suspended_part,
    "report": waiting_report,
    "file of a report": file_of_report,
    "request for a date": request_for_a_date,
    "two parts of a clause": two_parts_of_a_clause,
    "unit": unit,
    "committee": committee,
    "post": post,
    "tenure": tenure,
    "reform": prepared_reform,
    "carried out reform": carried_out_reform,
    "entry of a draft": entry_of_a_draft,
    "entry of an issued task": entry_of_an_issued_task,
    "key": key,
    "notice": notice,
    "calendar": calendar,
    "webhook": webhook,
    "colleague": colleague,
    "adviser": adviser,
    "closed account": closed_account,
    "role": role_of_a_colleague,
    "empty post": empty_post,
    "post with a role": post_with_a_role,
    "delegation": delegation,
    "invitation": invitation,
    "sheet": sheet,
    "session": session,
}
# The sides a thing may be looked at from: who stands there is the unit, the other sides are far away.
SIDES = ("giver", "doer", "checker", "keeper", "recipient", "self", "")
