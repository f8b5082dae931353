"""The one way an act enters the record: called in each action, in its transaction."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tiendo.kit import clock
from tiendo.kit.refusals import ChangedMeanwhile
from tiendo.ledger.models import Entry, key_of
from tiendo.ledger.origin import told

TRIES = 8  # neighbours writing about the same subject at the same moment


def record(
    act: str,
    subject: models.Model,
    *,
    by: models.Model | None,
    post: models.Model | None = None,
    saw: int | None = None,
    **facts: Any,
) -> Entry:
    """Append one entry; its number is the subject's next version.

    `saw` is the version an editor had before their eyes: when the record has gone on since, the editor loses and is
    shown what changed.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the action's transaction")
    if clock.is_told() and told() is None:
        raise RuntimeError("only a told database may set the clock")
    now = version_of(subject)
    if saw is not None and saw != now:
        raise lost_to(subject, saw)
    for version in range(now + 1, now + 1 + TRIES):
        entry = append(act, subject, version, by=key_of(by), post=key_of(post), facts=facts)
        if entry is not None:
            return entry
        if saw is not None:
            break  # somebody wrote between our look and our act, and this editor wanted to know
    raise lost_to(subject, now if saw is None else saw)


def append(act: str, subject: models.Model, version: int, **columns: Any) -> Entry | None:
    """The entry, or nothing when another transaction took this version first."""
    try:
        with transaction.atomic():
            return Entry.objects.create(
                at=clock.now(),
                act=act,
                subject=key_of(subject),
                version=version,
                path=getattr(subject, "path", ""),
                told=told() is not None,
                **columns,
            )
    except IntegrityError:
        return None


def version_of(subject: models.Model) -> int:
    """How many acts the record holds about this; an edit names the version it saw."""
    return Entry.objects.about(subject).aggregate(last=Max("version"))["last"] or 0


def lost_to(subject: models.Model, saw: int) -> ChangedMeanwhile:
    since = tuple(Entry.objects.about(subject).filter(version__gt=saw))
    return ChangedMeanwhile(
        _("Somebody else has just changed this. Look at what changed, then do your change again."),
        since=since,
    )
