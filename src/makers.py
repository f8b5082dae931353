"""Makers for tests: a cast with defaults. They build through actions wherever history matters."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.documents.actions import register
from tiendo.documents.files import Kept, keep
from tiendo.documents.models import Document
from tiendo.kit import clock
from tiendo.orgs.models import Kind, Placement, Post, Unit, UnitName
from tiendo.people.models import Person
from tiendo.tasks import actions
from tiendo.tasks.actions import PartWording
from tiendo.tasks.models import Programme, Report, Task

BEGINNING = date(2000, 1, 1)
_numbers = count(1)


def a_unit(
    name: str = "Ministry of Rivers", *, under: Unit | None = None, kind: str = Kind.MINISTRY
) -> Unit:
    """A unit with its name and its place, under another or as a root."""
    number = next(_numbers)
    unit = Unit.objects.create(key=f"test.{number}", kind=kind, begins_on=BEGINNING)
    unit.path = f"{under.path if under else ''}{unit.pk}/"
    unit.save(update_fields=["path"])
    Placement.objects.create(unit=unit, parent=under, path=unit.path, starts_on=BEGINNING)
    for language in ("vi", "en"):
        UnitName.objects.create(
            unit=unit, language=language, text=name, folded=name.casefold(), starts_on=BEGINNING
        )
    return unit


def a_person(
    name: str = "Lan Nguyễn", *, role: Role | None = None, over: Unit | None = None
) -> Person:
    """Somebody who may sign in, with one role over one node if named."""
    person = Person(username=f"person-{next(_numbers)}", name=name)
    person.set_password("correct horse battery staple")
    person.save()
    if role is not None:
        a_grant(role, over or a_unit(), person)
    return person


def a_grant(role: Role, over: Unit, person: Person, **dates: Any) -> Grant:
    return Grant.objects.create(
        role=role, unit=over, person=person, **{"starts_on": BEGINNING, **dates}
    )


def a_post(unit: Unit, title: str = "Head") -> Post:
    return Post.objects.create(unit=unit, kind=Post.Kind.HEAD, title=title)


def a_file(name: str = "minutes.pdf", content: bytes = b"%PDF-1.7 minutes") -> Kept:
    return keep(content, name)


def nobody_needs_a_second_factor(person: Person) -> bool:
    return False


class Cast:
    """A small country: a steering committee, two ministries beneath the State, a province apart, and their people."""

    def __init__(self) -> None:
        self.country = a_unit("Country", kind=Kind.COUNTRY)
        self.committee = a_unit("Steering Committee", under=self.country, kind=Kind.COMMITTEE)
        self.ministry = a_unit("Ministry of Rivers", under=self.country)
        self.other_ministry = a_unit("Ministry of Roads", under=self.country)
        self.province = a_unit("Hill Province", under=self.country, kind=Kind.PROVINCE)
        self.office = a_person("Office Hoa", role=Role.STANDING_OFFICE, over=self.country)
        self.committee_head = a_person("Head Minh", role=Role.COMMITTEE_HEAD, over=self.country)
        self.lead = a_person("Lead Nam", role=Role.UNIT_HEAD, over=self.ministry)
        self.officer = a_person("Officer Mai", role=Role.OFFICER, over=self.ministry)
        self.verifier = a_person("Verifier Tuấn", role=Role.VERIFIER, over=self.committee)
        self.stranger = a_person("Stranger Phúc", role=Role.UNIT_HEAD, over=self.province)
        self.inspector = a_person("Inspector Quý", role=Role.INSPECTOR, over=self.country)
        self.nobody = a_person("Nobody")


def a_programme(cast: Cast, symbol: str = "57-NQ/TW") -> Programme:
    found = Programme.objects.filter(unit=cast.committee, symbol=symbol).first()
    return found or actions.open_programme(
        cast.committee, by=cast.office, symbol=symbol, title="Breakthroughs"
    )


def a_document(
    cast: Cast, text: str = "The Ministry of Rivers shall report.", **fields: Any
) -> Document:
    given: dict[str, Any] = {
        "issuer": cast.committee,
        "title": "Conclusion of the session",
        "language": "en",
        "issued_on": date(2025, 1, 20),
        "symbol": f"{next(_numbers)}-KL/TW",
        "file": a_file("conclusion.txt", text.encode()),
    }
    return register(cast.committee, by=cast.office, text=text, **{**given, **fields})


def a_draft(
    cast: Cast, *, title: str = "Clear the paper backlog", due_in: int = 30, **wording: Any
) -> Task:
    """A clear draft whose lead is the ministry, verified by the committee."""
    given = {
        "measure": "records cleared ÷ records at the start",
        "authority": "The minister signs",
        "responsibility": "Answers to the committee",
    }
    lead = PartWording(
        unit=wording.pop("unit", cast.ministry),
        post=a_post(cast.ministry),
        product="A signed list of the records",
        due_on=wording.pop("due_on", clock.today() + timedelta(days=due_in)),
        verifier=cast.committee,
    )
    return actions.draft(
        a_programme(cast), by=cast.office, title=title, lead=lead, **{**given, **wording}
    )


def an_issued(cast: Cast, **wording: Any) -> Task:
    return actions.issue(a_draft(cast, **wording), by=cast.office)


def an_accepted(cast: Cast, **wording: Any) -> Task:
    task = an_issued(cast, **wording)
    actions.accept(task.lead, by=cast.lead)
    return task


def a_submission(cast: Cast, task: Task | None = None) -> Report:
    """A final report with its evidence, waiting for a verdict."""
    task = task or an_accepted(cast)
    return actions.report(
        task.lead, by=cast.lead, words="All records are cleared.", is_final=True, files=(a_file(),)
    )
