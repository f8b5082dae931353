"""Forms that name units by typing."""

from datetime import date
from typing import Any

from django import forms

from tiendo.documents.units import Naming, named
from tiendo.orgs.models import Unit


class NamesUnits(forms.Form):
    """Resolves typed names; where a name is in doubt, the form comes back with the units it may mean."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.namings: dict[str, Naming] = {}

    def unit_named(self, name: str, *days: date) -> Unit | None:
        """The unit a field names on a day (or on the next of the days); otherwise the field says what to do."""
        written = self.cleaned_data.get(name) or ""
        if not written.strip():
            return None
        for on in days:
            naming = named(written, on=on, picked=self.picked(name, written))
            kept = self.namings.get(name)
            if naming.unit or kept is None or not kept.others:
                self.namings[name] = naming
            if naming.unit:
                return naming.unit
        self.add_error(name, self.namings[name].why)
        return None

    def picked(self, name: str, written: str) -> str:
        """The unit chosen among those offered, if the name is still the one they were offered for."""
        same = self.data.get(self.add_prefix(f"{name}_for"), "").strip() == written.strip()
        return str(self.data.get(self.add_prefix(f"{name}_unit"), "")) if same else ""

    def choices(self) -> dict[str, dict[str, Any]]:
        """For the template, by field: the units offered, the words they were offered for, the one chosen."""
        return {
            name: {"units": naming.others, "asked": self[name].value(), "chosen": naming.unit}
            for name, naming in self.namings.items()
            if naming.others
        }
