"""Days as people write them, in pages and in the record's sentences alike."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import get_language

from tiendo.kit.clock import day_of

HARD_SPACE = "\N{NO-BREAK SPACE}"
FULL, SHORT = {"vi": "dd-MM-y"}, {"vi": "dd-MM"}  # offices in Viet Nam write days in figures


def day_in_words(value: date | datetime, *, short: bool = False) -> str:
    """28 Oct 2025 (short: 28 Oct) as the reader's language writes it; an instant falls on the country's day."""
    language = get_language() or "en"
    day = day_of(value) if isinstance(value, datetime) else value
    pattern = SHORT.get(language, "d MMM") if short else FULL.get(language, "d MMM y")
    return format_date(day, pattern, locale=language).replace(" ", HARD_SPACE)


def moment_in_words(value: datetime) -> str:
    """28 Oct 2025 07:40, on the country's clock."""
    local = value.astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{day_in_words(local)} {local:%H:%M}"
