"""Words and fields of a reform's plan; each kind of reform has the fields it needs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from tiendo.documents.naming import NamesUnits
from tiendo.kit.refusals import Refused
from tiendo.orgs.models import Kind as UnitKind
from tiendo.orgs.models import Unit
from tiendo.reforms.plan import Plan
from tiendo.reforms.states import Kind
from tiendo.tasks.forms import NumberField, day_field, words_field

ROWS, MOST_ROWS = 2, 12
MANY_UNITS = {Kind.MERGE, Kind.MOVE, Kind.CHANGE_KIND}
ONE_UNIT = {Kind.SPLIT, Kind.RENAME}
OFFICIAL: Literal["vi"] = "vi"  # the language of the names a legal text gives
HUNDRED = Decimal(100)


def name_field(label: Any, *, required: bool = False, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=300, **kwargs)


class PlanForm(NamesUnits):
    """The legal text, the day, and what happens to which units, all named by typing."""

    basis = forms.CharField(
        label=_("Legal text"), max_length=120, help_text=_("By its symbol, such as 202/2025/QH15.")
    )
    on = day_field(_("Takes effect on"))

    def __init__(self, *args: Any, kind: Kind, rows: int = ROWS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.rows = kind, max(ROWS, min(rows, MOST_ROWS))
        self.plan: dict[str, Any] = {}
        for name, field in self.fields_of_kind().items():
            self.fields[name] = field

    def fields_of_kind(self) -> dict[str, forms.Field]:
        builders: dict[Kind, Any] = {
            Kind.MERGE: self.merge_fields,
            Kind.SPLIT: self.split_fields,
            Kind.MOVE: lambda: {"beneath": name_field(_("Hangs beneath then"), required=True)},
            Kind.RENAME: self.rename_fields,
            Kind.CHANGE_KIND: lambda: {"becomes": kind_field(_("Becomes"))},
            Kind.ABOLISH: self.abolish_fields,
        }
        return {**self.unit_fields(), **builders[self.kind]()}

    def unit_fields(self) -> dict[str, forms.Field]:
        number = self.rows if self.kind in MANY_UNITS else int(self.kind in ONE_UNIT)
        return {
            f"unit_{place}": name_field(
                _t("Unit %(number)s") % {"number": place} if number > 1 else _("Unit"),
                required=place == 1,
            )
            for place in range(1, number + 1)
        }

    def merge_fields(self) -> dict[str, forms.Field]:
        return {
            "heir": name_field(_("Taken over by"), required=True),
            "heir_is_new": forms.BooleanField(
                label=_("It is a new unit, founded by this reform"), required=False
            ),
            "code": name_field(
                _("Code of the new unit"), help_text=_("Only where a new unit is founded.")
            ),
        }

    def split_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for place in range(1, self.rows + 1):
            label = _t("Heir %(number)s") % {"number": place}
            found[f"heir_{place}"] = name_field(label, required=place < 3)
            found[f"new_{place}"] = forms.BooleanField(label=_("A new unit"), required=False)
            found[f"share_{place}"] = NumberField(label=_("Share, in percent"), required=False)
        return found

    def rename_fields(self) -> dict[str, forms.Field]:
        return {
            "name": name_field(_("New name")),
            "code": name_field(_("New code of the statistics office")),
        }

    def abolish_fields(self) -> dict[str, forms.Field]:
        return {
            "level": kind_field(_("All units of the kind")),
            "beneath": name_field(_("Beneath"), required=True),
        }

    # what was typed, as a plan -------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        on = given.get("on")
        if on is None:
            return given
        self.plan = {
            "units": [unit.pk for unit in self.units_typed(on)],
            **self.rest_of_plan(given, on),
        }
        return given

    def units_typed(self, on: date) -> list[Unit]:
        """Units that end are found as they were called the day before, others as on the day."""
        eve = on - timedelta(days=1)
        names = [name for name in self.fields if name.startswith("unit_")]
        found = [self.unit_named(name, eve, on) for name in names]
        return list(dict.fromkeys(unit for unit in found if unit is not None))

    def rest_of_plan(self, given: dict[str, Any], on: date) -> dict[str, Any]:
        if self.kind == Kind.MERGE:
            return self.merge_plan(given, on)
        if self.kind == Kind.SPLIT:
            return self.split_plan(given, on)
        plan: dict[str, Any] = {}
        if "beneath" in self.fields:
            beneath = self.unit_named("beneath", on, on - timedelta(days=1))
            plan["beneath"] = beneath and beneath.pk
        for name in ("becomes", "level"):
            if given.get(name):
                plan[name] = given[name]
        if self.kind == Kind.RENAME:
            plan["names"] = {OFFICIAL: given["name"]} if given.get("name") else {}
            plan["code"] = given.get("code", "")
        return plan

    def merge_plan(self, given: dict[str, Any], on: date) -> dict[str, Any]:
        if given.get("heir_is_new"):
            new = self.new_unit(given.get("heir", ""), given.get("code", ""))
            return {"heirs": [{"unit": -1}], "new": [new]} if new else {}
        heir = self.unit_named("heir", on, on - timedelta(days=1))
        return {"heirs": [{"unit": heir.pk}]} if heir else {}

    def split_plan(self, given: dict[str, Any], on: date) -> dict[str, Any]:
        heirs, new = [], []
        for place in range(1, self.rows + 1):
            name = given.get(f"heir_{place}", "")
            if not name:
                continue
            percent = given.get(f"share_{place}")
            share = None if percent is None else str(percent / HUNDRED)
            if given.get(f"new_{place}"):
                founded = self.new_unit(name)
                new += [founded] if founded else []
                heirs.append({"unit": -len(new), "share": share})
            elif unit := self.unit_named(f"heir_{place}", on, on - timedelta(days=1)):
                heirs.append({"unit": unit.pk, "share": share})
        return {"heirs": heirs, "new": new}

    def new_unit(self, name: str, code: str = "") -> dict[str, Any] | None:
        """A new unit is of the kind, and hangs beneath the unit, of the first one that ends."""
        first = self.namings["unit_1"].unit if "unit_1" in self.namings else None
        if first is None or not name:
            return None
        line = first.path.split("/")
        beneath = int(line[-3]) if len(line) > 2 else first.pk
        return {"names": {OFFICIAL: name}, "kind": first.kind, "beneath": beneath, "code": code}

    def refuse(self, refusal: Refused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


def names_unit(field: str) -> bool:
    """Whether a unit is named there by typing."""
    return field in {"heir", "beneath"} or (
        field.startswith(("unit_", "heir_")) and field != "heir_is_new"
    )


def kind_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("Choose")), *UnitKind.choices])


class DropForm(forms.Form):
    reason = words_field(_("Why it is given up"), first=True)


# ---------------------------------------------------------------- a plan, as it was typed
def typed(kind: Kind, plan: Plan, units: dict[int, Unit], basis: str, on: date) -> QueryDict:
    """The fields that would give this plan, for revising it; the units meant stay the units meant."""
    fields = QueryDict(mutable=True)
    fields["basis"], fields["on"] = basis, on.isoformat()
    named = {f"unit_{place}": pk for place, pk in enumerate(plan.units, start=1)}
    if plan.beneath is not None:
        named["beneath"] = plan.beneath
    for place, heir in enumerate(plan.heirs, start=1):
        name = "heir" if kind == Kind.MERGE else f"heir_{place}"
        if heir.unit > 0:
            named[name] = heir.unit
        else:
            fields[name] = next(iter(plan.new[-heir.unit - 1].names.values()))
            fields["heir_is_new" if kind == Kind.MERGE else f"new_{place}"] = "on"
        if heir.share is not None:
            fields[f"share_{place}"] = f"{(heir.share * HUNDRED).normalize():f}"
    for name, pk in named.items():
        words = units[pk].name_on(on)
        fields[name] = fields[f"{name}_for"] = words
        fields[f"{name}_unit"] = str(pk)
    fields["name"] = plan.names.get(OFFICIAL, "")
    fields["code"] = plan.code or (plan.new[0].code if plan.new else "")
    fields["becomes"], fields["level"] = plan.becomes or "", plan.level or ""
    return fields


def rows_of(plan: Plan) -> int:
    return max(len(plan.units), len(plan.heirs))
