"""What the record is about, as far as a person may see it: settings name for each kind of subject who answers here.

Each answer takes the person and the numbers asked for, and gives those that are theirs to see, with a name and a page.
Children have no permission of their own: they ask their parent. A kind nobody answers for is absent.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tiendo.access import reads as rights
from tiendo.access.models import Delegation, Grant
from tiendo.documents.models import Document
from tiendo.intake.models import Intake, Proposal
from tiendo.kit.permission import WholeTree, can, roots
from tiendo.ledger.models import Entry, Seal, key_of
from tiendo.ledger.reads import within_reach
from tiendo.orgs.models import Committee, Post, Succession, Tenure, Unit
from tiendo.people.models import Person, Token
from tiendo.reforms.models import Reform
from tiendo.tasks.models import Draw, Programme, Task


class Subject(NamedTuple):
    """What a history is of: its name, and its page if it has one."""

    title: str
    address: str = ""


Found = dict[int, Subject]
OVERSEERS = ("ledger.read", "access.view")  # who may follow what is given to whom in a unit


def parts_of(key: str) -> tuple[str, int] | None:
    """`tasks.task:42` taken apart; nothing for what is no key."""
    label, _colon, number = key.partition(":")
    if label not in settings.HISTORIES or not (number.isascii() and number.isdigit()):
        return None
    return (label, int(number)) if len(number) < 19 else None


def seen(person: Any, keys: Iterable[str]) -> Mapping[str, Subject]:
    """Those of these subjects that the person may see; each kind is asked about once."""
    wanted: dict[str, set[int]] = {}
    for label, number in filter(None, map(parts_of, keys)):
        wanted.setdefault(label, set()).add(number)
    return {
        f"{label}:{number}": subject
        for label, numbers in wanted.items()
        for number, subject in import_string(settings.HISTORIES[label])(person, numbers).items()
    }


# --- work -----------------------------------------------------------------------------------------


def tasks(person: Any, numbers: set[int]) -> Found:
    rows = Task.objects.visible_to(person).in_bulk(numbers)
    return {n: Subject(row.title, row.get_absolute_url()) for n, row in rows.items()}


def programmes(person: Any, numbers: set[int]) -> Found:
    rows = Programme.objects.visible_to(person).in_bulk(numbers)
    return {n: Subject(str(row)) for n, row in rows.items()}


def draws(person: Any, numbers: set[int]) -> Found:
    rows = Draw.objects.visible_to(person).select_related("unit").in_bulk(numbers)
    said = _("Spot checks over %(unit)s")
    return {
        n: Subject(said % {"unit": row.unit.short_name}, row.get_absolute_url())
        for n, row in rows.items()
    }


def documents(person: Any, numbers: set[int]) -> Found:
    rows = Document.objects.visible_to(person).defer("text").in_bulk(numbers)
    return {n: Subject(str(row), row.get_absolute_url()) for n, row in rows.items()}


def readings(person: Any, numbers: set[int]) -> Found:
    rows = Intake.objects.visible_to(person).select_related("document").defer("document__text")
    return {
        n: Subject(str(row.document), row.get_absolute_url())
        for n, row in rows.in_bulk(numbers).items()
    }


def proposals(person: Any, numbers: set[int]) -> Found:
    rows = Proposal.objects.visible_to(person).select_related("intake__document")
    found = rows.defer("intake__document__text").in_bulk(numbers)
    return {n: Subject(proposed(row), desk_of(row)) for n, row in found.items()}


def proposed(row: Proposal) -> str:
    facts = {"number": row.number, "document": row.intake.document}
    return _("Proposal %(number)s of %(document)s") % facts


def desk_of(row: Proposal) -> str:
    return f"{row.intake.get_absolute_url()}?p={row.pk}"


def reforms(person: Any, numbers: set[int]) -> Found:
    rows = Reform.objects.visible_to(person).in_bulk(numbers)
    return {n: Subject(str(row), row.get_absolute_url()) for n, row in rows.items()}


# --- the tree: whoever signed in may look ---------------------------------------------------------


def units(person: Any, numbers: set[int]) -> Found:
    rows = Unit.objects.with_names().in_bulk(numbers)
    return {n: Subject(row.name, page_of_unit(row)) for n, row in rows.items()}


def page_of_unit(unit: Unit) -> str:
    return reverse("orgs:unit", args=[unit.pk])


def successions(person: Any, numbers: set[int]) -> Found:
    rows = Succession.objects.select_related("old", "new")
    found = rows.prefetch_related("old__names", "new__names").in_bulk(numbers)
    return {
        n: Subject(f"{row.old.name} → {row.new.name}", page_of_unit(row.new))
        for n, row in found.items()
    }


def committees(person: Any, numbers: set[int]) -> Found:
    rows = Committee.objects.select_related("unit").prefetch_related("unit__names")
    return {
        n: Subject(row.unit.name, page_of_unit(row.unit))
        for n, row in rows.in_bulk(numbers).items()
    }


def posts(person: Any, numbers: set[int]) -> Found:
    rows = Post.objects.select_related("unit").prefetch_related("unit__names")
    return {
        n: Subject(seat(row), page_of_unit(row.unit)) for n, row in rows.in_bulk(numbers).items()
    }


def tenures(person: Any, numbers: set[int]) -> Found:
    rows = Tenure.objects.select_related("post__unit").prefetch_related("post__unit__names")
    return {
        n: Subject(seat(row.post), page_of_unit(row.post.unit))
        for n, row in rows.in_bulk(numbers).items()
    }


def seat(post: Post) -> str:
    return f"{post}, {post.unit.short_name}"


def kin(person: Any, key: str) -> list[str]:
    """What is told with a subject: with a unit its posts, who sat in them, its committee, its heirs and origins, its reforms."""
    label, _colon, number = key.partition(":")
    if label != "orgs.unit":
        return []
    unit = int(number)
    rows = (
        Post.objects.filter(unit=unit),
        Tenure.objects.filter(post__unit=unit),
        Committee.objects.filter(unit=unit),
        Succession.objects.filter(old=unit) | Succession.objects.filter(new=unit),
        Reform.objects.visible_to(person).filter(concerned=unit),
    )
    return [key_of(row) for kind in rows for row in kind.only("pk")]


# --- people and what they hold --------------------------------------------------------------------


def grants(person: Any, numbers: set[int]) -> Found:
    """One's own, and those over units whose rights one oversees."""
    rows = Grant.objects.select_related("unit", "post").prefetch_related("unit__names")
    return {
        row.pk: Subject(given(row))
        for row in rows.filter(pk__in=numbers)
        if row.person_id == person.pk or oversees(person, [row.unit])
    }


def given(row: Grant) -> str:
    facts = {"role": row.get_role_display(), "unit": row.unit.name}
    return _("The role “%(role)s” over %(unit)s") % facts


def delegations(person: Any, numbers: set[int]) -> Found:
    """The deputy's own, those of the post one sits in, and those in units whose rights one oversees."""
    rows = Delegation.objects.select_related("post__unit").prefetch_related(
        "post__unit__names", "post__tenures"
    )
    return {
        row.pk: Subject(seat(row.post))
        for row in rows.filter(pk__in=numbers)
        if concerns(person, row) or oversees(person, [row.post.unit])
    }


def concerns(person: Any, row: Delegation) -> bool:
    return person.pk in {row.deputy_id, *(one.person_id for one in row.post.tenures.all())}  # type: ignore[attr-defined]


def invitations(person: Any, numbers: set[int]) -> Found:
    rows = rights.invitations_within(person).in_bulk(numbers)
    page = reverse("access:invitations")
    return {n: Subject(row.email, page) for n, row in rows.items()}


def sheets(person: Any, numbers: set[int]) -> Found:
    rows = rights.sheets_within(person).in_bulk(numbers)
    return {
        n: Subject(row.name, reverse("access:sheet_brought_in", args=[n]))
        for n, row in rows.items()
    }


def people(person: Any, numbers: set[int]) -> Found:
    """Oneself, and whoever holds a role or a seat in a unit that one oversees."""
    rows = Person.objects.filter(pk__in=numbers).prefetch_related(
        "grants__unit", "tenures__post__unit"
    )
    return {row.pk: Subject(row.name) for row in rows if row == person or may_follow(person, row)}


def may_follow(person: Any, other: Person) -> bool:
    held = [grant.unit for grant in other.grants.all()]  # type: ignore[attr-defined]
    sat = [tenure.post.unit for tenure in other.tenures.all()]  # type: ignore[attr-defined]
    return oversees(person, [*held, *sat])


def oversees(person: Any, places: list[Unit]) -> bool:
    return any(can(person, capability, place) for capability in OVERSEERS for place in places)


def tokens(person: Any, numbers: set[int]) -> Found:
    """Nobody's but one's own."""
    rows = Token.objects.filter(person=person).in_bulk(numbers)
    return {n: Subject(row.name, reverse("web:tokens")) for n, row in rows.items()}


# --- the record itself ----------------------------------------------------------------------------


def entries(person: Any, numbers: set[int]) -> Found:
    """Entries that something was done about: where one may see the entry itself."""
    rows = Entry.objects.filter(pk__in=numbers)
    return {row.pk: Subject(entry_title(row), entry_page(row)) for row in readable(person, rows)}


def readable(person: Any, rows: Iterable[Entry]) -> list[Entry]:
    """Those whose subject the person may see, or that lie within what they may read of the record."""
    found = list(rows)
    own = seen(
        person, {row.subject for row in found if not row.subject.startswith("ledger.entry:")}
    )
    reach = set(
        within_reach(person).filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True)
    )
    return [row for row in found if row.subject in own or row.pk in reach]


def entry_title(row: Entry) -> str:
    return _("Entry %(number)s of the record") % {"number": row.pk}


def entry_page(row: Entry) -> str:
    return reverse("web:entry", args=[row.pk])


def seals(person: Any, numbers: set[int]) -> Found:
    """Seals belong to nobody: whoever reads a part of the record may see how it is kept."""
    if not roots(person, "ledger.read") and not can(person, "ledger.change_key", WholeTree()):
        return {}
    rows = Seal.objects.in_bulk(numbers)
    return {n: Subject(_("Seal %(number)s") % {"number": n}, reverse("web:record")) for n in rows}
