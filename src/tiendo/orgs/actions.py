"""What a person can do to the tree of units. Each act asks, changes and records in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Substr
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from tiendo.kit.dates import day_number
from tiendo.kit.permission import WholeTree, require
from tiendo.kit.refusals import Invalid, Refused
from tiendo.ledger.proof import root_of
from tiendo.ledger.record import record
from tiendo.orgs import matching
from tiendo.orgs.loading import Changes, write
from tiendo.orgs.models import (
    STATE,
    Kind,
    Placement,
    Succession,
    Unit,
    UnitKind,
    UnitName,
)
from tiendo.orgs.names import fold, unmarked
from tiendo.orgs.pack import Pack, PackBroken, read
from tiendo.people.models import Person


@transaction.atomic
def load_pack(path: Path, *, by: Person) -> Changes:
    """Load a country pack: says what changed, refuses a broken one whole, writes nothing twice."""
    pack = understood(path)
    require(by, "orgs.load_pack", Unit.objects.filter(key=pack.root).first() or WholeTree())
    changes = write(pack)
    if not changes.nothing:
        transaction.on_commit(matching.forget)
        record(
            "orgs.pack_loaded",
            Unit.objects.get(key=pack.root),
            by=by,
            pack=pack.name,
            version=pack.version,
            sha256=pack.fingerprint,
            root=root_of(pack.rows()),
            units=len(pack.units),
            changes=asdict(changes),
        )
    return changes


def understood(path: Path) -> Pack:
    """The pack, or its refusal in the reader's language."""
    try:
        return read(path)
    except PackBroken as broken:
        raise broken.told(gettext) from broken


# ---------------------------------------------------------------- units
@transaction.atomic
def found(
    key: str,
    kind: Kind,
    names: Mapping[str, str],
    *,
    by: Person,
    beneath: Unit,
    on: date,
    basis: str = "",
) -> Unit:
    """Found a unit beneath another; `names` gives its name by language, one at least; without a key it gets one."""
    require(by, "orgs.arrange", beneath)
    require_exists(beneath, on)
    above = require_placed(beneath, on, STATE)
    if not names or not all(text.strip() for text in names.values()):
        raise Invalid(_("Give the unit a name in at least one language."), field="name")
    key = key or free_key(beneath, names)
    if Unit.objects.filter(key=key).exists():
        raise Invalid(_("Another unit already has the key “%(key)s”.") % {"key": key}, field="key")
    unit = Unit.objects.create(key=key, kind=kind, begins_on=on)
    unit.path = f"{above.path}{unit.pk}/"
    unit.save(update_fields=["path"])
    UnitKind.objects.create(unit=unit, kind=kind, starts_on=on)
    Placement.objects.create(unit=unit, parent=beneath, path=unit.path, starts_on=on)
    for language, text in names.items():
        call(unit, language, UnitName.Use.NAME, text, on)
    record("orgs.founded", unit, by=by, name=unit.name_on(on, "vi"), basis=basis, starts_on=on)
    return unit


def free_key(beneath: Unit, names: Mapping[str, str]) -> str:
    """The key of the unit above with the name's own words, and a number where that is taken."""
    words = next((text for text in names.values() if text.strip()), "")
    stem = f"{beneath.key}.{slugify(unmarked(words))[:40].strip('-') or 'unit'}"[-110:].lstrip(".")
    taken = set(Unit.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(k for n in count(1) if (k := stem if n == 1 else f"{stem}-{n}") not in taken)


@transaction.atomic
def rename(unit: Unit, language: str, text: str, *, by: Person, on: date, basis: str = "") -> Unit:
    """Give a unit another name from a day on; before that day it keeps the old one."""
    require(by, "orgs.arrange", unit)
    require_exists(unit, on)
    if not text.strip():
        raise Invalid(_("Write the new name."), field="name")
    before = unit.name_on(on, language)
    require_no_later_name(unit, language, on)
    own = unit.names.filter(language=language, use=UnitName.Use.NAME)
    own.as_of(on).update(ends_on=on)
    call(unit, language, UnitName.Use.NAME, text, on)
    record(
        "orgs.renamed", unit, by=by, before=before, name=text, language=language, basis=basis,
        starts_on=on,
    )  # fmt: skip
    return unit


@transaction.atomic
def also_called(unit: Unit, language: str, text: str, *, by: Person, on: date) -> UnitName:
    """Note another way people write this unit, so that texts find it."""
    require(by, "orgs.arrange", unit)
    require_exists(unit, on)
    if not text.strip():
        raise Invalid(_("Write the other name."), field="name")
    name = call(unit, language, UnitName.Use.ALIAS, text, on)
    record("orgs.renamed", unit, by=by, before=unit.name_on(on, language), name=text, starts_on=on)
    return name


@transaction.atomic
def move(
    unit: Unit, beneath: Unit, *, by: Person, on: date, tree: str = STATE, basis: str = ""
) -> Unit:
    """Hang a unit, with all that hangs beneath it, under another from a day on; rights follow the State's tree."""
    require(by, "orgs.arrange", unit)
    require(by, "orgs.arrange", beneath)
    require_exists(unit, on)
    require_exists(beneath, on)
    above = require_placed(beneath, on, tree)
    was = unit.placements.as_of(on).filter(tree=tree).first()
    require_movable(was, above, unit, on, tree)
    path = f"{above.path}{unit.pk}/"
    if was is None:
        hang(unit, beneath, path, on, tree)
    else:
        rehang(was, beneath, path, on)
    unit.refresh_from_db()
    record(
        "orgs.moved", unit, by=by, name=unit.name_on(on, "vi"), parent=beneath.name_on(on, "vi"),
        was=was.path if was else "", tree=tree, basis=basis, starts_on=on,
    )  # fmt: skip
    return unit


def require_placed(unit: Unit, on: date, tree: str) -> Placement:
    place: Placement | None = unit.placements.as_of(on).filter(tree=tree).first()
    if place is None:
        raise Invalid(
            _("%(name)s does not hang in this tree on that day. Hang it there first.")
            % {"name": unit.name_on(on)},
            field="beneath",
        )
    return place


def require_movable(
    was: Placement | None, above: Placement, unit: Unit, on: date, tree: str
) -> None:
    if was is not None and above.path.startswith(was.path):
        raise Refused(_("A unit cannot hang beneath itself. Choose another parent."))
    if was is not None and was.parent_id == above.unit_id:
        raise Refused(_("The unit already hangs there on that day. Choose another parent."))
    later = Q(path__beneath=was.path) if was else Q(unit=unit)
    if Placement.objects.filter(later, tree=tree, starts_on__gte=on).exists():
        raise Refused(
            _("Something beneath this unit moves on that day or later. Choose a later day.")
        )


def hang(unit: Unit, beneath: Unit, path: str, on: date, tree: str) -> None:
    """A first place in a tree, for as long as the unit stands."""
    Placement.objects.create(
        unit=unit, parent=beneath, tree=tree, path=path, starts_on=on, ends_on=unit.ends_on
    )


def rehang(was: Placement, beneath: Unit, path: str, on: date) -> None:
    """Close the placements of a whole branch and open them under its new path: three statements, whatever its size."""
    branch = Placement.objects.as_of(on).filter(tree=was.tree, path__beneath=was.path)
    moved = Concat(Value(path), Substr("path", len(was.path) + 1))
    parent = Case(
        When(unit=was.unit_id, then=Value(beneath.pk)),
        default=F("parent_id"),
        output_field=BigIntegerField(),
    )
    opened = branch.annotate(moved=moved, above=parent, day=Value(day_number(on)))
    reopen(opened.values_list("unit", "tree", "above", "moved", "day", "ends_on"))
    branch.filter(starts_on__lt=on).update(ends_on=on)
    if was.tree == STATE:
        then = Placement.objects.filter(tree=STATE, path__beneath=path, starts_on=on)
        Unit.objects.filter(pk__in=then.values("unit")).update(
            path=Concat(Value(path), Substr("path", len(was.path) + 1))
        )


def reopen(rows: QuerySet[Any, Any]) -> None:
    """Placements made of others inside the database, so that a province costs what a desk costs."""
    asked, given = rows.query.sql_with_params()
    into = "INSERT INTO orgs_placement (unit_id, tree, parent_id, path, starts_on, ends_on) "
    with connection.cursor() as cursor:
        cursor.execute(into + asked, given)


@transaction.atomic
def dissolve(
    unit: Unit, *, by: Person, on: date, heirs: Sequence[tuple[Unit, Decimal | None]], basis: str
) -> Unit:
    """End a unit; its heirs take over, the first by default, with the share each takes if known."""
    require(by, "orgs.arrange", unit)
    require_exists(unit, on)
    require_heirs(unit, heirs, on)
    if Placement.objects.as_of(on).filter(parent=unit).exists():
        raise Refused(_("Other units still hang beneath this one. Move or end them first."))
    unit.ends_on = on
    unit.save(update_fields=["ends_on"])
    for dated in (unit.names, unit.codes, unit.kinds, unit.placements):
        dated.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on)).update(ends_on=on)
    for place, (heir, share) in enumerate(heirs):
        Succession.objects.create(
            old=unit, new=heir, on=on, share=share, is_default=not place, legal_basis=basis
        )
    took_over = ", ".join(heir.name_on(on, "vi") for heir, _share in heirs)
    record(
        "orgs.dissolved", unit, by=by, name=unit.name_on(None, "vi"), heirs=took_over, basis=basis,
        ends_on=on,
    )  # fmt: skip
    return unit


@transaction.atomic
def enter_share(succession: Succession, share: Decimal, *, by: Person) -> Succession:
    """Enter the share an heir took over; from then on ratios of that time can be restated."""
    require(by, "orgs.arrange", succession.new)
    others = succession.old.successions.filter(on=succession.on).exclude(pk=succession.pk)
    taken = sum((row.share or Decimal(0) for row in others), Decimal(0))
    if not 0 < share <= 1 - taken:
        raise Invalid(
            _("The share must be above 0 and at most %(rest)s, which the other heirs leave.")
            % {"rest": 1 - taken},
            field="share",
        )
    succession.share = share
    succession.save(update_fields=["share"])
    record(
        "orgs.share_entered", succession, by=by, share=str(share),
        heir=succession.new.name_on(succession.on, "vi"), name=succession.old.name_on(None, "vi"),
    )  # fmt: skip
    return succession


# ---------------------------------------------------------------- what these acts share
def call(unit: Unit, language: str, use: UnitName.Use, text: str, on: date) -> UnitName:
    name = " ".join(text.split())
    return UnitName.objects.create(
        unit=unit, language=language, use=use, text=name, folded=fold(name), starts_on=on
    )


def require_no_later_name(unit: Unit, language: str, on: date) -> None:
    own = unit.names.filter(language=language, use=UnitName.Use.NAME)
    if own.filter(starts_on__gte=on).exists():
        raise Refused(_("This unit already has a later name. Choose a day after that."))


def require_exists(unit: Unit, on: date) -> None:
    if not unit.exists_on(on):
        raise Refused(
            _("%(name)s does not exist on that day. Choose another day or another unit.")
            % {"name": unit.name}
        )


def require_heirs(unit: Unit, heirs: Sequence[tuple[Unit, Decimal | None]], on: date) -> None:
    if not heirs:
        raise Invalid(_("Name at least one unit that takes over."), field="heirs")
    for heir, share in heirs:
        require_exists(heir, on)
        if heir == unit:
            raise Invalid(_("A unit cannot be its own heir."), field="heirs")
        if share is not None and not 0 < share <= 1:
            raise Invalid(
                _("A share is above 0 and at most 1; leave it empty if unknown."), field="heirs"
            )
    if sum((share or Decimal(0) for _heir, share in heirs), Decimal(0)) > 1:
        raise Invalid(_("The shares add up to more than 1."), field="heirs")
