"""By when: the deadline of a directive, and the last day of one."""

import calendar
import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tiendo.reading.dates import Day
from tiendo.reading.folding import Span
from tiendo.reading.lexicon import Lexicon, lexicon

WRITTEN = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|([0-9]{2})(?:-([0-9]{2}))?))?")
BEFORE = 70  # characters in front of a date that can make it a deadline


@dataclass(frozen=True)
class Deadline:
    """ISO day, month, quarter, year, duration or repeat; None for "as soon as possible"."""

    value: str | None
    span: Span
    rank: int = 0


def last_day(deadline: str) -> date | None:
    """The last day of `2026-03-31`, `2026-03`, `2025-Q4` or `2026`; None for anything else."""
    match = WRITTEN.fullmatch(deadline)
    if not match or not 1 <= int(match[1]) <= 9999:
        return None
    year, quarter, month, day = int(match[1]), match[2], match[3], match[4]
    at = int(month) if month else int(quarter) * 3 if quarter else 12
    if not 1 <= at <= 12:
        return None
    length = calendar.monthrange(year, at)[1]
    if day and not 1 <= int(day) <= length:
        return None
    return date(year, at, int(day) if day else length)


def deadline_in(
    text: str, span: Span, days: list[Day], lex: Lexicon, dated: date | None
) -> Deadline | None:
    """The deadline named in a span: a date first, then a duration, a repeat, a haste."""
    dated_ones = [
        found for day in _within(days, span) if (found := _dated(text, span, day, lex, dated))
    ]
    dated_ones.extend(_relative(text, span, lex, dated))
    if dated_ones:
        best = max(found.rank for found in dated_ones)
        first = next(found for found in dated_ones if found.rank == best)
        if best > 1 or not (repeat := _repeat(text, span, lex)):
            return first
        return repeat
    return _duration(text, span, lex) or _repeat(text, span, lex) or _soon(text, span, lex)


def period_named(
    text: str, span: Span, days: list[Day], lex: Lexicon, dated: date | None, *, anywhere: bool
) -> Deadline | None:
    """A month or quarter named for a whole heading or paragraph."""
    for day in _within(days, span):
        if day.day or not (day.quarter or day.month or day.end_month):
            continue
        before = text[max(span[0], day.span[0] - BEFORE) : day.span[0]]
        if anywhere or _ends(lex.language, "deadline.lead").search(before):
            return Deadline(day.iso(dated), day.span)
    return None


def _within(days: list[Day], span: Span) -> list[Day]:
    found = []
    for number in range(bisect_left(days, span[0], key=lambda day: day.span[0]), len(days)):
        if days[number].span[0] >= span[1]:
            break
        found.append(days[number])
    return found


@cache
def _ends(language: str, key: str) -> re.Pattern[str]:
    words = "|".join(lexicon(language).words(key))
    return re.compile(rf"(?<!\w)(?:{words})\s*$" if words else "(?!)", re.IGNORECASE)


def _dated(text: str, span: Span, day: Day, lex: Lexicon, dated: date | None) -> Deadline | None:
    before = text[max(span[0], day.span[0] - BEFORE) : day.span[0]]
    year_only = not (day.month or day.quarter or day.end_month)
    if year_only and _title(text, day, lex):
        return None
    if last := _ends(lex.language, "deadline.last").search(before):
        value = day.iso(dated, last=True, after=True)
        return _found(value, day, before, last, 4)
    if inside := lex.starts("deadline.inside").match(text, *day.span):
        ends = bool(_ends(lex.language, "deadline.last").search(inside[0]))
        return _found(day.iso(dated, last=ends, after=True), day, "", None, 3)
    if _ends(lex.language, "deadline.starts").search(before) and not day.quarter:
        return None
    return _announced(text, span, day, before, lex, dated)


def _announced(
    text: str, span: Span, day: Day, before: str, lex: Lexicon, dated: date | None
) -> Deadline | None:
    """A date after words such as "before", "by", "in"; how surely depends on its grain."""
    keys = ["deadline.before"]
    rank = 4
    if day.day is None:
        keys, rank = ["deadline.before", "deadline.period"], 3
    if not (day.month or day.quarter or day.end_month):
        keys, rank = ["deadline.year"], 1
        after = text[day.span[1] : span[1]]
        if re.match("|".join(lex.words("deadline.year_not_after")) or "(?!)", after, re.IGNORECASE):
            return None
    for key in keys:
        if match := _ends(lex.language, key).search(before):
            return _found(day.iso(dated, after=True), day, before, match, rank)
    return None


def _title(text: str, day: Day, lex: Lexicon) -> bool:
    """A year that belongs to a name: "Strategy to 2030", "kế hoạch năm 2025"."""
    before = text[max(0, day.span[0] - 100) : day.span[0]]
    return bool(lex.pattern("deadline.titles", whole=False).search(before))


def _found(
    value: str | None, day: Day, before: str, match: re.Match[str] | None, rank: int
) -> Deadline | None:
    if value is None:
        return None
    written = before[match.start() :] if match else ""
    lead = len(written) - len(written.lstrip(" ([:,–—-"))
    return Deadline(value, (day.span[0] - len(written) + lead, day.span[1]), rank)


def _relative(text: str, span: Span, lex: Lexicon, dated: date | None) -> list[Deadline]:
    if dated is None:
        return []
    found: list[Deadline] = []
    for number, row in enumerate(lex.rows("deadline.relative")):
        pattern = _row(lex.language, "deadline.relative", number)
        if match := pattern.search(text, *span):
            told = match.groupdict().get("w")
            value = _weekday(dated, lex, told) if told else _from(dated, row["gives"])
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            found.append(Deadline(value, (start, match.end()), 3))
    return found


@cache
def _row(language: str, key: str, number: int) -> re.Pattern[str]:
    written = lexicon(language).rows(key)[number]["pattern"]
    return re.compile(rf"(?<!\w)(?:{written})(?!\w)", re.IGNORECASE)


def _weekday(dated: date, lex: Lexicon, told: str) -> str:
    ahead = (int(lex.table("deadline.weekdays")[told.lower()]) - dated.weekday() - 1) % 7 + 1
    return (dated + timedelta(days=ahead)).isoformat()


def _from(dated: date, gives: str) -> str:
    quarter = (dated.month + 2) // 3
    following = date(dated.year + dated.month // 12, dated.month % 12 + 1, 1)
    month_end = following - timedelta(days=1)
    quarter_end = date(dated.year, quarter * 3, calendar.monthrange(dated.year, quarter * 3)[1])
    told = {
        "year-end": f"{dated.year}-12-31",
        "month-end": month_end.isoformat(),
        "quarter-end": quarter_end.isoformat(),
        "this-month": f"{dated.year}-{dated.month:02d}",
        "next-month": f"{following.year}-{following.month:02d}",
        "this-quarter": f"{dated.year}-Q{quarter}",
        "next-quarter": f"{dated.year + quarter // 4}-Q{quarter % 4 + 1}",
        "this-year": f"{dated.year}",
        "next-year": f"{dated.year + 1}",
    }
    return told[gives]


def _duration(text: str, span: Span, lex: Lexicon) -> Deadline | None:
    counts, units = lex.table("deadline.counts"), lex.table("deadline.units")
    for number, row in enumerate(lex.rows("deadline.duration")):
        match = _row(lex.language, "deadline.duration", number).search(text, *span)
        if not match:
            continue
        if gives := row.get("gives"):
            return Deadline(gives, match.span(), 2)
        told = match["n"].lower()
        count = int(told) if told.isdigit() else counts.get(told, 1)
        if unit := units.get(match["u"].lower()):
            return Deadline(f"P{count}{unit}", match.span(), 2)
    return None


def _repeat(text: str, span: Span, lex: Lexicon) -> Deadline | None:
    for number, row in enumerate(lex.rows("deadline.repeat")):
        for match in _row(lex.language, "deadline.repeat", number).finditer(text, *span):
            before = text[max(0, match.start() - 40) : match.start()]
            if not lex.pattern("deadline.not_repeat", whole=False).search(before):
                return Deadline(row["gives"], match.span(), 2)
    return None


def _soon(text: str, span: Span, lex: Lexicon) -> Deadline | None:
    match = lex.pattern("deadline.soon").search(text, *span)
    return Deadline(None, match.span()) if match else None
