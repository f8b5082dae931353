"""What a person can do to the tree of units. Each act asks, changes and records in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext
from django.utils.translation import gettext as _

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
    Post,
    Succession,
    Tenure,
    Unit,
    UnitKind,
    UnitName,
)
from tiendo.orgs.names import fold
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
    key: str, kind: Kind, names: Mapping[str, str], *, by: Person, beneath: Unit, on: date
) -> Unit:
    """Found a unit beneath another; `names` gives its name by language, one of them at least."""
    require(by, "orgs.arrange", beneath)
    require_exists(beneath, on)
    if not names or not all(text.strip() for text in names.values()):
        raise Invalid(_("Give the unit a name in at least one language."), field="name")
    if Unit.objects.filter(key=key).exists():
        raise Invalid(_("Another unit already has the key “%(key)s”.") % {"key": key}, field="key")
    unit = Unit.objects.create(key=key, kind=kind, begins_on=on)
    above = place_of(beneath, on)
    unit.path = f"{above.path}{unit.pk}/"
    unit.save(update_fields=["path"])
    UnitKind.objects.create(unit=unit, kind=kind, starts_on=on)
    Placement.objects.create(unit=unit, parent=beneath, path=unit.path, starts_on=on)
    for language, text in names.items():
        call(unit, language, UnitName.Use.NAME, text, on)
    record("orgs.founded", unit, by=by, name=unit.name_on(on, "vi"), starts_on=on)
    return unit


@transaction.atomic
def rename(unit: Unit, language: str, text: str, *, by: Person, on: date) -> Unit:
    """Give a unit another name from a day on; before that day it keeps the old one."""
    require(by, "orgs.arrange", unit)
    require_exists(unit, on)
    if not text.strip():
        raise Invalid(_("Write the new name."), field="name")
    before = unit.name_on(on, language)
    own = unit.names.filter(language=language, use=UnitName.Use.NAME)
    if own.filter(starts_on__gte=on).exists():
        raise Refused(_("This unit already has a later name. Choose a day after that."))
    own.as_of(on).update(ends_on=on)
    call(unit, language, UnitName.Use.NAME, text, on)
    record("orgs.renamed", unit, by=by, before=before, name=text, language=language, starts_on=on)
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
def move(unit: Unit, beneath: Unit, *, by: Person, on: date) -> Unit:
    """Hang a unit, with all that hangs beneath it, under another from a day on."""
    require(by, "orgs.arrange", unit)
    require(by, "orgs.arrange", beneath)
    require_exists(unit, on)
    require_exists(beneath, on)
    was, above = place_of(unit, on), place_of(beneath, on)
    if above.path.startswith(was.path):
        raise Refused(_("A unit cannot hang beneath itself. Choose another parent."))
    if Placement.objects.filter(tree=STATE, path__startswith=was.path, starts_on__gte=on).exists():
        raise Refused(
            _("Something beneath this unit moves on that day or later. Choose a later day.")
        )
    rehang(was, beneath, f"{above.path}{unit.pk}/", on)
    unit.refresh_from_db()
    record(
        "orgs.moved", unit, by=by, name=unit.name_on(on, "vi"), parent=beneath.name_on(on, "vi"),
        was=was.path, starts_on=on,
    )  # fmt: skip
    return unit


def rehang(was: Placement, beneath: Unit, path: str, on: date) -> None:
    """Close the placements of a whole branch and open them under its new path."""
    branch = Placement.objects.as_of(on).filter(tree=STATE, path__startswith=was.path)
    moved = [
        Placement(
            unit_id=row.unit_id,
            tree=STATE,
            parent=beneath if row.unit_id == was.unit_id else row.parent,
            path=path + row.path[len(was.path) :],
            starts_on=on,
            ends_on=row.ends_on,
        )
        for row in branch.select_related("parent")
    ]
    branch.update(ends_on=on)
    Placement.objects.bulk_create(moved)
    Unit.objects.filter(pk__in=[row.unit_id for row in moved]).update(
        path=Concat(Value(path), Substr(F("path"), len(was.path) + 1))
    )


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


# ---------------------------------------------------------------- posts
@transaction.atomic
def open_post(unit: Unit, kind: Post.Kind, *, by: Person, title: str = "") -> Post:
    """Open a post in a unit: duties stay with it when people change."""
    require(by, "orgs.arrange", unit)
    post = Post.objects.create(unit=unit, kind=kind, title=title)
    record("orgs.post_opened", post, by=by, title=title or kind.value)
    return post


@transaction.atomic
def appoint(
    person: Person, post: Post, *, by: Person, on: date, ends_on: date | None = None
) -> Tenure:
    """A person holds a post from a day on."""
    require(by, "orgs.arrange", post.unit)
    require_exists(post.unit, on)
    if ends_on is not None and ends_on <= on:
        raise Invalid(_("The last day must come after the first."), field="ends_on")
    if Tenure.objects.as_of(on).filter(post=post, person=person).exists():
        raise Refused(_("This person already holds this post on that day."))
    tenure = Tenure.objects.create(post=post, person=person, starts_on=on, ends_on=ends_on)
    record(
        "orgs.appointed", tenure, by=by, title=str(post), starts_on=on, personal={"person": person}
    )
    return tenure


@transaction.atomic
def leave(tenure: Tenure, *, by: Person, on: date) -> Tenure:
    """A person leaves a post; what they did in it stays theirs."""
    require(by, "orgs.arrange", tenure.post.unit)
    if on <= tenure.starts_on:
        raise Invalid(_("The last day must come after the first."), field="ends_on")
    tenure.ends_on = on
    tenure.save(update_fields=["ends_on"])
    record(
        "orgs.left", tenure, by=by, title=str(tenure.post), ends_on=on,
        personal={"person": tenure.person},
    )  # fmt: skip
    return tenure


# ---------------------------------------------------------------- what these acts share
def call(unit: Unit, language: str, use: UnitName.Use, text: str, on: date) -> UnitName:
    name = " ".join(text.split())
    return UnitName.objects.create(
        unit=unit, language=language, use=use, text=name, folded=fold(name), starts_on=on
    )


def place_of(unit: Unit, on: date) -> Placement:
    place: Placement = unit.placements.as_of(on).get(tree=STATE)
    return place


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
