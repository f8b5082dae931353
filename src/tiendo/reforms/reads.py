"""What a reform's page tells: lines of what moves, each opening into its rows; by the preview, then by what was done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.documents import estate as texts
from tiendo.documents.models import Document
from tiendo.intake.models import Proposal
from tiendo.kit.permission import can
from tiendo.orgs.models import Post, Tenure, Unit
from tiendo.orgs.portrait import PLACES
from tiendo.orgs.takeovers import Told
from tiendo.reforms.models import Reform
from tiendo.reforms.plan import read_plan
from tiendo.reforms.preview import Preview
from tiendo.reforms.states import Kind
from tiendo.reforms.units import planned, units_of
from tiendo.tasks import estate as work
from tiendo.tasks.models import Part, Task

FIRST = 5  # names told beside a number


@dataclass(frozen=True)
class Row:
    """One thing that moves, or stays."""

    words: str
    beside: str = ""
    url: str = ""


@dataclass(frozen=True)
class Line:
    """How many of one kind, in words, and where their list opens."""

    what: str
    words: str


def title_of(reform: Reform, units: dict[int, Unit] | None = None) -> str:
    """“Hà Giang → Tuyên Quang”, “Hà Giang: another name”, “District · Việt Nam”."""
    plan = read_plan(reform.plan)
    known = units if units is not None else units_of(plan, reform.on)
    names = [known[pk].short_name_on(None) for pk in plan.units]
    goals = [known[heir.unit].short_name_on(None) for heir in plan.heirs]
    if plan.beneath is not None:
        goals.append(known[plan.beneath].short_name_on(None))
    if reform.kind == Kind.ABOLISH and plan.level is not None:
        names = [str(plan.level.label)]
    if plan.becomes is not None:
        goals.append(str(plan.becomes.label))
    goals += [*plan.names.values(), *([plan.code] if plan.code else [])]
    return f"{shortly(names)} → {shortly(goals)}"


def shortly(names: list[str]) -> str:
    return ", ".join(names[:FIRST]) + (" …" if len(names) > FIRST else "")


def titled(reforms: Iterable[Reform]) -> list[tuple[Reform, str]]:
    """Reforms with their titles; the units of all of them are asked for at once."""
    rows = list(reforms)
    plans = {row.pk: read_plan(row.plan) for row in rows}
    numbers = {pk for plan in plans.values() for pk in plan.units_named()}
    units: dict[int, Unit] = Unit.objects.with_names().in_bulk(numbers)
    return [(row, title_of(row, with_planned(units, plans[row.pk], row))) for row in rows]


def with_planned(units: dict[int, Unit], plan: Any, reform: Reform) -> dict[int, Unit]:
    new = {
        -place: planned(one, -place, units[one.beneath], reform.on)
        for place, one in enumerate(plan.new, start=1)
    }
    return units | new


# ---------------------------------------------------------------- lines
WORDS: dict[str, Callable[[int], str]] = {
    "founded": lambda n: ngettext("%(n)s unit is founded", "%(n)s units are founded", n),
    "moved": lambda n: ngettext(
        "%(n)s unit gets another place in the tree",
        "%(n)s units get another place in the tree",
        n,
    ),
    "parts": lambda n: ngettext(
        "%(n)s open part passes to its heir", "%(n)s open parts pass to their heirs", n
    ),
    "drafts": lambda n: ngettext("%(n)s draft names its heir", "%(n)s drafts name their heirs", n),
    "waiting": lambda n: ngettext(
        "%(n)s report waits: it is judged where it was sent, and passes on if it comes back",
        "%(n)s reports wait: they are judged where they were sent, and pass on if they come back",
        n,
    ),
    "verifiers": lambda n: ngettext(
        "%(n)s part is verified by another unit", "%(n)s parts are verified by another unit", n
    ),
    "grants": lambda n: ngettext("%(n)s role passes on or ends", "%(n)s roles pass on or end", n),
    "tenures": lambda n: ngettext(
        "%(n)s tenure of a post ends; the person stays",
        "%(n)s tenures of posts end; the people stay",
        n,
    ),
    "never_begin": lambda n: ngettext(
        "%(n)s appointment never begins", "%(n)s appointments never begin", n
    ),
    "posts": lambda n: ngettext("%(n)s post closes", "%(n)s posts close", n),
    "committees": lambda n: ngettext(
        "%(n)s committee names the heir", "%(n)s committees name the heir", n
    ),
    "proposals": lambda n: ngettext(
        "%(n)s proposal that waits is offered to the heir",
        "%(n)s proposals that wait are offered to the heir",
        n,
    ),
}
STAYING: dict[str, Callable[[int], str]] = {
    "done": lambda n: ngettext(
        "%(n)s finished part stays with who did it",
        "%(n)s finished parts stay with who did them",
        n,
    ),
    "given": lambda n: ngettext(
        "%(n)s task given stays in its programme", "%(n)s tasks given stay in their programmes", n
    ),
    "programmes": lambda n: ngettext("%(n)s programme stays", "%(n)s programmes stay", n),
    "documents": lambda n: ngettext(
        "%(n)s text stays in its register", "%(n)s texts stay in their registers", n
    ),
}
PLAIN = {
    "founded",
    "never_begin",
    "committees",
    "moved",
    "programmes",
}  # too plain to open into rows of their own


def lines(counts: dict[str, int]) -> list[Line]:
    """What moves, leaving out what does not."""
    return told(WORDS, counts)


def staying(counts: dict[str, int]) -> list[Line]:
    return told(STAYING, counts)


def told(words: dict[str, Callable[[int], str]], counts: dict[str, int]) -> list[Line]:
    return [
        Line(what, say(n) % {"n": format_decimal(n, locale=get_language() or "en")})
        for what, say in words.items()
        if (n := counts.get(what, 0))
    ]


# ---------------------------------------------------------------- the tree, one unit a line
@dataclass(frozen=True)
class EndingTold:
    """A unit that ends, who takes over, and whether the tree said so before."""

    unit: Unit
    heirs: list[tuple[Unit, Any]]
    told: bool


TREE_FIRST = 8  # endings told on the page itself


def plainest(rows: list[EndingTold], plan: Any) -> list[EndingTold]:
    """Those the plan names first, then organs, then the communes and districts that ended with them."""
    return sorted(
        rows, key=lambda row: (row.unit.pk not in plan.units, row.unit.kind in PLACES, row.unit.pk)
    )


def endings_of(preview: Preview) -> list[EndingTold]:
    return [
        EndingTold(e.unit, [(h.unit, h.share) for h in e.heirs], e.told == Told.WHOLLY)
        for e in preview.endings
    ]


def endings_done(reform: Reform) -> list[EndingTold]:
    rows = reform.outcome.get("endings", [])
    numbers = {pk for old, heirs, _told in rows for pk in (old, *(heir for heir, _share in heirs))}
    units = Unit.objects.in_bulk(numbers)
    return [
        EndingTold(units[old], [(units[pk], share) for pk, share in heirs], told == Told.WHOLLY)
        for old, heirs, told in rows
    ]


# ---------------------------------------------------------------- rows behind a number
def rows_of(
    what: str, reform: Reform, person: Any, preview: Preview | None
) -> Sequence[Row] | None:
    """The rows of one line, as far as the person may see them; nothing for a list there is not."""
    builder = ROWS.get(what)
    if builder is None:
        return None
    return builder(reform, person, preview)


class Shown(Sequence[Row]):
    """The endings as rows; only those of the page asked for are named, for a level may have hundreds."""

    def __init__(self, endings: Sequence[EndingTold]) -> None:
        self.endings = endings

    def __len__(self) -> int:
        return len(self.endings)

    def __getitem__(self, place: Any) -> Any:
        rows = with_names(
            self.endings[place] if isinstance(place, slice) else [self.endings[place]]
        )
        made = [
            Row(
                one.unit.name,
                "→ " + ", ".join(unit.name for unit, _share in one.heirs),
                page_of(one.unit),
            )
            for one in rows
        ]
        return made if isinstance(place, slice) else made[0]


def with_names(endings: Sequence[EndingTold]) -> Sequence[EndingTold]:
    units = [one.unit for one in endings] + [u for one in endings for u, _share in one.heirs]
    prefetch_related_objects([unit for unit in units if unit.pk > 0], "names")
    return endings


def tree_rows(reform: Reform, person: Any, preview: Preview | None) -> Sequence[Row]:
    endings = endings_of(preview) if preview else endings_done(reform)
    return Shown(plainest(endings, read_plan(reform.plan)))


def page_of(unit: Unit) -> str:
    return reverse("orgs:unit", args=[unit.pk])


def part_rows(numbers: Iterable[int], person: Any, beside: Callable[[Part], str]) -> list[Row]:
    rows = (
        Part.objects.visible_to(person)
        .filter(pk__in=list(numbers))
        .select_related("task__programme", "unit", "handed_to__unit", "verifier")
        .prefetch_related("unit__names", "handed_to__unit__names", "verifier__names")
        .order_by("task__programme", "task__number", "role", "pk")
    )
    return [
        Row(
            f"{part.task.programme} {part.task.label}. {part.task.title}",
            beside(part),
            part.task.get_absolute_url(),
        )
        for part in rows
    ]


def passing(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    if preview is None:
        done = dict(reform.outcome.get("parts", []))
        return part_rows(done, person, lambda p: arrow(p.unit, p.handed_to and p.handed_to.unit))
    to = {one.part.pk: one.unit for one in preview.work.passing}
    return part_rows(to, person, lambda p: arrow(p.unit, to[p.pk]))


def drafts(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    if preview is None:
        return part_rows(reform.outcome.get("drafts", []), person, lambda p: p.unit.name)
    to = {one.part.pk: one.unit for one in preview.work.readdressed}
    return part_rows(to, person, lambda p: arrow(p.unit, to[p.pk]))


def waiting(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    numbers = (
        reform.outcome.get("waiting", [])
        if preview is None
        else [one.part.pk for one in preview.work.waiting]
    )
    return part_rows(numbers, person, lambda p: p.unit.name)


def verified(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    if preview is None:
        done = reform.outcome.get("verifiers", [])
        return part_rows(done, person, lambda p: p.verifier.name)
    to = {one.part.pk: one.verifier for one in preview.work.verified_by_another}
    return part_rows(to, person, lambda p: arrow(p.verifier, to[p.pk]))


def arrow(one: Any, other: Any) -> str:
    return f"{one.short_name} → {other.short_name}" if other else str(one.short_name)


def grant_rows(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    """Who held which role, and what became of it: for those who see the plan, and nobody else."""
    if not can(person, "reforms.view", reform):
        return []
    if preview is not None:
        return [
            Row(
                ", ".join(map(str, one.holders)) or str(one.grant.post),
                role_words(one.grant.role, one.grant.unit, one.role, one.unit),
            )
            for one in preview.roles.bequests
        ]
    done = reform.outcome.get("grants", {})
    pairs: dict[int, int] = dict(done.get("passed", []))
    rows = Grant.objects.select_related("person", "post", "unit").prefetch_related("unit__names")
    found = rows.in_bulk([*done.get("ended", []), *pairs.values()])
    return [
        Row(
            str(found[pk].person or found[pk].post), done_words(found[pk], found.get(pairs.get(pk)))
        )
        for pk in done.get("ended", [])
        if pk in found
    ]


def role_words(role: str, unit: Unit, new_role: str, heir: Unit) -> str:
    was = f"{Role(role).label}, {unit.short_name}"
    return f"{was} → {Role(new_role).label}, {heir.short_name}" if new_role else f"{was} → –"


def done_words(old: Grant, new: Grant | None) -> str:
    return role_words(old.role, old.unit, new.role if new else "", new.unit if new else old.unit)


def tenure_rows(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    numbers = (
        reform.outcome.get("tenures", [])
        if preview is None
        else [tenure.pk for tenure in preview.seats.tenures]
    )
    rows = Tenure.objects.filter(pk__in=numbers).select_related("person", "post__unit")
    rows = rows.prefetch_related("post__unit__names").order_by("post__unit", "pk")
    return [Row(str(row.person), f"{row.post}, {row.post.unit.name}") for row in rows]


def post_rows(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    numbers = (
        reform.outcome.get("posts", [])
        if preview is None
        else [post.pk for post in preview.seats.posts]
    )
    rows = Post.objects.filter(pk__in=numbers).select_related("unit").order_by("unit", "pk")
    return [Row(str(row), row.unit.name) for row in rows.prefetch_related("unit__names")]


def proposal_rows(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    numbers = (
        reform.outcome.get("proposals", [])
        if preview is None
        else [proposal.pk for proposal in preview.proposals]
    )
    rows = Proposal.objects.visible_to(person).filter(pk__in=numbers)
    rows = rows.select_related("intake__document", "lead").prefetch_related("lead__names")
    return [
        Row(
            row.work,
            row.lead.name if row.lead else "",
            reverse("intake:desk", args=[row.intake_id]),
        )
        for row in rows.order_by("intake", "number")
    ]


def ended_units(reform: Reform, preview: Preview | None) -> list[int]:
    if preview is not None:
        return [unit.pk for unit in preview.ended]
    return [row[0] for row in reform.outcome.get("endings", [])]


def document_rows(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    units = Unit.objects.filter(pk__in=ended_units(reform, preview))
    rows = Document.objects.visible_to(person).filter(pk__in=texts.kept(units).values("pk"))
    return [
        Row(row.title, row.symbol, row.get_absolute_url())
        for row in rows.order_by("-issued_on", "-pk").defer("text")
    ]


def given_rows(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    units = Unit.objects.filter(pk__in=ended_units(reform, preview))
    rows = Task.objects.visible_to(person).filter(pk__in=work.given(units).values("pk"))
    rows = rows.select_related("programme").order_by("programme", "number")
    return [Row(f"{r.programme} {r.number}. {r.title}", "", r.get_absolute_url()) for r in rows]


def done_rows(reform: Reform, person: Any, preview: Preview | None) -> list[Row]:
    units = Unit.objects.filter(pk__in=ended_units(reform, preview))
    return part_rows(work.done(units).values_list("pk", flat=True), person, lambda p: p.unit.name)


ROWS: dict[str, Callable[[Reform, Any, Preview | None], Sequence[Row]]] = {
    "ended": tree_rows,
    "parts": passing,
    "drafts": drafts,
    "waiting": waiting,
    "verifiers": verified,
    "grants": grant_rows,
    "tenures": tenure_rows,
    "posts": post_rows,
    "proposals": proposal_rows,
    "documents": document_rows,
    "given": given_rows,
    "done": done_rows,
}


def heading_of(what: str) -> str:
    return {
        "ended": _("Units that end, and who takes over"),
        "parts": _("Open parts that pass to their heirs"),
        "drafts": _("Drafts that name their heirs"),
        "waiting": _("Reports that wait for their verdict"),
        "verifiers": _("Parts that another unit verifies"),
        "grants": _("Roles that pass on or end"),
        "tenures": _("People who leave a post"),
        "posts": _("Posts that close"),
        "proposals": _("Proposals offered to the heir"),
        "documents": _("Texts that stay in their registers"),
        "given": _("Tasks given that stay in their programmes"),
        "done": _("Finished parts that stay with who did them"),
    }[what]


def meetings_of(preview: Preview, person: Any) -> list[Part]:
    """Parts that meet another of their task in one unit, as far as the person may see them."""
    numbers = [part.pk for part, _other in preview.work.meetings]
    return list(Part.objects.visible_to(person).filter(pk__in=numbers).select_related("task"))
