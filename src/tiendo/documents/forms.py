from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from tiendo.documents import files, texts
from tiendo.documents.files import Kept
from tiendo.documents.models import DocumentType
from tiendo.documents.naming import NamesUnits
from tiendo.documents.offers import Offer, fold_code, offered
from tiendo.documents.states import Secrecy
from tiendo.documents.units import unit_of_symbol
from tiendo.kit.refusals import Invalid, Refused
from tiendo.orgs.models import Kind, Unit
from tiendo.people.models import Person

KEEPERS_LOOKED_AT = 200
KEPT_FOR = 24 * 3600  # seconds a file waits for the form it came with


class Words(forms.CharField):
    """Words as typed; what cannot be kept is said by the room, in a sentence that says what to do."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = [v for v in self.validators if not hasattr(v, "code") or v.code != NULL]


NULL = "null_characters_not_allowed"


class RegistrationForm(NamesUnits):
    """An official text, pasted or as a file, and what the register says of it."""

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
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
        help_text=_("A plain text file (.txt), up to 2 MB."),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    leave_out = forms.BooleanField(label=_("Leave this file out"), required=False)
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

    def __init__(self, *args: Any, by: Person, keepers: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.today = by, today
        self.held: Kept | None = None
        self.source = ""
        self.fields["type"].queryset = DocumentType.objects.order_by("code")
        self.fields["unit"].queryset = keepers

    # the source: a pasted text or a file, exactly one ------------------------------------------

    def clean_text(self) -> str:
        """The pasted text; a field that holds only spaces is an empty one."""
        pasted: str = self.cleaned_data["text"]
        return self.checked(texts.sound, pasted, "text") if pasted.strip(" \t\r\n") else ""

    def clean_file(self) -> str:
        """The text of the file; the file itself is held until the form is complete."""
        upload = self.cleaned_data["file"]
        if not upload:
            return ""
        if upload.size > texts.LIMIT:
            raise forms.ValidationError(str(texts.too_large("file")))
        content = upload.read()
        text = self.checked(texts.decoded, content, "file")
        self.held = files.keep(content, files.tidy(upload.name))
        return text

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
            facts = signing.loads(token, salt=self.salt, max_age=KEPT_FOR)
            held = Kept(*facts)
            text = texts.decoded(files.opened(held.digest).read())
        except (signing.BadSignature, Refused):
            self.add_error("file", _("The file you sent before is gone. Choose it again."))
            return ""
        self.held = held
        return text

    @property
    def salt(self) -> str:
        return f"documents.kept.{self.by.pk}"

    def token(self) -> str:
        """The file held, as a signed word that comes back with the form."""
        if self.held is None:
            return ""
        return signing.dumps([self.held.digest, self.held.name, self.held.size], salt=self.salt)

    # one line fields ----------------------------------------------------------------------------

    def clean_title(self) -> str:
        return self.checked(texts.sound_line, self.cleaned_data["title"], "title")

    def clean_symbol(self) -> str:
        return self.checked(texts.sound_line, self.cleaned_data["symbol"], "symbol")

    def clean_issued_on(self) -> date:
        day: date = self.cleaned_data["issued_on"]
        if day > self.today:
            raise forms.ValidationError(_("A text cannot be issued after today. Check the date."))
        return day

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        sources = [name for name in ("text", "file", "kept") if given.get(name)]
        self.source = given[sources[0]] if sources else ""
        wrong = self.errors.keys() & {"text", "file"}
        if len(sources) > 1:
            self.add_error("text", _("Paste the text or send its file, not both."))
        elif not sources and not wrong:
            self.add_error("text", _("Paste the text, or choose its file."))
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


class DocumentSearch(forms.Form):
    """What a person looks for in the register; nonsense is ignored, never an error."""

    q = forms.CharField(required=False, max_length=200)
    type = forms.CharField(required=False, max_length=10)

    def clean_q(self) -> str:
        return " ".join(str(self.cleaned_data["q"]).split())
