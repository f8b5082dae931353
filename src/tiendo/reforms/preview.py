"""What will move: asked of every room, never stored. Carrying out does exactly this, or refuses."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from django.utils.translation import gettext as _

from tiendo.access import estate as roles
from tiendo.access.capabilities import Role
from tiendo.documents import estate as texts
from tiendo.intake import estate as proposals
from tiendo.intake.models import Proposal
from tiendo.orgs import estate as seats
from tiendo.orgs.models import Unit
from tiendo.orgs.takeovers import Ending
from tiendo.reforms.changes import Changes, changes_of
from tiendo.reforms.models import Reform
from tiendo.reforms.plan import Plan, read_plan
from tiendo.reforms.states import Kind
from tiendo.reforms.units import units_of
from tiendo.tasks import estate as work

NO_ROLE = "-"  # the answer that a role ends with its unit


@dataclass(frozen=True)
class Option:
    """One answer to a conflict."""

    value: str
    words: str


@dataclass(frozen=True)
class Conflict:
    """What stands in the way, in words; `name` and `options` when a choice settles it."""

    words: str
    name: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Preview:
    """Everything a reform will do, room by room."""

    on: date
    plan: Plan
    units: Mapping[int, Unit]
    changes: Changes
    seats: seats.Estate
    roles: roles.Estate
    work: work.Estate
    proposals: list[Proposal]

    @property
    def endings(self) -> list[Ending]:
        return self.changes.endings

    @property
    def ended(self) -> list[Unit]:
        return [ending.unit for ending in self.endings]

    @cached_property
    def conflicts(self) -> list[Conflict]:
        return [*hindrances(self), *head_clashes(self), *verifier_clashes(self)]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each; what carrying out will say it did."""
        return {
            "ended": len(self.endings),
            "founded": len(self.plan.new),
            "steps": len(self.changes.steps),
            "moved": len(self.changes.paths),
            "parts": len(self.work.passing),
            "drafts": len(self.work.readdressed),
            "waiting": len(self.work.waiting),
            "verifiers": len(self.work.verified_by_another),
            "grants": len(self.roles.bequests),
            "tenures": len(self.seats.tenures),
            "never_begin": len(self.seats.never_begin),
            "posts": len(self.seats.posts),
            "people": self.seats.people,
            "committees": len(self.seats.offices) + len(self.seats.served),
            "proposals": len(self.proposals),
        }

    @property
    def staying(self) -> dict[str, int]:
        """What stays where it is; heirs reach it."""
        return {
            "documents": texts.kept(self.ended).count(),
            "programmes": work.programmes(self.ended).count(),
            "given": work.given(self.ended).count(),
            "done": work.done(self.ended).count(),
        }

    @cached_property
    def fingerprint(self) -> str:
        """Changes when anything that would move changes, so that nobody carries out what they have not seen."""
        told = [
            [[e.unit.pk, [h.unit.pk for h in e.heirs], e.told.value] for e in self.endings],
            [[s.unit.pk, s.act, s.words, s.told] for s in self.changes.steps],
            sorted(self.changes.paths.items()),
            [
                [b.part.pk, b.part.status, b.unit.pk, b.verifier.pk]
                for b in self.work.bequests
            ],
            [[b.grant.pk, b.unit.pk, b.role, [p.pk for p in b.holders]] for b in self.roles.bequests],
            [t.pk for t in (*self.seats.tenures, *self.seats.never_begin)],
            [post.pk for post in self.seats.posts],
            [proposal.pk for proposal in self.proposals],
            [conflict.words for conflict in self.conflicts],
        ]  # fmt: skip
        return sha256(json.dumps(told).encode()).hexdigest()[:20]


def previewed(reform: Reform) -> Preview:
    return preview_of(Kind(reform.kind), read_plan(reform.plan), reform.on)


def preview_of(
    kind: Kind, plan: Plan, on: date, units: Mapping[int, Unit] | None = None
) -> Preview:
    known = dict(units or units_of(plan, on))
    changes = changes_of(kind, plan, known, on)
    endings = changes.endings
    tree = work.afterwards(endings, changes.paths)
    return Preview(
        on=on,
        plan=plan,
        units=known,
        changes=changes,
        seats=seats.estate(endings, on),
        roles=roles.estate(endings, on, chosen_roles(plan, known)),
        work=work.estate(
            tree,
            heirs={pk: known[to] for pk, to in plan.parts.items()},
            verifiers={pk: known[to] for pk, to in plan.verifiers.items()},
        ),
        proposals=proposals.estate(endings),
    )


def chosen_roles(plan: Plan, units: Mapping[int, Unit]) -> dict[int, roles.Choice]:
    return {
        pk: roles.Choice(one.role, None if one.unit is None else units[one.unit])
        for pk, one in plan.grants.items()
    }


# ---------------------------------------------------------------- conflicts, in words
def hindrances(preview: Preview) -> Iterator[Conflict]:
    for words in dict.fromkeys(one.words for one in preview.changes.hindrances):
        yield Conflict(words)


def head_clashes(preview: Preview) -> Iterator[Conflict]:
    for clash in preview.roles.clashes:
        one = clash.bequest
        said = _(
            "%(heir)s would have more than one “%(role)s”: %(newcomer)s beside %(others)s. "
            "Choose what %(newcomer)s becomes."
        ) % {
            "heir": one.unit.name_on(preview.on),
            "role": Role(one.grant.role).label,
            "newcomer": ", ".join(str(person) for person in one.holders),
            "others": ", ".join(clash.others),
        }
        options = tuple(Option(role or NO_ROLE, becomes(role)) for role in one.may_become)
        yield Conflict(said, f"grant-{one.grant.pk}", options)


def becomes(role: str) -> str:
    return str(Role(role).label) if role else _("The role ends")


def verifier_clashes(preview: Preview) -> Iterator[Conflict]:
    for clash in preview.work.clashes:
        part = clash.bequest.part
        said = _(
            "Task %(number)s of %(programme)s: %(verifier)s would verify what %(doer)s does, and does not stand outside it. "
            "Choose who verifies."
        ) % {
            "number": part.task.number,
            "programme": part.task.programme.symbol,
            "verifier": clash.bequest.verifier.name_on(preview.on),
            "doer": clash.bequest.unit.name_on(preview.on),
        }
        options = tuple(Option(str(u.pk), u.name_on(preview.on)) for u in clash.offered)
        yield Conflict(said, f"verifier-{part.pk}", options)
