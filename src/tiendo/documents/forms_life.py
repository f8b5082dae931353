"""The words and fields of a text's life: a draft, a stage, opinions asked, given and answered, a signature, an end."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tiendo.documents import texts
from tiendo.documents.forms import SourceForm, Words
from tiendo.documents.models import DocumentType
from tiendo.documents.states import Answer, Secrecy, Status
from tiendo.documents.units import named
from tiendo.kit.refusals import Invalid
from tiendo.orgs.models import Unit

UNITS_MOST = 200


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more
    )


class Plain(forms.Form):
    """One line fields cleaned alike."""

    lines: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        for name in self.lines:
            try:
                self.cleaned_data[name] = texts.sound_line(self.cleaned_data.get(name) or "", name)
            except Invalid as refusal:
                self.add_error(name, str(refusal))
        return self.cleaned_data


class DraftForm(SourceForm):
    """A new draft: its words, who will issue it, until when it should be ready."""

    title = Words(label=_("Title"), max_length=500)
    type = forms.ModelChoiceField(
        label=_("Type"),
        queryset=None,
        required=False,
        to_field_name="code",
        empty_label=_("Type not said"),
    )
    issuer = Words(label=_("To be issued by"), max_length=300)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("Choose")), *settings.LANGUAGE_NAMES.items()]
    )
    unit = forms.ModelChoiceField(label=_("Kept by"), queryset=None, empty_label=_("Choose"))
    secrecy = forms.ChoiceField(label=_("Secrecy"), choices=Secrecy.choices, initial=Secrecy.OPEN)
    due_on = day_field(_("To be ready by"), required=False)

    def __init__(self, *args: Any, keepers: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        fields: Any = self.fields
        fields["type"].queryset = DocumentType.objects.order_by("code")
        fields["unit"].queryset = keepers

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["issuer"] = self.unit_named("issuer", self.today)
        return given


class WordingForm(SourceForm):
    """Another wording of a draft."""

    title = Words(label=_("Title"), max_length=500)


class StageForm(Plain):
    status = forms.ChoiceField(label=_("Next stage"), choices=[])
    due_on = day_field(_("Due"), required=False)
    note = Words(label=_("Note"), required=False, max_length=500)
    lines = ("note",)

    def __init__(self, *args: Any, open_to: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["status"].choices = [(one, Status(one).label) for one in open_to]


class AskForm(Plain):
    units = Words(
        label=_("Units asked"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One on each line, by its full or short name."),
    )
    due_on = day_field(_("Opinions until"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_units(self) -> list[Unit]:
        """The unit of each line; a line in doubt is quoted with what is wrong."""
        found: list[Unit] = []
        written = [line.strip() for line in self.cleaned_data["units"].splitlines()]
        for line in [line for line in written if line][:UNITS_MOST]:
            naming = named(line, on=self.today)
            if naming.unit is None:
                raise forms.ValidationError(
                    _("“%(line)s” is not clear: type the full name of one unit.")
                    % {"line": line[:120]}
                )
            found.append(naming.unit)
        return found


class OpinionForm(forms.Form):
    address = Words(
        label=_("Place in this text"), required=False, max_length=120,
        help_text=_("Its address, for example II.1.a. Left empty: the whole text."),
    )  # fmt: skip
    words = Words(
        label=_("Opinion"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Left empty: your unit agrees and has nothing to add."),
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("Answer"), choices=Answer.choices)
    reason = Words(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed when it is not taken as it is."),
    )  # fmt: skip


class SignatureForm(Plain):
    symbol = Words(label=_("Number and symbol"), max_length=80)
    signed_on = day_field(_("Signed on"))
    signer = Words(label=_("Signed by"), max_length=120)
    signer_post = Words(label=_("As"), required=False, max_length=200)
    in_force_from = day_field(
        _("In force from"), required=False, help_text=_("Left empty: from its own date.")
    )
    lines = ("symbol", "signer", "signer_post")


class EndForm(Plain):
    status = forms.ChoiceField(label=_("What became of it"), choices=[])
    on = day_field(_("Since"))
    note = Words(label=_("Why, or by which text"), max_length=500)
    lines = ("note",)

    def __init__(self, *args: Any, open_to: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["status"].choices = [(one, Status(one).label) for one in open_to]
