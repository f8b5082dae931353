"""Days, months, quarters and years as people write them, and the day a text was written."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from tiendo.reading.folding import Span, fold
from tiendo.reading.language import language_of
from tiendo.reading.lexicon import Lexicon, lexicon

YEARS = (1945, 2100)
OPENING = 1_500  # a dateline stands in the head of a text…
TITLE_LINES = 6
CLOSING = 1_200  # …or above the signature, or in the address of the page
URL_MONTH = re.compile(
    r"https?://\S{0,300}?/(20[0-9]{2})[/-]?(0[1-9]|1[0-2])(?:[/-]?([0-3][0-9]))?/"
)
URL = re.compile(r"https?://\S+|www\.\S+")
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
NUMERIC = (
    r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?:T\S*)?",
    r"(?P<d>\d{1,2})(?P<s>[/.\-])(?P<m>\d{1,2})(?P=s)(?P<y>(?:19|20)\d\d)",
    r"(?P<m>\d{1,2})[/.](?P<y>(?:19|20)\d\d)",
    r"(?P<d>\d{1,2})[/](?P<m>\d{1,2})",
)
GLUED = r"(?P<d>[0-9]{2})/(?P<m>[0-9]{2})/(?P<y>(?:19|20)[0-9]{2})"
COMPILED: dict[str, list[re.Pattern[str]]] = {}


@dataclass(frozen=True)
class Day:
    """A date as written: whatever was not written is None. `half` is 1 or 2, `months` 6 or 9."""

    span: Span
    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    end_month: int | None = None  # "the first nine months" ends in month 9

    def iso(self, dated: date | None, *, last: bool = False, after: bool = False) -> str | None:
        """ISO day, month, quarter or year; a year not written is that of `dated`.

        `last`: the end of the period is meant; `after`: it cannot lie before `dated`.
        """
        year = self.year or (dated.year if dated else None)
        if year is None:
            return None
        if after and dated and not self.year and self._end(year) < dated:
            year += 1
        return self._end(year).isoformat() if last or self.end_month else self._written(year)

    def _written(self, year: int) -> str:
        if self.quarter:
            return f"{year}-Q{self.quarter}"
        if self.month is None:
            return str(year)
        if self.day is None:
            return f"{year}-{self.month:02d}"
        return self._end(year).isoformat()

    def _end(self, year: int) -> date:
        month = self.month or self.end_month or (self.quarter * 3 if self.quarter else 12)
        length = calendar.monthrange(year, month)[1]
        return date(year, month, min(self.day or length, length))


def days_in(text: str, lex: Lexicon) -> list[Day]:
    """Every date in a folded text, in order, none inside another."""
    found: list[Day] = []
    for pattern in _forms(lex):
        found.extend(day for match in pattern.finditer(text) if (day := _day(match, lex)))
    urls = [match.span() for match in URL.finditer(text)]
    found.sort(key=lambda day: (day.span[0], -day.span[1]))
    kept: list[Day] = []
    for day in found:
        if not kept or day.span[0] >= kept[-1].span[1]:
            kept.append(day)
    return outside(kept, urls)


def outside(days: list[Day], spans: list[Span]) -> list[Day]:
    """The days that lie in none of the (sorted) spans."""
    kept: list[Day] = []
    place = 0
    for day in days:
        while place < len(spans) and spans[place][1] <= day.span[0]:
            place += 1
        if place == len(spans) or spans[place][0] >= day.span[1]:
            kept.append(day)
    return kept


def _forms(lex: Lexicon) -> list[re.Pattern[str]]:
    if lex.language not in COMPILED:
        forms = lex.words("dates.forms") + [form.replace("\\d", "[0-9]") for form in NUMERIC]
        # A newspaper's name is often glued to the date of its page: "Le Nord19/02/2025".
        COMPILED[lex.language] = [re.compile(rf"(?<![0-9/.\-]){GLUED}(?![\w/]|[.\-][0-9])")] + [
            re.compile(rf"(?<![\w/.\-])(?:{form})(?![\w/]|[.\-][0-9])", re.IGNORECASE)
            for form in forms
        ]
    return COMPILED[lex.language]


def _day(match: re.Match[str], lex: Lexicon) -> Day | None:
    told = {name: value for name, value in match.groupdict().items() if value}
    year = int(told["y"]) if "y" in told else None
    if year is not None and not YEARS[0] <= year <= YEARS[1]:
        return None
    month = _month(told, lex)
    day = int(told["d"]) if "d" in told else None
    quarter = _counted(told.get("q"), lex, 4)
    half = _counted(told.get("h"), lex, 2)
    end_month = half * 6 if half else (int(told["n"]) if "n" in told else None)
    if not _possible(year, month, day, end_month):
        return None
    return Day(match.span(), year, month, day, quarter, end_month)


def _month(told: dict[str, str], lex: Lexicon) -> int | None:
    if "mon" in told:
        names = lex.table("dates.months")
        return next(n for n in range(1, 13) if re.fullmatch(names[str(n)], told["mon"], re.I))
    if "m" in told:
        return int(told["m"])
    return _counted(told.get("mw"), lex, 12)


def _counted(written: str | None, lex: Lexicon, most: int) -> int | None:
    if written is None:
        return None
    told = written.lower().strip(".")
    number = ROMAN.get(told) or (int(told) if told.isdigit() else None)
    number = number or lex.table("dates.ordinals").get(told)
    return number if number and 1 <= number <= most else None


def _possible(year: int | None, month: int | None, day: int | None, end: int | None) -> bool:
    if month is not None and not 1 <= month <= 12:
        return False
    if end is not None and not 1 <= end <= 12:
        return False
    if day is None:
        return True
    return month is not None and 1 <= day <= calendar.monthrange(year or 2024, month)[1]


def day_written(text: str, language: str | None = None) -> date | None:
    """The day a text was written, read from its own dateline; None when it does not tell.

    A dateline is a full date in the head of the text ("Hà Nội, ngày 24 tháng 10 năm 2025") that no
    document number owns, else one above the signature. An address that tells the month only
    (".../202510/...") gives the first day of that month: the year is sure, and it never makes a
    deadline of that month look past. Without any full date, a day without year takes the year that
    the text names most.
    """
    folded = fold(text).text
    lex = lexicon(language or language_of(folded))
    head = folded[:OPENING]
    every = days_in(head, lex)
    days = _own(head, every, lex)
    if full := _first_full([day for day in days if _stands_alone(head, day)]):
        return full
    if page := _from_url(folded):
        return _nearer(page, days)
    tail = folded[-CLOSING:]
    closing = [day for day in _own(tail, days_in(tail, lex), lex) if _stands_alone(tail, day)]
    found = _first_full(closing) or _first_full(days)
    # A text is younger than whatever it cites.
    return found or _latest(_cited(head, every, lex)) or _guessed(folded, days, lex)


def _own(text: str, days: list[Day], lex: Lexicon) -> list[Day]:
    """Days that date neither another document nor the end of a task."""
    cited = _cited(text, days, lex)
    due = lex.after("dates.not_dateline")
    return [
        day
        for day in days
        if day not in cited and not due.search(text[max(0, day.span[0] - 40) : day.span[0]])
    ]


def _cited(text: str, days: list[Day], lex: Lexicon) -> list[Day]:
    """Days of other documents: "résolution n° 57 du 22 décembre 2024"."""
    cited = lex.after("dates.cited_before")
    return [
        day
        for day in days
        if cited.search(text[max(0, day.span[0] - 90) : day.span[0]])
        and not _titles(text, day, lex)
    ]


def _titles(text: str, day: Day, lex: Lexicon) -> bool:
    """The document's own number and day, alone among its first lines: "ПРОТОКОЛ № 4 от 12.09.2025"."""
    left = text.rfind("\n", 0, day.span[0]) + 1
    first = len([line for line in text[:left].split("\n") if line.strip()]) < TITLE_LINES
    return first and _stands_alone(text, day) and bool(_kinds(lex.language).match(text, left))


@cache
def _kinds(language: str) -> re.Pattern[str]:
    lex = lexicon(language)
    words = [*lex.table("citations.types"), *lex.words("citations.mark"), *lex.words("dates.from")]
    return re.compile(rf"\s*(?:[^\W\d_]+\s+)?(?:{'|'.join(words)})", re.IGNORECASE)


def _stands_alone(text: str, day: Day) -> bool:
    """A dateline: nothing but a place, an hour or a newspaper stands in its line."""
    left = text.rfind("\n", 0, day.span[0]) + 1
    right = text.find("\n", day.span[1])
    line = text[left : right if right >= 0 else len(text)]
    short = len(line) - (day.span[1] - day.span[0]) <= 60
    return short and "|" not in line and not line.rstrip().endswith((";", ":"))


def _first_full(days: list[Day]) -> date | None:
    for day in days:
        if day.year and day.month and day.day:
            return date(day.year, day.month, day.day)
    return None


def _latest(days: list[Day]) -> date | None:
    told = [date(d.year, d.month, d.day) for d in days if d.year and d.month and d.day]
    return max(told, default=None)


def _from_url(text: str) -> date | None:
    if match := URL_MONTH.search(text):
        day = int(match[3]) if match[3] and 1 <= int(match[3]) <= 28 else 1
        return date(int(match[1]), int(match[2]), day)
    return None


def _nearer(page: date, days: list[Day]) -> date:
    """The day in the head that falls in the month of the page's address, else that month's first."""
    for day in days:
        if day.day and day.month == page.month and day.year in (None, page.year):
            return date(page.year, day.month, day.day)
    return page


def _guessed(text: str, days: list[Day], lex: Lexicon) -> date | None:
    years = [day.year for day in days_in(text, lex) if day.year]
    first = next((day for day in days if day.day and day.month), None)
    if not years:
        return None
    year = max(set(years), key=lambda told: (years.count(told), -told))
    if first and first.month and first.day:
        return date(year, first.month, min(first.day, calendar.monthrange(year, first.month)[1]))
    return None
