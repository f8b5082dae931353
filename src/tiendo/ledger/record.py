"""The one way an act enters the record: called in each action, in its transaction."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tiendo.kit import clock
from tiendo.kit.permission import spoken_for
from tiendo.kit.refusals import ChangedMeanwhile
from tiendo.ledger.models import Entry, Personal, key_of
from tiendo.ledger.origin import told
from tiendo.ledger.proof import personal_hash

TRIES = 8  # neighbours writing about the same subject at the same moment


def record(
    act: str,
    subject: models.Model,
    *,
    by: models.Model | None,
    post: models.Model | None = None,
    saw: int | None = None,
    personal: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Entry:
    """Append one entry; its number is the subject's next version.

    `saw` is the version an editor had before their eyes: when the record has gone on since, the editor loses and is
    shown what changed. A deputy acts for a post: it is the one in whose name the right was asked for, or `post`.
    `personal` are facts that may have to be erased: `personal={"to": person}`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the action's transaction")
    if clock.is_told() and told() is None:
        raise RuntimeError("only a told database may set the clock")
    require_exact(facts)
    post = post or spoken_for(by)
    now, beside = version_of(subject), list(set_apart(personal or {}))
    facts |= {row.fact: {PERSONAL: personal_hash(row.salt, row.value)} for row in beside}
    if saw is not None and saw != now:
        raise lost_to(subject, saw)
    for version in range(now + 1, now + 1 + TRIES):
        entry = append(act, subject, version, beside, by=key_of(by), post=key_of(post), facts=facts)
        if entry is not None:
            return entry
        if saw is not None:
            break  # somebody wrote between our look and our act, and this editor wanted to know
    raise lost_to(subject, now if saw is None else saw)


PERSONAL = "personal"  # marks, in sealed facts, the hash of a value that stands beside


def set_apart(personal: Mapping[str, Any]) -> Iterator[Personal]:
    """The values that may have to be erased, each with a salt of its own, and whose they are."""
    for fact, value in personal.items():
        whose = key_of(value) if isinstance(value, models.Model) else ""
        yield Personal(fact=fact, salt=secrets.token_hex(16), value=str(value), whose=whose)


def require_exact(facts: Any) -> None:
    """Two engines write a broken number in two ways, and a seal knows one: facts count in whole numbers and words."""
    if isinstance(facts, float):
        raise TypeError("a fact of the record is exact: write a whole number, a Decimal or words")
    for inner in facts.values() if isinstance(facts, Mapping) else ():
        require_exact(inner)
    for inner in facts if isinstance(facts, list | tuple) else ():
        require_exact(inner)


def append(
    act: str, subject: models.Model, version: int, beside: list[Personal], **columns: Any
) -> Entry | None:
    """The entry, or nothing when another transaction took this version first."""
    try:
        with transaction.atomic():
            entry: Entry = Entry.objects.create(
                at=clock.now(),
                act=act,
                subject=key_of(subject),
                version=version,
                path=getattr(subject, "path", ""),
                told=told() is not None,
                **columns,
            )
            for row in beside:
                row.entry = entry
            Personal.objects.bulk_create(beside)
            return entry
    except IntegrityError:
        return None


def version_of(subject: models.Model) -> int:
    """How many acts the record holds about this; an edit names the version it saw."""
    return Entry.objects.about(subject).aggregate(last=Max("version"))["last"] or 0


def require_unchanged(subject: models.Model, saw: int | None) -> None:
    """Whoever saw an older version learns who changed it, before anything else about its state is said."""
    if saw is not None and saw != version_of(subject):
        raise lost_to(subject, saw)


def lost_to(subject: models.Model, saw: int) -> ChangedMeanwhile:
    since = tuple(Entry.objects.about(subject).filter(version__gt=saw))
    return ChangedMeanwhile(
        _("Somebody else has just changed this. Look at what changed, then do your change again."),
        since=since,
    )
