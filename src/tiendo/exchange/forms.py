from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiendo.exchange.states import Watches
from tiendo.kit.refusals import Refused


class CalendarForm(forms.Form):
    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("So that you know it again: “Telephone”."),
    )
    watches = forms.ChoiceField(label=_("What it shows"), choices=Watches, widget=forms.RadioSelect)


class HookForm(forms.Form):
    """Where to, for which unit, of which acts."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    unit = forms.ModelChoiceField(label=_("For the unit"), queryset=None)
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput({"placeholder": "https://"}),
        help_text=_("At a host that this installation allows."),
    )
    acts = forms.MultipleChoiceField(
        label=_("What it is told of"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *given: Any, units: Any, said: dict[str, str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["unit"].queryset = units
        self.fields["acts"].choices = list(said.items())

    def refuse(self, refusal: Refused) -> None:
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal))
