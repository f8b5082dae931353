"""Words and fields; no rules."""

from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal
from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from tiendo.documents.states import Secrecy
from tiendo.kit.refusals import Refused
from tiendo.orgs.models import Post, Unit, UnitName
from tiendo.orgs.names import fold
from tiendo.tasks.models import Programme, Sector
from tiendo.tasks.sets import Chosen
from tiendo.tasks.states import Cycle, Finding, Level, ReturnReason, Status

DAY_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]
NEEDED = _("Needed before the task is issued.")
LONGEST = 20_000  # characters of free text


class RefusableForm(forms.Form):
    """A form on which a refusal of the act stands beside its field."""

    def now(self, **values: Any) -> None:
        """What changed under the form while it lay open: the next try knows it."""
        typed: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, value in values.items():
            typed[name] = str(value)
        self.data = typed

    def refuse(self, refusal: Refused) -> None:
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal))


def words_field(
    label: Any, *, required: bool = True, rows: int = 3, first: bool = False, **kwargs: Any
) -> forms.CharField:
    """Free text; the first field of a form takes the keyboard as soon as the form is shown."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": rows, "autofocus": first}),
        **kwargs,
    )


def day_field(label: Any, *, required: bool = True, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=required, input_formats=DAY_FORMATS, widget=widget, **kwargs
    )


class NumberField(forms.CharField):
    """A number as people of each language write it; kept as typed when it cannot be read."""

    widget = forms.TextInput({"inputmode": "decimal"})

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value).replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        if not typed:
            return None
        number = as_number(typed)
        if number is None or abs(number) >= 10**14 or -number.as_tuple().exponent > 4:  # type: ignore[operator]
            raise forms.ValidationError(
                _t("Write a number in figures, with at most 4 digits after the decimal sign.")
            )
        return number


def as_number(typed: str) -> Decimal | None:
    """The language's own way of writing first, then plain figures with a point."""
    try:
        number = Decimal(parse_decimal(typed, locale=get_language() or "en", strict=True))
    except (NumberFormatError, InvalidOperation):
        try:
            number = Decimal(typed)
        except InvalidOperation:
            return None
    return number if number.is_finite() else None


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what may be kept is judged by the store, not here."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [upload for upload in (data or []) if upload]


class ReportForm(RefusableForm):
    words = words_field(_("What was done"), rows=4, first=True)
    amount = NumberField(label=_("How many"), required=False)
    out_of = NumberField(label=_("Out of how many"), required=False)
    obstacle = words_field(_("What stands in the way"), required=False, rows=2)
    files = FilesField(  # type: ignore[assignment]
        label=_("Files that show it"),
        required=False,
        help_text=_(
            "PDF, Office files, pictures or text, up to 25 MB each. Several may be chosen."
        ),
    )
    statement = words_field(
        _("Statement in place of a file"),
        required=False,
        rows=2,
        help_text=_(
            "Signed words that the product is there; an address of a page is kept as text and never opened."
        ),
    )
    begun = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    is_final = forms.BooleanField(
        label=_("The product is finished"),
        required=False,
        help_text=_("The report then goes to another unit for verification and needs a file."),
    )
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PartChoice(forms.ModelChoiceField):
    """A part by its task, as lists name it."""

    def label_from_instance(self, part: Any) -> str:
        task = part.task
        return f"{task.programme} {task.label}. {task.title} · {part.get_role_display()}"


class ReasonForm(RefusableForm):
    """One text that says why; the page names it."""

    reason = words_field(_("Reason"), first=True)

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label

    def refuse(self, refusal: Refused) -> None:
        self.add_error("reason" if refusal.field else None, str(refusal))


class JoinForm(ReasonForm):
    """Which part goes on, and why the two become one."""

    into = PartChoice(label=_("Goes on as"), queryset=None, empty_label=_("Choose"))
    field_order = ["into", "reason"]

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = offered.select_related("task__programme")


class ExtensionForm(RefusableForm):
    asked_on = day_field(_("New date asked for"))
    reason = words_field(_("Reason"))


class DecisionForm(RefusableForm):
    note = words_field(_("Note to the unit"), first=True)


class VerdictForm(RefusableForm):
    reason = forms.ChoiceField(
        label=_("If returned: why"), choices=[("", "—"), *ReturnReason.choices], required=False
    )
    note = words_field(
        _("Note"), required=False, help_text=_("Needed when the report is returned.")
    )


class IssueForm(RefusableForm):
    overrule = words_field(
        _("Why it goes out as it is"),
        required=False,
        rows=2,
        help_text=_("Only the head of the committee may overrule the six clears, with a note."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


# Drafts -------------------------------------------------------------------------------------------


def units_called(name: str) -> list[Unit]:
    """Living units that are called so in any language, or carry this key; “Name (parent)” tells them apart."""
    plain, _sign, above = name.strip().removesuffix(")").partition(" (")
    called = UnitName.objects.filter(
        folded__in=[fold(plain), plain.casefold()], ends_on=None
    ).values("unit")
    found = (
        Unit.objects.filter(Q(pk__in=called) | Q(key=name.strip()[:120]))
        .filter(ends_on=None)
        .with_names()
    )
    units = list(found[:50])
    if above and len(units) > 1:
        units = [unit for unit in units if fold(parent_name(unit)) == fold(above)]
    return units


def parent_name(unit: Unit) -> str:
    steps = unit.path.strip("/").split("/")
    above = Unit.objects.filter(pk=steps[-2]).with_names().first() if len(steps) > 1 else None
    return above.name_on(None) if above else ""


def full_name(unit: Unit) -> str:
    above = parent_name(unit)
    return f"{unit.name_on(None)} ({above})" if above else unit.name_on(None)


class UnitField(forms.CharField):
    """A unit by its name; when several bear it, the answer lists them with what they belong to."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=300, **kwargs)
        self.widget.attrs |= {"list": "units", "autocomplete": "off"}

    def clean(self, value: Any) -> Unit | None:
        name = super().clean(value)
        return one_unit(name) if name else None


def one_unit(name: str) -> Unit:
    found = units_called(name)
    if not found:
        raise forms.ValidationError(
            _t("No unit is called “%(name)s”. Choose one from the list, or write its full name.")
            % {"name": name}
        )
    if len(found) > 1:
        raise forms.ValidationError(
            _t("Several units are called “%(name)s”. Write one of these: %(choices)s.")
            % {"name": name, "choices": "; ".join(full_name(unit) for unit in found[:8])}
        )
    return found[0]


class UnitsField(forms.CharField):
    """Units by their names, one a line."""

    widget = forms.Textarea({"rows": 2})

    def clean(self, value: Any) -> list[Unit]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return [one_unit(line) for line in lines[:100]]


class DraftForm(RefusableForm):
    """The wording of a task: who, what, by when, with which right, to show what."""

    title = forms.CharField(label=_("Work"), max_length=500, widget=forms.Textarea({"rows": 2}))
    lead = UnitField(label=_("Lead unit"))
    post = forms.ChoiceField(
        label=_("Person: which post answers"), required=False, help_text=NEEDED
    )
    helpers = UnitsField(
        label=_("Units that help"),
        required=False,
        max_length=LONGEST,
        help_text=_("One name a line."),
    )
    due_on = day_field(_("Due"), required=False, help_text=_("A day, or a repetition."))
    cycle = forms.ChoiceField(label=_("Repeated"), choices=Cycle.choices, required=False)
    product = forms.CharField(label=_("Product"), max_length=300, required=False, help_text=NEEDED)
    measure = forms.CharField(
        label=_("Measure"),
        max_length=300,
        required=False,
        help_text=_("What is counted, over what: records cleared ÷ records at the start."),
    )
    responsibility = forms.CharField(
        label=_("Responsibility"), max_length=300, required=False, help_text=NEEDED
    )
    authority = forms.CharField(
        label=_("Authority"), max_length=300, required=False, help_text=NEEDED
    )
    cycle_ends_on = day_field(_("Repeated until"), required=False)
    acceptance = forms.CharField(
        label=_("How the product is accepted"), max_length=300, required=False
    )
    legal_base = forms.CharField(label=_("Legal base"), max_length=300, required=False)
    sector = forms.ModelChoiceField(
        label=_("Sector"), queryset=Sector.objects.all(), required=False, empty_label=_("None")
    )
    secrecy = forms.ChoiceField(label=_("Secrecy"), choices=Secrecy.choices, required=False)
    verifier = UnitField(
        label=_("Verified by"),
        required=False,
        help_text=_("A unit other than the lead. Empty: the unit that gives the task."),
    )
    is_key = forms.BooleanField(label=_("Key task"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lead: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = post_choices(lead)  # type: ignore[attr-defined]
        self.fields["lead"].widget.attrs |= ASK_POSTS

    def clean_secrecy(self) -> str:
        return self.cleaned_data["secrecy"] or Secrecy.OPEN

    def refuse(self, refusal: Refused) -> None:
        if refusal.field == "unit":
            self.add_error("helpers", str(refusal))
        else:
            super().refuse(refusal)


class BreakdownForm(DraftForm):
    """A task beneath another: its grade, its sector and whether it is key stand above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("secrecy", "sector", "is_key"):
            del self.fields[name]


class GivingForm(RefusableForm):
    """Whom a task is given to: a set with a name, or a list; and what each of them owes."""

    chosen = forms.ChoiceField(label=_("To whom"), choices=Chosen.choices)
    within = UnitField(
        label=_("Only beneath"),
        required=False,
        help_text=_("A province, for its communes. Empty: the whole country."),
    )
    units = forms.CharField(
        label=_("Units of a list made by hand"),
        required=False,
        max_length=1_000_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One name or key a line."),
    )
    product = forms.CharField(
        label=_("Product of each"),
        max_length=300,
        required=False,
        help_text=_("Empty: as in the task."),
    )
    due_on = day_field(
        _("Due"), required=False, help_text=_("No later than the task. Empty: the same day.")
    )
    verifier = UnitField(
        label=_("Verified by"), required=False, help_text=_("Empty: the unit that leads the task.")
    )


class SplitForm(RefusableForm):
    """The two pieces of work that stood in one sentence."""

    first = forms.CharField(
        label=_("First work"), max_length=500, widget=forms.Textarea({"rows": 2})
    )
    second = forms.CharField(
        label=_("Second work"), max_length=500, widget=forms.Textarea({"rows": 2})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TransferForm(ReasonForm):
    """Who takes a part over, and why."""

    unit = UnitField(label=_("To which unit"))
    field_order = ["unit", "reason"]


class HelpForm(RefusableForm):
    """A unit that helps, with a post, a product and a day of its own."""

    unit = UnitField(label=_("Unit that helps"))
    product = forms.CharField(label=_("Its own product"), max_length=300)
    due_on = day_field(_("Due"), required=False, help_text=_("Empty: the same day as the lead."))
    verifier = UnitField(
        label=_("Verified by"),
        required=False,
        help_text=_("Empty: the unit that gives the task."),
    )


class DrawForm(RefusableForm):
    """A lot: over whose results, of which days, and how many of each level."""

    unit = UnitField(
        label=_("Over whose results"),
        help_text=_("All that this unit and those beneath it do or give."),
    )
    starts_on = day_field(_("Sent from"))
    ends_on = day_field(_("Until, not any more"), help_text=_("The lot is drawn from this day on."))
    seed = forms.CharField(
        label=_("Seed"),
        max_length=64,
        required=False,
        help_text=_("Thrown publicly, for example by dice. Empty: it is made by chance."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in Level:
            self.fields[f"share_{level.value}"] = forms.IntegerField(
                label=_t("%(level)s: percent to check") % {"level": level.label},
                min_value=0,
                max_value=100,
            )

    @property
    def share_fields(self) -> list[Any]:
        return [self[f"share_{level.value}"] for level in Level]

    def refuse(self, refusal: Refused) -> None:
        if refusal.field == "shares":
            self.add_error(None, str(refusal))
        else:
            super().refuse(refusal)


class FindingForm(RefusableForm):
    finding = forms.ChoiceField(label=_("What was found"), choices=Finding.choices)
    note = words_field(_("What was seen, where and when"), first=False)


# the posts of the unit just named are fetched from the page itself; without a script they come after the first try
ASK_POSTS = {
    "hx-get": "",
    "hx-trigger": "change",
    "hx-target": "#field-post",
    "hx-select": "#field-post",
    "hx-swap": "outerHTML",
}
HEAD = "head"  # every unit has one, whether or not the seat is on file


def post_choices(unit: Unit | None) -> list[tuple[str, Any]]:
    """The seats of the lead unit; its head always."""
    posts = list(unit.posts.order_by("pk")) if unit else []
    choices: list[tuple[str, Any]] = [("", _t("Not named yet"))]
    if not any(post.kind == Post.Kind.HEAD for post in posts):
        choices.append((HEAD, Post.Kind.HEAD.label))
    return choices + [(str(post.pk), str(post)) for post in posts]


class NewTaskForm(DraftForm):
    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Programme.objects.none(), empty_label=_("Choose")
    )
    field_order = ("programme",)

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]


# The list -----------------------------------------------------------------------------------------


class UnitsCalledField(forms.CharField):
    """Units by a name that may be several's, by a key, or by a number: what a list is narrowed to."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=300, required=False, **kwargs)
        self.widget.attrs |= {"list": "units", "autocomplete": "off"}

    def clean(self, value: Any) -> list[Unit] | None:
        name = super().clean(value).strip()
        if name.isascii() and name.isdigit() and len(name) < 19:
            return list(Unit.objects.filter(pk=int(name)))
        return units_called(name) if name else None


class ProgrammeChoice(forms.ChoiceField):
    """One of the programmes the reader follows, by its number or its symbol."""

    def offer(self, programmes: list[Programme]) -> None:
        self.by_word = {word: one for one in programmes for word in (str(one.pk), one.symbol)}
        self.choices = [("", _("All programmes"))] + [(str(p.pk), p.symbol) for p in programmes]

    def valid_value(self, value: Any) -> bool:
        return str(value) in self.by_word

    def clean(self, value: Any) -> Programme | None:
        return self.by_word.get(super().clean(value))


STATES = (
    ("", _("Any state")),
    (
        _("Work and timing"),
        (
            ("open", _("Open")),
            ("late", _("Open late")),
            ("due_soon", _("Due soon")),
            ("open_in_time", _("Open in time")),
            ("no_date", _("No date")),
            ("done", _("Done")),
            ("done_in_time", _("Done in time")),
            ("done_late", _("Done late")),
        ),
    ),
    (
        _("Where it stands"),
        tuple(one for one in Status.choices if one[0] not in {Status.DONE, Status.TRANSFERRED}),
    ),
)
COLUMNS = (
    ("lead", _("Lead")),
    ("due", _("Due")),
    ("state", _("State")),
    ("programme", _("Programme")),
    ("sector", _("Sector")),
    ("given_by", _("Given by")),
    ("issued_on", _("Issued")),
    ("product", _("Product")),
    ("verifier", _("Verified by")),
    ("done_on", _("Done on")),
)
USUAL = ("lead", "due", "state")


class TaskFilter(forms.Form):
    """What the address may ask of the list of tasks: of its page, of the API, of what is taken out as a table."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    programme = ProgrammeChoice(label=_("Programme"), required=False)
    sector = forms.ModelChoiceField(
        label=_("Sector"), queryset=Sector.objects.all(), required=False, to_field_name="code"
    )
    unit = UnitsCalledField(label=_("Unit"))
    beneath = forms.BooleanField(label=_("and those beneath it"), required=False)
    lead = UnitsCalledField(label=_("Lead unit"))
    due_from = day_field(_("Due from"), required=False)
    due_to = day_field(_("Due until"), required=False)
    key = forms.BooleanField(label=_("Key tasks only"), required=False)
    status = forms.ChoiceField(choices=[("", ""), *Status.choices], required=False)
    columns = forms.MultipleChoiceField(
        label=_("Columns"), choices=COLUMNS, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, programmes: list[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].offer(programmes)  # type: ignore[attr-defined]
        self.fields["sector"].empty_label = _t("All sectors")  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        """What was understood; a field that cannot be read narrows nothing and says so beside it."""
        self.is_valid()
        return self.cleaned_data

    @property
    def is_narrow(self) -> bool:
        return any(value for name, value in self.asked.items() if name != "columns")

    @property
    def is_detailed(self) -> bool:
        """Whether anything beyond the first row of fields is asked for."""
        first = ("q", "state", "programme", "unit")
        return bool(self.errors) or any(v for name, v in self.asked.items() if name not in first)
