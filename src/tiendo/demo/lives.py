"""The life of one task of the story, beat by beat."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings

from tiendo.documents.files import keep
from tiendo.intake.actions import accept as accept_proposal
from tiendo.intake.models import Proposal
from tiendo.kit import clock
from tiendo.orgs.models import Unit
from tiendo.people.models import Person
from tiendo.tasks import actions, turns
from tiendo.tasks.actions import PartWording
from tiendo.tasks.actions_beneath import Asked, break_down, give
from tiendo.tasks.models import Extension, Part, Programme, Report, Sector, Task
from tiendo.tasks.sets import units_of
from tiendo.tasks.states import ReturnReason

Beat = tuple[datetime, Callable[[], Any]]


class Stage(Protocol):
    """What a life asks of the story around it."""

    people: dict[str, Person]
    programmes: dict[str, Programme]

    def unit(self, key: str) -> Unit: ...

    def proposal(self, document: str, phrase: str) -> Proposal: ...


class Lives:
    """Each word of a life (`draft`, `issue`, `report`…) is one method, and one action."""

    def __init__(self, story: Stage, given: dict[str, Any]) -> None:
        self.story = story
        self.given = given
        self.task: Task | None = None

    def beats(self) -> list[Beat]:
        return [
            (
                datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(settings.TIME_ZONE)),
                partial(self.live, word, who, *rest),
            )
            for at, word, who, *rest in self.given["life"]
        ]

    def live(self, word: str, who: str, *rest: Any) -> None:
        getattr(self, word)(self.story.people[who], *rest)

    def draft(self, by: Person) -> None:
        given = self.given
        programme = self.story.programmes[given["programme"]]
        wording: dict[str, Any] = {
            "title": given["title"],
            "measure": given["measure"],
            "authority": given["authority"],
            "responsibility": "Chịu trách nhiệm trước Ban Chỉ đạo" if given["authority"] else "",
            "is_key": given.get("key", False),
            **{
                name: given[name]
                for name in ("legal_base", "acceptance", "secrecy")
                if name in given
            },
        }
        if "sector" in given:
            wording["sector"] = Sector.objects.get(code=given["sector"])
        lead = self.part_wording(given["lead"], given)
        if "from_text" in given:
            proposal = self.story.proposal(given["document"], given["from_text"])
            self.task = accept_proposal(
                proposal,
                by=by,
                programme=programme,
                lead=lead.unit,
                product=lead.product,
                due_on=lead.due_on,
                cycle=lead.cycle,
                **wording,
            )
            for helper in given.get("with", []):
                actions.bring_in(self.task, self.part_wording(helper["unit"], helper), by=by)
        else:
            helpers = tuple(self.part_wording(h["unit"], h) for h in given.get("with", []))
            self.task = actions.draft(programme, by=by, lead=lead, co_parts=helpers, **wording)

    def part_wording(self, unit: str, given: dict[str, Any]) -> PartWording:
        owner = self.story.unit(unit)
        return PartWording(
            unit=owner,
            by_head=True,
            product=given["product"],
            due_on=given.get("due_on"),
            cycle=given.get("cycle", ""),
            verifier=self.story.unit(given["verifier"]) if "verifier" in given else None,
        )

    def give(self, by: Person, chosen: str, within: str, due_on: Any = None) -> None:
        units = units_of(chosen, clock.today(), within=self.story.unit(within))
        give(self.fresh(), list(units), by=by, asked=Asked(due_on=due_on), chosen=chosen)

    def beneath(self, by: Person, unit: str, act: str, *rest: Any) -> None:
        """What somebody does with the task of one unit beneath: `accept`, or a report."""
        part = Part.objects.get(task__above=self.fresh(), unit__key=unit)
        if act == "accept":
            actions.accept(part, by=by)
        else:
            words, amount, out_of, final = rest
            paper = keep(f"{words}\n".encode(), "bien-ban.txt")
            actions.report(
                part, by=by, words=words, amount=Decimal(amount), out_of=Decimal(out_of),
                is_final=final, files=(paper,) if final else (),
            )  # fmt: skip

    def break_down(self, by: Person, unit: str, title: str, product: str, due_on: Any) -> None:
        task = self.fresh()
        beneath = break_down(
            task, by=by, title=title, measure=task.measure, authority=task.authority,
            responsibility=task.responsibility,
            lead=PartWording(
                unit=self.story.unit(unit), by_head=True, product=product, due_on=due_on
            ),
        )  # fmt: skip
        actions.issue(beneath, by=by)

    def roll(self, by: Person) -> None:
        """The night's job: each month's turn of what repeats."""
        turns.roll()

    def issue(self, by: Person) -> None:
        actions.issue(self.fresh(), by=by)

    def receive(self, by: Person) -> None:
        actions.receive(self.part(), by=by)

    def accept(self, by: Person, unit: str = "") -> None:
        actions.accept(self.part(unit), by=by)

    def refuse(self, by: Person, reason: str) -> None:
        actions.refuse(self.part(), by=by, reason=reason)

    def report(
        self,
        by: Person,
        words: str,
        amount: float,
        out_of: float,
        unit: str = "",
        final: bool = False,
    ) -> None:
        number = self.part(unit).reports.count() + 1
        paper = f"{words}\n\n(Minh chứng của dữ liệu minh họa, báo cáo số {number}.)\n"
        actions.report(
            self.part(unit),
            by=by,
            words=words,
            amount=Decimal(str(amount)),
            out_of=Decimal(str(out_of)),
            is_final=final,
            files=(keep(paper.encode(), f"bao-cao-{number}.txt"),) if final else (),
        )

    def submit(self, by: Person, words: str, amount: float, out_of: float, unit: str = "") -> None:
        self.report(by, words, amount, out_of, unit, final=True)

    def verify(self, by: Person, note: str, unit: str = "") -> None:
        actions.verify(self.newest(unit), by=by, note=note)

    def send_back(self, by: Person, reason: str, note: str) -> None:
        actions.send_back(self.newest(), by=by, reason=ReturnReason(reason), note=note)

    def ask(self, by: Person, asked_on: Any, reason: str) -> None:
        actions.ask_extension(self.part(), by=by, asked_on=asked_on, reason=reason)

    def grant(self, by: Person, note: str) -> None:
        actions.decide_extension(self.waiting(), by=by, granted=True, note=note)

    def decline(self, by: Person, note: str) -> None:
        actions.decide_extension(self.waiting(), by=by, granted=False, note=note)

    def drop(self, by: Person, reason: str) -> None:
        actions.drop(self.fresh(), by=by, reason=reason)

    def transfer(self, by: Person, unit: str, reason: str) -> None:
        actions.transfer(self.part(), self.story.unit(unit), by=by, reason=reason)

    def suspend(self, by: Person, reason: str) -> None:
        actions.suspend(self.part(), by=by, reason=reason)

    # What the words speak of ----------------------------------------------------------------------

    def fresh(self) -> Task:
        if self.task is None:
            raise LookupError(f"{self.given['title']} has not been drafted yet")
        return Task.objects.get(pk=self.task.pk)

    def part(self, unit: str = "") -> Part:
        return Part.objects.get(task=self.fresh(), unit__key=unit or self.given["lead"])

    def newest(self, unit: str = "") -> Report:
        return Report.objects.filter(part=self.part(unit)).latest("number")

    def waiting(self) -> Extension:
        return Extension.objects.get(part=self.part(), granted__isnull=True)
