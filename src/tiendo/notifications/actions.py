"""What a person does with what they were told. Nobody else is concerned, so the record is not."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.kit import clock
from tiendo.kit.refusals import Forbidden
from tiendo.notifications.models import Notice, Preference
from tiendo.people.models import Person, Scope


def require_own_hand(by: Person) -> None:
    """Read or written by oneself: a key that may only look changes nothing."""
    if by.key_scope not in {None, Scope.ALL}:
        raise Forbidden(_("This key may not do this. Open one that may do all that you may do."))


def mark_read(notice: Notice, *, by: Person) -> Notice:
    """Put a notice aside."""
    require_own_hand(by)
    Notice.objects.filter(pk=notice.pk, person=by).unread().update(read_at=clock.now())
    notice.refresh_from_db()
    return notice


def mark_all_read(*, by: Person, upto: int) -> int:
    """Put aside everything up to the newest notice that was on the page: what came meanwhile stays."""
    require_own_hand(by)
    rows = Notice.objects.filter(person=by, pk__lte=upto).unread()
    return int(rows.update(read_at=clock.now()))


@transaction.atomic
def prefer(*, by: Person, **wishes: Any) -> Preference:
    """Choose how to be told."""
    require_own_hand(by)
    chosen, _made = Preference.objects.update_or_create(person=by, defaults=wishes)
    return chosen
