"""What a spreadsheet of people asks for, row by row: known or invited, already so, or wrong and why. Writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tiendo.access.backend import Right, rights
from tiendo.access.capabilities import Role
from tiendo.access.giving import gives
from tiendo.access.models import Grant, Invitation
from tiendo.access.sheet import MOST_ROWS
from tiendo.kit.refusals import Invalid
from tiendo.orgs import matching
from tiendo.orgs.models import Unit
from tiendo.orgs.names import fold
from tiendo.orgs.naming import is_sure
from tiendo.people.models import Person

MOST_BYTES = 5 * 2**20
# The columns in their usual order; a file may bring them in any, headed in any of our languages.
COLUMNS = {
    "email": lazy("E-mail"),
    "name": lazy("Full name"),
    "role": lazy("Role"),
    "unit": lazy("Unit"),
    "from": lazy("From"),
    "to": lazy("Last day"),
    "language": lazy("Language"),
}
NEEDED = ("email", "role", "unit")
# What offices head their columns with as well.
ALSO = {
    "email": ("email", "mail", "thư điện tử", "địa chỉ email", "courriel", "адрес почты", "почта"),
    "name": ("họ tên", "tên", "nom", "nom et prénom", "имя", "фио"),
    "role": ("quyền", "roles"),
    "unit": ("cơ quan", "tên đơn vị", "service", "организация"),
    "from": ("từ ngày", "ngày bắt đầu", "start", "début", "с"),
    "to": ("đến", "đến ngày", "ngày kết thúc", "end", "until", "fin", "по"),
    "language": ("ngôn ngữ", "langue", "язык"),
}


class Outcome(TextChoices):
    GIVE = "give", lazy("The role will be given")
    INVITE = "invite", lazy("Will be invited")
    AGAIN = "again", lazy("Will be invited again")
    NOTHING = "nothing", lazy("Nothing new")
    WRONG = "wrong", lazy("Wrong")


@dataclass
class Row:
    """One line of the sheet: what stands there, and what would come of it."""

    number: int
    words: dict[str, str]
    outcome: Outcome = Outcome.WRONG
    why: str = ""
    email: str = ""
    role: Role | None = None
    unit: Unit | None = None
    person: Person | None = None
    invitation: Invitation | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    language: str = ""

    @property
    def key(self) -> tuple[str, str, int]:
        return (self.email, str(self.role), self.unit.pk if self.unit else 0)


@dataclass
class Judged:
    """The whole sheet; it is brought in when nothing is wrong and something is new."""

    rows: list[Row] = field(default_factory=list)

    @property
    def wrong(self) -> list[Row]:
        return self.having(Outcome.WRONG)

    @property
    def news(self) -> list[Row]:
        return self.having(Outcome.GIVE, Outcome.INVITE, Outcome.AGAIN)

    @property
    def may_go(self) -> bool:
        return bool(self.news) and not self.wrong

    def having(self, *outcomes: Outcome) -> list[Row]:
        return [row for row in self.rows if row.outcome in outcomes]


# The rows as words ----------------------------------------------------------------------------------


def laid_out(read: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows of a read file in our own order of columns, each with its number first."""
    if not read:
        raise Invalid(_("This sheet is empty. Begin with the template."), field="file")
    places = columns_of(read[0][1:])
    if len(read) - 1 > MOST_ROWS:
        raise Invalid(
            _("This sheet has more than %(most)s rows. Bring it in in parts.")
            % {"most": MOST_ROWS},
            field="file",
        )
    return [[row[0], *(cell(row, places.get(column)) for column in COLUMNS)] for row in read[1:]]


def cell(row: Sequence[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""


def columns_of(head: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by its heading."""
    known = called(COLUMNS) | {fold(w): column for column, words in ALSO.items() for w in words}
    places = {
        known[fold(words)]: number
        for number, words in reversed(list(enumerate(head, start=1)))
        if fold(words) in known
    }
    missing = [str(COLUMNS[column]) for column in NEEDED if column not in places]
    if missing:
        raise Invalid(
            _("The first row must name the columns. Missing: %(columns)s. Begin with the template.")
            % {"columns": ", ".join(missing)},
            field="file",
        )
    return places


def called(words: Any) -> dict[str, str]:
    """What each of our words is called in any of our languages, without accents, and by its own key."""
    found = {fold(key.replace("_", " ")): key for key in words}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {fold(str(label)): str(key) for key, label in words.items()}
    return found


# What comes of them ---------------------------------------------------------------------------------


def judged(laid: Sequence[Sequence[str]], *, by: Person, on: date, now: Any) -> Judged:
    """What would come of each row today; asks the tables as often for one row as for five thousand."""
    rows = [Row(int(row[0]), dict(zip(COLUMNS, row[1:], strict=True))) for row in laid]
    roles = called({role.value: role.label for role in Role})
    languages = called(settings.LANGUAGE_NAMES)
    for row in rows:
        row.why = understood(row, roles, languages, on)
    name_units(rows, on)
    known = Known.about(rows)
    own, seen = rights(by, "access.grant"), set[tuple[str, str, int]]()
    for row in rows:
        if not row.why:
            row.outcome, row.why = outcome_of(row, known, own, by, on, now)
        if not row.why and row.key in seen:
            row.outcome, row.why = Outcome.WRONG, _("This line stands in the sheet twice.")
        seen.add(row.key)
    return Judged(rows)


def understood(row: Row, roles: dict[str, str], languages: dict[str, str], on: date) -> str:
    """Read the words of a row; gives what is wrong with them, or nothing."""
    words = row.words
    row.email = words["email"].strip().lower()
    try:
        validate_email(row.email)
    except ValidationError:
        return _("“%(words)s” is no e-mail address.") % {"words": words["email"]}
    role = roles.get(fold(words["role"]))
    if role is None:
        return _("“%(words)s” is no role.") % {"words": words["role"]}
    row.role = Role(role)
    if words["language"] and fold(words["language"]) not in languages:
        return _("“%(words)s” is none of our languages.") % {"words": words["language"]}
    row.language = languages.get(fold(words["language"]), "")
    return dated(row, on)


def dated(row: Row, on: date) -> str:
    """The days of a row; “to” is the last day on which the role works."""
    starts_on, last = day_read(row.words["from"]), day_read(row.words["to"])
    for written, found in ((row.words["from"], starts_on), (row.words["to"], last)):
        if written and found is None:
            return _("“%(words)s” is no day. Write it as 2025-11-28.") % {"words": written}
    row.starts_on = starts_on
    row.ends_on = last + timedelta(days=1) if last else None
    if last and last < max(starts_on or on, on):
        return _("The last day must come after the first, and not before today.")
    return ""


def day_read(words: str) -> date | None:
    """2025-11-28, or as it is written here: 28/11/2025, 28-11-2025, 28.11.2025."""
    parts = words.replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 3 and len(parts[2]) == 4:
        parts.reverse()
    try:
        return parse_date("-".join(part.zfill(2) for part in parts)) if len(parts) == 3 else None
    except ValueError:
        return None


def name_units(rows: Iterable[Row], on: date) -> None:
    """Find each unit by its key or its name on this day; each name is looked up once."""
    wanted = {row.words["unit"] for row in rows if not row.why}
    by_key = {unit.key: unit.pk for unit in Unit.objects.filter(key__in=wanted)}
    found = {words: unit_meant(words, by_key, on) for words in wanted}
    numbers = {number for number, _why in found.values() if number}
    units = Unit.objects.with_names().in_bulk(numbers)
    for row in rows:
        if not row.why:
            number, row.why = found[row.words["unit"]]
            row.unit = units.get(number)


def unit_meant(words: str, by_key: dict[str, int], on: date) -> tuple[int, str]:
    """The one unit these words mean, or why none or several."""
    if words in by_key:
        return by_key[words], ""
    found = matching.match(words, on=on, limit=3) if words else []
    if found and is_sure(found) and found[0].unit_id is not None:
        return found[0].unit_id, ""
    if found:
        names = Unit.objects.with_names().in_bulk([m.unit_id for m in found if m.unit_id])
        facts = {"words": words, "units": ", ".join(unit.name for unit in names.values())}
        return 0, _("“%(words)s” may mean %(units)s. Write the whole name or the key.") % facts
    return 0, _("No unit is called “%(words)s” today.") % {"words": words}


@dataclass
class Known:
    """Who is known, what they hold and which letters are on their way, for all rows at once."""

    people: dict[str, Person]
    grants: dict[tuple[int, str, int], list[Grant]]
    invitations: dict[tuple[str, str, int], list[Invitation]]

    @classmethod
    def about(cls, rows: Iterable[Row]) -> "Known":
        addresses = {row.email for row in rows if not row.why}
        people = {
            person.email.lower(): person
            for part in parts_of(addresses)
            for person in Person.objects.annotate(low=Lower("email")).filter(low__in=part)
        }
        known = cls(people, {}, {})
        for part in parts_of({person.pk for person in people.values()}):
            for grant in Grant.objects.filter(person__in=part):
                key = (grant.person_id, grant.role, grant.unit_id)
                known.grants.setdefault(key, []).append(grant)
        for part in parts_of(addresses):
            for one in Invitation.objects.filter(email__in=part, revoked_at__isnull=True):
                known.invitations.setdefault((one.email, one.role, one.unit_id), []).append(one)
        return known


def parts_of(many: set[Any]) -> Iterable[list[Any]]:
    """A database takes so many values in one question."""
    ordered = sorted(many)
    return [ordered[start : start + 900] for start in range(0, len(ordered), 900)]


def outcome_of(
    row: Row, known: Known, own: list[Right], by: Person, on: date, now: Any
) -> tuple[Outcome, str]:
    if row.unit is None or row.role is None or not gives(own, row.role, row.unit.path):
        return Outcome.WRONG, _("This role over this unit is not yours to give.")
    row.person = known.people.get(row.email)
    if row.person == by or row.email == by.email.lower():
        return Outcome.WRONG, _("You cannot give a role to yourself.")
    if row.person is None:
        return invited(row, known.invitations.get(row.key, []), now)
    if not row.person.is_active or row.person.is_operator:
        return Outcome.WRONG, _("The account of this address is closed.")
    held = known.grants.get((row.person.pk, row.role, row.unit.pk), [])
    if any(covers(grant, max(row.starts_on or on, on)) for grant in held):
        return Outcome.NOTHING, ""
    return Outcome.GIVE, ""


def covers(grant: Grant, day: date) -> bool:
    """Whether the role is held already on the first day on which the row would have it work."""
    return grant.starts_on <= day and (grant.ends_on is None or grant.ends_on > day)


def invited(row: Row, letters: list[Invitation], now: Any) -> tuple[Outcome, str]:
    waiting = [one for one in letters if one.is_open]
    if not waiting:
        return Outcome.INVITE, ""
    row.invitation = waiting[0]
    return (Outcome.NOTHING if waiting[0].expires_at > now else Outcome.AGAIN), ""
