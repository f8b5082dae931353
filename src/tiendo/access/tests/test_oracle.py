"""Two hundred thousand questions, asked of the house and of a slow second implementation: no answer may differ."""

import pytest

from makers import a_file, a_grant, a_person
from tiendo.access.capabilities import ALLOWED, Role
from tiendo.access.subjects import subject_of
from tiendo.access.tests.oracle import Oracle
from tiendo.access.tests.world import World
from tiendo.access.why import why
from tiendo.documents.models import Document
from tiendo.kit import clock
from tiendo.kit.permission import can, roots
from tiendo.ledger.models import key_of
from tiendo.tasks.models import Part, Programme, Task

QUESTIONS = 200_000
WORLDS = 3


def asked_once(people):
    """As in a request: the tables are asked once for each person."""
    for person in people:
        person.roots_asked = {}
    return people


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(WORLDS))
def test_two_hundred_thousand_random_questions_have_one_answer(seed):
    world = World(seed)
    oracle, people = Oracle(world.today), asked_once(world.people)
    known, yes = {}, 0
    for _ in range(QUESTIONS // WORLDS + 1):
        person, unit = world.one(people), world.one(world.units)
        capability = world.one(CAPABILITIES)
        question = (person.pk, capability, unit.pk)
        if question not in known:
            known[question] = oracle.may(person, capability, unit.pk)
        said = can(person, capability, unit)
        assert said == known[question], (person, capability, unit.path)
        yes += said
    assert (
        yes > QUESTIONS // WORLDS // 50
    )  # the world asks what has an answer, not only what has none


CAPABILITIES = sorted(ALLOWED)


@pytest.mark.django_db
def test_the_reason_and_the_answer_agree():
    world = World(7, units=40, people=25, grants=60)
    people = asked_once(world.people)
    for _ in range(3_000):
        person, unit = world.one(people), world.one(world.units)
        capability = world.one(CAPABILITIES)
        may = can(person, capability, unit)
        told = why(person, capability, unit)
        assert told.may == may
        assert bool(told.ways) == may
        assert bool(told.missing) == (not may)


@pytest.mark.django_db
def test_every_list_shows_what_the_oracle_lets_see():
    world = World(11, units=40, people=25, grants=70)
    oracle = Oracle(world.today)
    texts, tasks = some_texts(world), some_tasks(world)
    for person in asked_once(world.people):

        def may(capability, *units, who=person):
            return any(oracle.may(who, capability, unit) for unit in units)

        seen = set(Document.objects.visible_to(person).values_list("pk", flat=True))
        assert seen == {
            text.pk
            for text, keeper, recipients in texts
            if (text.status != "draft" and text.secrecy == "open")
            or may("documents.view", keeper, *recipients)
        }
        seen = set(Task.objects.visible_to(person).values_list("pk", flat=True))
        assert seen == {
            task.pk
            for task, owner, others in tasks
            if may("tasks.view", owner, *(others if task.issued_on else ()))
        }
        parts = set(Part.objects.visible_to(person).values_list("task", flat=True))
        assert parts == seen  # one part each: who sees the one sees the other
        for capability in CAPABILITIES:
            for unit in world.units:
                beneath = unit.path.startswith(roots(person, capability))
                assert beneath == oracle.may(person, capability, unit.pk)


def some_texts(world):
    """(text, keeper, recipients): drafts and in force, graded and open."""
    clerk, made = a_person("Clerk"), []
    for number in range(60):
        keeper = world.one(world.units)
        text = Document.objects.create(
            unit=keeper, issuer=keeper, year=2025, title="T", issued_on=world.today,
            language="vi", text="x", symbol_folded=str(number), file_hash="0" * 64,
            file_name=a_file().name, file_size=1, registered_by=clerk, registered_at=clock.now(),
            status=world.one(["draft", "in_force", "expired"]),
            secrecy=world.one(["open", "confidential"]),
        )  # fmt: skip
        recipients = world.chance.sample(world.units, world.one([0, 1, 3]))
        text.recipients.set(recipients)
        made.append((text, keeper.pk, [unit.pk for unit in recipients]))
    return made


def some_tasks(world):
    """(task, owner, the units of its part): drafts and issued."""
    made = []
    for number in range(60):
        owner, doer, verifier = world.chance.sample(world.units, 3)
        programme, _made = Programme.objects.get_or_create(unit=owner, symbol="P", title="P")
        task = Task.objects.create(
            programme=programme, number=number, unit=owner, title="T",
            issued_on=world.one([None, world.today]),
        )  # fmt: skip
        Part.objects.create(task=task, role="lead", unit=doer, verifier=verifier)
        made.append((task, owner.pk, [doer.pk, verifier.pk]))
    return made


@pytest.mark.django_db
def test_a_subject_tells_why_it_is_seen_exactly_when_it_is_seen():
    world = World(13, units=40, people=20, grants=60)
    somebody = a_person("Sees all", role=Role.INSPECTOR, over=world.units[0])
    things = [text for text, *_ in some_texts(world)] + [task for task, *_ in some_tasks(world)]
    for unit in world.units:
        a_grant(Role.INSPECTOR, unit, somebody)
    (somebody,) = asked_once([somebody])
    for thing in things:
        subject = subject_of(key_of(thing), somebody)
        for person in world.chance.sample(asked_once(world.people), 6):
            seen = type(thing).objects.visible_to(person).filter(pk=thing.pk).exists()
            told = subject.is_open or any(
                why(person, subject.capability, place).may for place in subject.places
            )
            assert told == seen
