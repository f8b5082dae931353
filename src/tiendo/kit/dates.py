"""Days and instants kept as whole numbers, so that one SQL text means the same on every engine."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_number(day: date) -> int:
    """A day as its ordinal (1 = 1 January of year 1)."""
    return day.toordinal()


def microseconds(moment: datetime) -> int:
    """An instant as UTC microseconds since 1970, without a float on the way."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_microseconds(number: int) -> datetime:
    return EPOCH + timedelta(microseconds=number)


class DayField(models.IntegerField):  # type: ignore[type-arg]
    """Takes and gives `datetime.date`; keeps its day number."""

    if TYPE_CHECKING:  # what the type checker's plugin asks of a field
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any
        _pyi_lookup_exact_type: Any

    description = "a day"

    def from_db_value(self, value: int | None, *_: object) -> date | None:
        return None if value is None else date.fromordinal(value)

    def get_prep_value(self, value: Any) -> int | None:
        value = self.to_python(value)
        return None if value is None else day_number(value)

    def to_python(self, value: Any) -> date | None:
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        if isinstance(value, int):
            return date.fromordinal(value)
        try:
            day = parse_date(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        if day is None:
            raise ValidationError(_("Write a day as year-month-day."))
        return day

    @property
    def validators(self) -> list[Any]:
        # the integer range of the engine says nothing about days
        return list(self._validators)  # type: ignore[attr-defined]

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return forms.DateField(**{"required": not self.blank, **kwargs})


class InstantField(models.BigIntegerField):  # type: ignore[type-arg]
    """Takes and gives an aware `datetime`; keeps UTC microseconds."""

    if TYPE_CHECKING:  # what the type checker's plugin asks of a field
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any
        _pyi_lookup_exact_type: Any

    description = "an instant"

    def from_db_value(self, value: int | None, *_: object) -> datetime | None:
        return None if value is None else from_microseconds(value)

    def get_prep_value(self, value: Any) -> int | None:
        value = self.to_python(value)
        return None if value is None else microseconds(value)

    def to_python(self, value: Any) -> datetime | None:
        if value is None or isinstance(value, datetime):
            return value
        if isinstance(value, int):
            return from_microseconds(value)
        moment = parse_datetime(value) if isinstance(value, str) else None
        if moment is None or moment.tzinfo is None:
            raise ValidationError(_("Write an instant with its time zone."))
        return moment

    @property
    def validators(self) -> list[Any]:
        return list(self._validators)  # type: ignore[attr-defined]


def effective_on(day: date, prefix: str = "") -> Q:
    """Rows true on a day; `ends_on` is the first day they are not."""
    started = Q(**{f"{prefix}starts_on__lte": day})
    unfinished = Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": day})
    return started & unfinished


class EffectiveQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def as_of(self, day: date) -> Any:
        """Those true on that day."""
        return self.filter(effective_on(day))


class Effective(models.Model):
    """A dated fact, half-open: true from `starts_on` until the day before `ends_on`."""

    starts_on = DayField()
    ends_on = DayField(null=True, blank=True)

    objects = EffectiveQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
            )
        ]
