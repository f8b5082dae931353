"""Who acted, as a history says it: the person, and for which post when they stood in for somebody."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from tiendo.ledger.models import Entry, key_of
from tiendo.orgs.models import Post
from tiendo.people.models import Person


def signed(entries: Sequence[Entry]) -> list[str]:
    """The signature under each entry, in the order of the entries; empty where nobody is on record."""
    people = named(Person.objects.all(), (entry.by for entry in entries))
    rows = Post.objects.select_related("unit").prefetch_related("unit__names")
    posts = named(rows, (entry.post for entry in entries))
    return [signature(people.get(entry.by), posts.get(entry.post)) for entry in entries]


def signature(person: Any, post: Post | None) -> str:
    if person is None:
        return ""
    if post is None:
        return str(person)
    facts = {"person": person, "post": post, "unit": post.unit.name}
    return _("%(person)s, for the post “%(post)s” of %(unit)s") % facts


def named(rows: Any, keys: Iterable[str]) -> dict[str, Any]:
    """The rows that the record names by key."""
    numbers = {int(key.partition(":")[2]) for key in keys if key}
    return {key_of(row): row for row in rows.in_bulk(numbers).values()} if numbers else {}
