"""Letters of notices: one a day for most, at once for who wishes so, never in quiet hours, never more than somebody's budget.

What is over the budget waits for the letter of the day. A letter is sent at most once: it is marked as begun before the mail
server is spoken to, and when nobody knows whether it went out, its notices come again in the next letter of the day.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import mail
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import translation

from tiendo.kit import clock, jobs
from tiendo.notifications import reads
from tiendo.notifications.models import Heard, Letter, Notice, Preference
from tiendo.notifications.states import Kind, Manner, Post, Way
from tiendo.notifications.wording import said
from tiendo.people import letters as paper
from tiendo.people.models import Person

logger = logging.getLogger(__name__)

USUAL = Preference()
ZONE = ZoneInfo(settings.TIME_ZONE)
PEOPLE = 500  # written to in one turn
BATCH = 20  # letters in one job
LINES = 40  # more are read on the page
LOST = timedelta(hours=1)  # a letter begun so long ago was cut off
AGAIN = timedelta(minutes=30)  # so long after nobody sent it, somebody is asked again


def write() -> None:
    """The job: the letters whose hour has come. May run twice at once and be killed at any moment."""
    if not jobs.are_held():
        write_at(clock.now())


@transaction.atomic
def write_at(now: datetime) -> list[int]:
    """Letters and the asking to send them in one transaction, by one worker at a time."""
    Heard.mine(now)
    take_back(now)
    written = [*write_digests(now), *write_at_once(now)]
    ask_to_send([*written, *unsent(now)], now)
    return written


def day_and_hour(now: datetime) -> tuple[date, int]:
    """The country's day and hour."""
    here = now.astimezone(ZONE)
    return here.date(), here.hour


# Who is written to --------------------------------------------------------------------------------


def waiting() -> Any:
    """Notices that wait for a letter, of people who can be written to."""
    reachable = Q(person__is_active=True) & ~Q(person__email="")
    return Notice.objects.waiting().filter(reachable)


def write_digests(now: datetime) -> list[int]:
    """The letter of the day, for whom something waited at its hour; it takes along what came since."""
    on, _hour = day_and_hour(now)
    had = Letter.objects.filter(person=OuterRef("person"), kind=Post.DIGEST, on=on)
    rows = waiting().wanted(Manner.DIGEST, Manner.NOW)
    people = awake(people_of(rows.filter(waited_at_its_hour(now)).exclude(Exists(had))), now)
    return put_into(rows, dict.fromkeys(people, 0), Post.DIGEST, now)


def waited_at_its_hour(now: datetime) -> Q:
    """Notices that were there when the reader's hour struck today."""
    on, hour = day_and_hour(now)
    waited = Q(pk__in=[])
    for struck in range(hour + 1):
        whose = Q(person__preference__digest_hour=struck)
        if struck == USUAL.digest_hour:
            whose |= Q(person__preference__isnull=True)
        waited |= whose & Q(at__lt=datetime(on.year, on.month, on.day, struck, tzinfo=ZONE))
    return waited


def awake(people: list[int], now: datetime) -> list[int]:
    """Without those for whom these are quiet hours."""
    _on, hour = day_and_hour(now)
    wishes = {one.person_id: one for one in Preference.objects.filter(person__in=people)}
    return [person for person in people if not wishes.get(person, USUAL).is_quiet(hour)]


def write_at_once(now: datetime) -> list[int]:
    """Letters at once, to those who wish it, are not asleep and have not had their number today."""
    on, hour = day_and_hour(now)
    rows = waiting().wanted(Manner.NOW)
    people = people_of(rows)
    had = Letter.objects.filter(person__in=people, kind=Post.NOW, on=on).values("person")
    counts = dict(had.annotate(times=Count("pk")).values_list("person", "times"))
    wishes = Preference.objects.filter(person__in=people)
    open_to = {
        one.person_id: counts.get(one.person_id, 0)
        for one in wishes
        if not one.is_quiet(hour) and counts.get(one.person_id, 0) < one.budget
    }
    return put_into(rows, open_to, Post.NOW, now)


def people_of(rows: Any) -> list[int]:
    return list(rows.order_by("person").values_list("person", flat=True).distinct()[:PEOPLE])


def put_into(rows: Any, numbers: dict[int, int], kind: Post, now: datetime) -> list[int]:
    """One letter for each of these people, holding what waits for them: three statements, however many."""
    if not numbers:
        return []
    on, _hour = day_and_hour(now)
    Letter.objects.bulk_create(
        Letter(person_id=person, kind=kind, on=on, number=number, made_at=now, asked_at=now)
        for person, number in numbers.items()
    )
    newest = Letter.objects.filter(person=OuterRef("person"), kind=kind, on=on).order_by("-number")
    held = Notice.objects.filter(pk__in=rows.filter(person__in=numbers).values("pk"))
    held.update(letter=Subquery(newest.values("pk")[:1]))
    made = Letter.objects.filter(person__in=numbers, kind=kind, on=on, made_at=now)
    return list(made.order_by("pk").values_list("pk", flat=True))


# What became of letters ---------------------------------------------------------------------------


def take_back(now: datetime) -> None:
    """A letter whose sending was cut off is never sent again; its notices wait for the next letter of the day."""
    lost = Letter.objects.filter(way=Way.BEGUN, asked_at__lt=now - LOST)
    cut_off = list(lost.values_list("pk", flat=True))
    if cut_off:
        Notice.objects.filter(letter__in=cut_off).update(letter=None)
        Letter.objects.filter(pk__in=cut_off, way=Way.BEGUN).update(way=Way.CUT_OFF)


def unsent(now: datetime) -> list[int]:
    """Written, and nobody sent it: the mail server was away longer than the queue had patience."""
    rows = Letter.objects.filter(way=Way.WRITTEN, asked_at__lt=now - AGAIN).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:PEOPLE])


def ask_to_send(numbers: list[int], now: datetime) -> None:
    Letter.objects.filter(pk__in=numbers).update(asked_at=now)
    for start in range(0, len(numbers), BATCH):
        jobs.enqueue("tiendo.notifications.letters.send", numbers[start : start + BATCH])


# Sending ------------------------------------------------------------------------------------------


def send(numbers: list[int]) -> None:
    """A job: hand these letters to the mail server, each once; who may no longer see a thing is not told of it."""
    with mail.get_connection() as line:  # a server that is away is known before a letter is begun
        for number in numbers:
            if Letter.objects.filter(pk=number, way=Way.WRITTEN).update(way=Way.BEGUN):
                deliver(Letter.objects.select_related("person").get(pk=number), line)


def deliver(letter: Letter, line: Any) -> None:
    person = letter.person
    lines = reads.seen(person, letter.notices.with_words().order_by("kind", "pk"))
    if not (lines and person.may_sign_in and person.email):
        return ended(letter, Way.EMPTY)
    try:
        subject, body = worded(letter, lines)
        mail.EmailMessage(subject, body, to=[person.email], connection=line).send()
    except SMTPRecipientsRefused:
        logger.warning("letter %s: the mail server refuses its reader", letter.pk)
        return ended(letter, Way.REFUSED)
    except SMTPResponseException:
        ended(letter, Way.WRITTEN)  # the server said no: this job, or a later turn, tries again
        raise
    return ended(letter, Way.SENT)


def ended(letter: Letter, way: Way) -> None:
    sent_at = clock.now() if way == Way.SENT else None
    Letter.objects.filter(pk=letter.pk, way=Way.BEGUN).update(way=way, sent_at=sent_at)


def worded(letter: Letter, lines: list[Notice]) -> tuple[str, str]:
    """Subject and body in the reader's language."""
    person: Person = letter.person
    language = person.language or settings.LANGUAGES[0][0]
    with translation.override(language):
        facts = {
            "person": person,
            "on": letter.on,
            "count": len(lines),
            "more": max(len(lines) - LINES, 0),
            "groups": grouped(lines[:LINES]),
            "page": address(reverse("notifications:notices")),
            "wishes": address(reverse("notifications:wishes")),
        }
        name = "digest" if letter.kind == Post.DIGEST else "at_once"
        return paper.worded(name, language, facts)


def grouped(lines: Iterable[Notice]) -> list[tuple[str, list[dict[str, Any]]]]:
    """What is said, under what it is about, in the order a person would ask."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in Kind}
    for one in lines:
        task = one.part.task
        place = address(task.get_absolute_url())
        found[one.kind].append({"title": task.title, "said": said(one), "address": place})
    return [(str(Kind(kind).label), some) for kind, some in found.items() if some]


def address(path: str) -> str:
    """Where a letter leads."""
    return settings.ADDRESS.rstrip("/") + path
