from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tiendo.documents import files, texts, waiting
from tiendo.documents.files import Kept
from tiendo.documents.models import DocumentType
from tiendo.documents.naming import NamesUnits
from tiendo.documents.offers import Offer, offered
from tiendo.documents.sources import ENDINGS, needs_its_text
from tiendo.documents.states import Bond, Secrecy
from tiendo.documents.symbols import fold_code
from tiendo.documents.units import unit_of_symbol
from tiendo.kit.refusals import Invalid, Refused
from tiendo.orgs.models import Kind, Unit
from tiendo.people.models import Person

KEEPERS_LOOKED_AT = 200


class Words(forms.CharField):
    """Words as typed; what cannot be kept is said by the room, in a sentence that says what to do."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = [v for v in self.validators if not hasattr(v, "code") or v.code != NULL]


NULL = "null_characters_not_allowed"


class SourceForm(NamesUnits):
    """A text, pasted or as a file; a scan comes with both, its picture and its words."""

    text = Words(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Paste the whole text as it was issued."),
    )
    file = forms.FileField(
        label=_("Or its file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_("Word (.docx), PDF, a web page, Markdown or plain text, up to 25 MB."),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    leave_out = forms.BooleanField(label=_("Leave this file out"), required=False)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.held: Kept | None = None
        self.is_scan = False
        self.source = ""

    def clean_text(self) -> str:
        """The pasted text; a field that holds only spaces is an empty one."""
        pasted: str = self.cleaned_data["text"]
        return self.checked(texts.sound, pasted, "text") if pasted.strip(" \t\r\n") else ""

    def clean_file(self) -> str:
        """The text of the file; the file itself is held until the form is complete."""
        upload = self.cleaned_data["file"]
        if not upload:
            return ""
        try:
            self.held, source = waiting.taken(
                upload.read(settings.UPLOAD_MAX_BYTES + 1), upload.name
            )
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        self.is_scan = source.is_scan
        return source.text

    def checked(self, check: Any, given: Any, name: str) -> str:
        try:
            return str(check(given, name))
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_kept(self) -> str:
        """The text of the file sent with the form before, if it still waits."""
        token = self.cleaned_data["kept"]
        if not token or self.held or self.data.get(self.add_prefix("leave_out")):
            return ""
        try:
            self.held, source = waiting.opened(token, self.by.pk)
        except Refused as refusal:
            self.add_error("file", str(refusal))
            return ""
        self.is_scan = source.is_scan
        return source.text

    def token(self) -> str:
        """The file held, as a signed word that comes back with the form."""
        return waiting.sealed(self.held, self.by.pk) if self.held else ""

    def clean(self) -> dict[str, Any]:
        """The source: a pasted text or a file, exactly one; a scan needs its words beside it."""
        given = self.cleaned_data
        sources = [name for name in ("text", "file", "kept") if given.get(name)]
        self.source = given[sources[0]] if sources else ""
        wrong = self.errors.keys() & {"text", "file"}
        if len(sources) > 1:
            self.add_error("text", _("Paste the text or send its file, not both."))
        elif not sources and not wrong:
            missing = (
                str(needs_its_text()) if self.is_scan else _("Paste the text, or choose its file.")
            )
            self.add_error("text", missing)
        return given

    def clean_title(self) -> str:
        return self.checked(texts.sound_line, self.cleaned_data["title"], "title")

    def file_to_keep(self, name: str) -> Kept:
        """The file as it came, or the pasted words as one."""
        return self.held or files.keep(
            self.source.encode(), files.tidy(f"{name}.txt".replace("/", "-"))
        )


class RegistrationForm(SourceForm):
    """An official text, pasted or as a file, and what the register says of it."""

    title = Words(label=_("Title"), max_length=500)
    symbol = Words(
        label=_("Number and symbol"),
        required=False,
        max_length=80,
        help_text=_("As printed, for example 57-NQ/TW."),
    )
    type = forms.ModelChoiceField(
        label=_("Type"),
        queryset=None,
        required=False,
        to_field_name="code",
        empty_label=_("Type not said"),
    )
    issuer = Words(
        label=_("Issued by"),
        max_length=300,
        help_text=_("Type the name of the unit, in full or in short."),
    )
    issued_on = forms.DateField(
        label=_("Date"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("Choose")), *settings.LANGUAGE_NAMES.items()]
    )
    unit = forms.ModelChoiceField(
        label=_("Kept by"),
        queryset=None,
        empty_label=_("Choose"),
        help_text=_("Whose register it enters; its tasks are planned there."),
    )
    secrecy = forms.ChoiceField(label=_("Secrecy"), choices=Secrecy.choices, initial=Secrecy.OPEN)

    signer = Words(label=_("Signed by"), required=False, max_length=120)
    signer_post = Words(
        label=_("As"),
        required=False,
        max_length=200,
        help_text=_("The post and in whose name, as printed: “TM. Ban Chỉ đạo, Trưởng ban”."),
    )
    in_force_from = forms.DateField(
        label=_("In force from"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Left empty: from its own date."),
    )
    in_force_to = forms.DateField(
        label=_("No longer in force from"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Left empty: without an end."),
    )

    def __init__(self, *args: Any, keepers: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["type"].queryset = DocumentType.objects.order_by("code")
        self.fields["unit"].queryset = keepers

    # one line fields ----------------------------------------------------------------------------

    def clean_symbol(self) -> str:
        return self.checked(texts.sound_line, self.cleaned_data["symbol"], "symbol")

    def clean_issued_on(self) -> date:
        day: date = self.cleaned_data["issued_on"]
        if day > self.today:
            raise forms.ValidationError(_("A text cannot be issued after today. Check the date."))
        return day

    def clean_signer(self) -> str:
        return self.checked(texts.sound_line, self.cleaned_data["signer"], "signer")

    def clean_signer_post(self) -> str:
        return self.checked(texts.sound_line, self.cleaned_data["signer_post"], "signer_post")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["issuer"] = self.unit_named("issuer", given.get("issued_on") or self.today)
        return given

    # what the text says of itself ---------------------------------------------------------------

    def offer(self) -> list[str]:
        """Fill what is still empty from the text; gives the names of the fields filled."""
        if not self.source:
            return []
        values = offered_values(offered(self.source), self.today)
        values["unit"] = self.keeper_offered(values["issuer"])
        filled = [
            n for n, value in values.items() if value and not self.data.get(self.add_prefix(n))
        ]
        self.data = self.data.copy()
        for name in filled:
            self.data[self.add_prefix(name)] = values[name]
        return filled

    def keeper_offered(self, issuer: str) -> str:
        """The register that fits: the issuer's own, else a committee's, else the first."""
        keepers = list(self.fields["unit"].queryset[:KEEPERS_LOOKED_AT])
        own = [unit for unit in keepers if issuer and unit.name_on(None) == issuer]
        committees = [unit for unit in keepers if unit.kind == Kind.COMMITTEE]
        return str([*own, *committees, *keepers][0].pk) if keepers else ""


def offered_values(offer: Offer, today: date) -> dict[str, str]:
    """An offer as the form's fields would hold it."""
    on = offer.issued_on if offer.issued_on and offer.issued_on <= today else None
    issuer: Unit | None = unit_of_symbol(offer.org, on or today)
    codes = {fold_code(code): code for code in DocumentType.objects.values_list("code", flat=True)}
    return {
        "title": offer.title,
        "symbol": offer.symbol,
        "type": codes.get(offer.type_code, ""),
        "issuer": issuer.name_on(on or today) if issuer else "",
        "issued_on": on.isoformat() if on else "",
        "language": offer.language,
    }


class TranslationForm(SourceForm):
    """The same text in another language."""

    title = Words(label=_("Title"), max_length=500)
    language = forms.ChoiceField(label=_("Language"), choices=[])

    def __init__(self, *args: Any, taken: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = [pair for pair in settings.LANGUAGE_NAMES.items() if pair[0] not in taken]
        self.fields["language"].choices = [("", _("Choose")), *left]


class BondForm(forms.Form):
    """How this text, or one place of it, stands to another."""

    kind = forms.ChoiceField(label=_("This text"), choices=Bond.choices)
    other = Words(
        label=_("The other text"),
        max_length=120,
        help_text=_(
            "Its number and symbol, as registered here. Where a number is there twice, add the year: 57-NQ/TW 2024."
        ),
    )
    provision = Words(
        label=_("Place in this text"),
        required=False,
        max_length=120,
        help_text=_("Its address, for example II.1.a. Left empty: the whole text."),
    )
    other_provision = Words(label=_("Place in the other text"), required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        for name in ("other", "provision", "other_provision"):
            try:
                self.cleaned_data[name] = texts.sound_line(self.cleaned_data.get(name) or "", name)
            except Invalid as refusal:
                self.add_error(name, str(refusal))
        return self.cleaned_data


class CitedForm(forms.Form):
    """What a cited number means: the bond, and which registered text it is."""

    kind = forms.ChoiceField(choices=Bond.choices)
    other = forms.IntegerField(min_value=1, max_value=2**62)


class DocumentSearch(forms.Form):
    """What a person looks for in the register; nonsense is ignored, never an error."""

    q = forms.CharField(required=False, max_length=200)
    type = forms.CharField(required=False, max_length=10)

    def clean_q(self) -> str:
        return " ".join(str(self.cleaned_data["q"]).split())
