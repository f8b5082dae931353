"""What somebody was told, as far as they may still see it."""

from typing import Any

from django.http import Http404

from tiendo.notifications.models import Notice, Preference
from tiendo.people.models import Person
from tiendo.tasks.reads import is_seen

MOST = 99  # the bell counts no further
PATHS = (
    "part__task__issued_on",
    "part__task__unit__path",
    "part__unit__path",
    "part__verifier__path",
)


def told(person: Person) -> Any:
    """This person's notices, newest first, with all a line needs."""
    return Notice.objects.filter(person=person).with_words().order_by("-pk")


def seen(person: Any, notices: Any) -> list[Notice]:
    """Those of work that this person may still see: what was told under a right ends with it."""
    return [one for one in notices if is_seen(one.part, person)]


def own_notice(person: Any, pk: int) -> Notice:
    """One notice of this person's, as far as they may still see it; else it is not there."""
    for found in seen(person, told(person).filter(pk=pk)):
        return found
    raise Http404


def unread(person: Any) -> int:
    """What the bell shows."""
    if not person.is_authenticated:
        return 0
    rows = Notice.objects.filter(person=person).unread().order_by("-pk")
    rows = rows.select_related("part__task__unit", "part__unit", "part__verifier")
    return len(seen(person, rows.only("person", *PATHS)[: MOST + 1]))


def wishes_of(person: Person) -> Preference:
    """What this person chose, or what holds for whoever chose nothing."""
    return Preference.objects.filter(person=person).first() or Preference(person=person)
