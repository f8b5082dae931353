"""What one was told, and how one wants to be told, for one's own programs."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Status

from tiendo.kit.api import Asked, Day, Given, Number, Router, Schema, answers, asker
from tiendo.notifications import actions, reads
from tiendo.notifications.models import Notice, Preference
from tiendo.notifications.states import Kind
from tiendo.notifications.wording import said

router = Router(tags=["notices"])
KindName = Literal["due", "given", "asked", "answered", "climbed"]
MannerName = Literal["now", "digest", "bell"]
Hour = Annotated[int, Field(ge=0, le=23)]


class NoticeOut(Schema):
    """`sentence` is in your language, `title` the task's; `act` names what was done, or is empty for a reminder of `due_on`."""

    id: int
    kind: KindName
    at: datetime
    sentence: str
    title: str
    task: int
    part: int
    act: str
    due_on: Day | None
    is_read: bool


class NoticesOut(Schema):
    items: list[NoticeOut]
    next: int | None


class NoticesAsked(Asked):
    unread: bool = False


class ReadingIn(Given):
    """`upto` is the number of the newest notice you have seen: what came later stays unread."""

    upto: Number


class ReadOut(Schema):
    read: int


class WishesOut(Schema):
    due: MannerName
    given: MannerName
    asked: MannerName
    answered: MannerName
    climbed: MannerName
    digest_hour: int
    quiet_from: int
    quiet_until: int
    budget: int


class WishesIn(Given):
    due: MannerName | None = None
    given: MannerName | None = None
    asked: MannerName | None = None
    answered: MannerName | None = None
    climbed: MannerName | None = None
    digest_hour: Hour | None = None
    quiet_from: Hour | None = None
    quiet_until: Hour | None = None
    budget: Annotated[int, Field(ge=0, le=50)] | None = None


def row(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.pk,
        "kind": notice.kind,
        "at": notice.at,
        "sentence": said(notice),
        "title": notice.part.task.title,
        "task": notice.part.task_id,
        "part": notice.part_id,
        "act": notice.entry.act if notice.entry else "",
        "due_on": notice.due_on,
        "is_read": notice.read_at is not None,
    }


@router.get("/notices", response=answers(NoticesOut), operation_id="list_notices")
def notices(request: HttpRequest, asked: Query[NoticesAsked]) -> Any:
    """What you were told, oldest first; what you may no longer see is left out."""
    person = asker(request)
    rows = Notice.objects.filter(person=person, pk__gt=asked.after).with_words().order_by("pk")
    found = list((rows.unread() if asked.unread else rows)[: asked.limit + 1])
    shown = found[: asked.limit]
    return {
        "items": [row(one) for one in reads.seen(person, shown)],
        "next": shown[-1].pk if len(found) > asked.limit else None,
    }


@router.post(
    "/notices/reading",
    response=answers(ReadOut, 201),
    operation_id="read_notices",
    url_name="notices-reading",
)
def all_reading(request: HttpRequest, given: ReadingIn) -> Any:
    """Put aside all up to one."""
    return Status(201, {"read": actions.mark_all_read(by=asker(request), upto=given.upto)})


@router.post(
    "/notices/{int:pk}/reading",
    response=answers(NoticeOut, 201),
    operation_id="read_notice",
    url_name="notice-reading",
)
def reading(request: HttpRequest, pk: int) -> Any:
    """Put one notice aside."""
    found = reads.own_notice(asker(request), pk)
    return Status(201, row(actions.mark_read(found, by=asker(request))))


@router.get(
    "/notices/wishes",
    response=answers(WishesOut),
    operation_id="get_notice_wishes",
    url_name="notice-wishes",
)
def wishes(request: HttpRequest) -> Any:
    """How you want to be told."""
    return told(reads.wishes_of(asker(request)))


@router.patch(
    "/notices/wishes",
    response=answers(WishesOut),
    operation_id="change_notice_wishes",
    url_name="notice-wishes",
)
def change_wishes(request: HttpRequest, given: WishesIn) -> Any:
    """Choose how to be told; what you leave out stays."""
    chosen = {
        name: value for name, value in given.dict(exclude_unset=True).items() if value is not None
    }
    return told(actions.prefer(by=asker(request), **chosen))


def told(wishes: Preference) -> dict[str, Any]:
    plain = ("digest_hour", "quiet_from", "quiet_until", "budget")
    return {name: getattr(wishes, name) for name in (*Kind.values, *plain)}
