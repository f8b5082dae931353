"""The people of a told database, for those who choose whom to sign in as: in groups, each with the role they hold."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tiendo.access.models import Grant
from tiendo.kit import clock
from tiendo.kit.words import day_in_words
from tiendo.orgs.models import Kind, Tenure, Unit
from tiendo.people.models import Person

Held = dict[Person, list[Grant]]


def demo_accounts() -> list[dict[str, Any]]:
    """The groups of the cast, each a title and its people in the order they came."""
    today, provinces = clock.today(), province_paths()
    centre, places, gone = [], [], []
    for person, grants in sorted(held().items(), key=lambda pair: pair[0].pk):
        standing = [grant for grant in grants if holds(grant, today)]
        if not standing:
            gone.append(introduced(person, grants[-1], today))
        elif standing[0].path.startswith(provinces):
            places.append(introduced(person, standing[0], today))
        else:
            centre.append(introduced(person, standing[0], today))
    groups = (
        (_("At the centre"), centre),
        (_("In provinces and communes"), places),
        (_("Moved on, without a role today"), gone),
    )
    return [{"title": title, "people": people} for title, people in groups if people]


def held() -> Held:
    """Every role somebody of the story holds or held, by name or by the post they sit in."""
    today = clock.today()
    found: Held = defaultdict(list)
    seats = Tenure.objects.as_of(today).filter(person__is_demo=True).select_related("person")
    sitting = {seat.post_id: seat.person for seat in seats}
    asked = Q(person__is_demo=True) | Q(post__in=sitting)
    grants = Grant.objects.filter(asked, starts_on__lte=today).order_by("pk")
    for grant in grants.select_related("person", "unit").prefetch_related("unit__names"):
        found[grant.person or sitting[grant.post_id]].append(grant)
    return found


def province_paths() -> tuple[str, ...]:
    return tuple(Unit.objects.filter(kind=Kind.PROVINCE).values_list("path", flat=True))


def holds(grant: Grant, today: date) -> bool:
    return grant.ends_on is None or grant.ends_on > today


def introduced(person: Person, grant: Grant, today: date) -> dict[str, str]:
    role = grant.get_role_display()
    if not holds(grant, today):
        words = _("%(role)s until %(day)s")
        role = words % {"role": role, "day": day_in_words(grant.ends_on)}
    return {
        "username": person.username,
        "name": person.name,
        "role": role,
        "unit": grant.unit.short_name,
    }
