"""Words and fields of people, roles, delegations, invitations and sheets; no rules."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from tiendo.access import reads
from tiendo.access.backend import rights
from tiendo.access.capabilities import MAY_GIVE, WORDS, Role
from tiendo.access.sheet import MOST_ROWS
from tiendo.access.sheets import MOST_BYTES
from tiendo.kit import clock
from tiendo.orgs import naming
from tiendo.orgs.forms import ActForm, day_field, words_field

LANGUAGES = [("", _("Not said")), *settings.LANGUAGE_NAMES.items()]


class RightsForm(ActForm):
    """A form in which people are named among those within reach."""

    def name_person(self, name: str) -> None:
        near = naming.people().filter(pk__in=reads.people_within(self.by).values("pk"))

        def ask(words: str, picked: str) -> Any:
            return naming.person_named(words, by=self.by, picked=picked, near=near)

        self.name(name, ask)


def role_field(by: Any) -> forms.ChoiceField:
    """The roles that are this person's to give, somewhere."""
    given = {role for right in rights(by, "access.grant") for role in MAY_GIVE.get(right.role, ())}
    choices = [(role.value, role.label) for role in Role if role in given]
    return forms.ChoiceField(label=_("Role"), choices=[("", _("Choose")), *choices])


class GrantForm(RightsForm):
    """A role over a unit, to a person or a post that is known already."""

    role = forms.ChoiceField(label=_("Role"))
    unit = words_field(
        _("Over"), 300, help_text=_("The unit, by name. The role covers all beneath it.")
    )
    starts_on = day_field(_("From"))
    ends_on = day_field(
        _("Stops on"), required=False, help_text=_("The first day without it; empty: no last day.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(self.by)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        self.name_unit("unit")
        return given

    def day(self) -> Any:
        return self.cleaned_data.get("starts_on") or clock.today()


class GrantToForm(GrantForm):
    """The same, to somebody who is still to be named."""

    person = words_field(
        _("To"), help_text=_("By name; who is new here, by the whole sign-in name or e-mail.")
    )
    field_order = ["person", "role", "unit", "starts_on", "ends_on"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self.name_person("person")
        return given


class EndingForm(ActForm):
    on = day_field(_("Stops on"), help_text=_("It stops at the first request of that day."))


class ClosingForm(forms.Form):
    reason = words_field(_("Why"), 300)

    def rows(self) -> list[dict[str, Any]]:
        return [{"field": field} for field in self.visible_fields()]

    def refuse(self, refusal: Any) -> None:
        self.add_error(None, str(refusal))


class DelegationForm(RightsForm):
    deputy = words_field(
        _("Deputy"), help_text=_("By name; who is new here, by the whole sign-in name or e-mail.")
    )
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Stops on"), help_text=_("The first day on which it works no more."))
    reason = words_field(_("Reason"), 300)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        self.name_person("deputy")
        return given


class InvitationForm(GrantForm):
    email = forms.EmailField(label=_("E-mail"))
    their_name = words_field(_("Name"), 120, required=False)
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=LANGUAGES, required=False
    )
    starts_on = day_field(_("From"), required=False, help_text=_("Empty: the day it is taken up."))
    field_order = ["email", "their_name", "role", "unit", "starts_on", "ends_on", "language"]


class JoinForm(forms.Form):
    """What somebody new says of themselves."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=80,
        help_text=_("Without “@”. You may also sign in with your e-mail."),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A sentence you remember is best."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGE_NAMES.items())

    def refuse(self, refusal: Any) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


class PeopleSearch(RightsForm):
    """Whom to list; what it does not understand it says, and lists without it."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    unit = words_field(_("Unit"), 300, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    state = forms.ChoiceField(
        label=_("Account"),
        required=False,
        choices=[("", _("Any")), ("open", _("Open")), ("closed", _("Closed"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("Any")), *Role.choices]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        self.name_unit("unit")
        return given


class WhyForm(RightsForm):
    """Whose right, to do what, where."""

    person = words_field(_("Who"), required=False)
    capability = forms.ChoiceField(label=_("May"), required=False)
    unit = words_field(_("Where"), 300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, words) for key, words in WORDS.items()]
        self.fields["capability"].choices = [("", _("Everything")), *choices]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        self.name_unit("unit")
        self.name_person("person")
        return given


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        help_text=_("An .xlsx or .csv file, up to 5 MB and 5,000 rows. Nothing is changed yet."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                _t("This file is larger than 5 MB. Bring it in in parts of %(rows)s rows.")
                % {"rows": MOST_ROWS}
            )
        return file

    def refuse(self, refusal: Any) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
