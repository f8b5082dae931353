"""Words and fields of the acts on units, committees and posts; no rules."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tiendo.kit import clock
from tiendo.kit.refusals import Refused
from tiendo.orgs import naming
from tiendo.orgs.composition import Share, part_read
from tiendo.orgs.models import Committee, Group, Kind, Post, Tree

DAY_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]
LANGUAGES = (
    ("vi", _("Vietnamese")), ("en", _("English")), ("fr", _("French")), ("ru", _("Russian")),
)  # fmt: skip
FOUNDED = [kind for kind in Kind if kind not in (Kind.COUNTRY, Kind.COMMITTEE)]


def words_field(label: Any, longest: int = 200, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, **kwargs)


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, input_formats=DAY_FORMATS, widget=widget, **kwargs)


def basis_field() -> forms.CharField:
    return words_field(
        _("Legal basis"), required=False, help_text=_("The text this rests on, by its number.")
    )


class ActForm(forms.Form):
    """A form of an act: a refusal stands beside its field; a typed name in doubt comes back with whom it may mean."""

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.offered: dict[str, tuple[list[Any], Any]] = {}

    def refuse(self, refusal: Refused) -> None:
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal))

    def day(self) -> date:
        """The day the form speaks of; a name is resolved as of it."""
        return self.cleaned_data.get("on") or clock.today()

    def name_unit(self, name: str) -> None:
        """Put the unit a field names on the form's day in its place."""
        self.name(
            name, lambda words, picked: naming.unit_named(words, on=self.day(), picked=picked)
        )

    def name_person(self, name: str) -> None:
        """Put the person a field names in its place."""
        self.name(name, lambda words, picked: naming.person_named(words, by=self.by, picked=picked))

    def name(self, name: str, ask: Callable[[str, str], Any]) -> None:
        written = (self.cleaned_data.get(name) or "").strip()
        if not written:
            self.cleaned_data[name] = None
            return
        came = ask(written, self.picked(name, written))
        chosen = getattr(came, "unit", None) or getattr(came, "person", None)
        self.cleaned_data[name] = chosen
        if came.others:
            self.offered[name] = (came.others, chosen)
        if chosen is None:
            self.add_error(name, came.why)

    def picked(self, name: str, written: str) -> str:
        """The one chosen among those offered, if the words are still those they were offered for."""
        same = str(self.data.get(f"{name}_for", "")).strip() == written
        return str(self.data.get(f"{name}_is", "")) if same else ""

    def rows(self) -> list[dict[str, Any]]:
        """Its visible fields, each with those it may mean and the one chosen."""
        return [
            {"field": field, "others": others, "chosen": chosen}
            for field in self.visible_fields()
            for others, chosen in [self.offered.get(field.name, ([], None))]
        ]


class NamesForm(ActForm):
    """A name in one language at least."""

    vi = words_field(
        _("Name in Vietnamese"), 300, required=False, help_text=_("One language is enough.")
    )
    en = words_field(_("Name in English"), 300, required=False)
    fr = words_field(_("Name in French"), 300, required=False)
    ru = words_field(_("Name in Russian"), 300, required=False)

    def names(self) -> dict[str, str]:
        given = ((language, self.cleaned_data.get(language, "")) for language, _words in LANGUAGES)
        return {language: text for language, text in given if text}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.names():
            self.add_error("vi", gettext("Give the unit a name in at least one language."))
        return given


class FoundingForm(NamesForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=[(k.value, k.label) for k in FOUNDED])
    on = day_field(_("From"))
    basis = basis_field()


class NameForm(ActForm):
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    text = words_field(_("New name"), 300)
    on = day_field(_("From"))
    basis = basis_field()


class PlaceForm(ActForm):
    tree = forms.ChoiceField(
        label=_("Tree"),
        choices=Tree.choices,
        help_text=_("Rights follow the tree of the State; the others only show who leads whom."),
    )
    beneath = words_field(_("Beneath"), 300, help_text=_("The unit it will hang under, by name."))
    on = day_field(_("From"))
    basis = basis_field()

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.name_unit("beneath")
        return self.cleaned_data


# ---------------------------------------------------------------- committees
class CommitteeForm(NamesForm):
    type = forms.ChoiceField(label=_("Type"), choices=Committee.Type.choices)
    level = forms.ChoiceField(label=_("Level"), choices=Committee.Level.choices)
    serves = words_field(
        _("Serves"),
        300,
        required=False,
        help_text=_("The unit it works for; left empty, the one it hangs under."),
    )
    on = day_field(_("From"))
    basis = basis_field()

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.name_unit("serves")
        return self.cleaned_data


class StandingOfficeForm(ActForm):
    unit = words_field(
        _("Standing office"), 300, help_text=_("The unit that prepares, follows and reports.")
    )
    on = day_field(_("From"))
    basis = basis_field()

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.name_unit("unit")
        return self.cleaned_data


class EndForm(ActForm):
    on = day_field(_("First day without it"))
    basis = basis_field()


# ---------------------------------------------------------------- posts
class PostForm(ActForm):
    kind = forms.ChoiceField(label=_("Post"), choices=Post.Kind.choices)
    title = words_field(
        _("Title"), required=False, help_text=_("As it is written, where it differs from the post.")
    )
    on = day_field(_("From"))


class TenureForm(ActForm):
    person = words_field(
        _("Person"),
        help_text=_(
            "By name, with or without accents; who has no post yet, by the whole sign-in name or e-mail."
        ),
    )
    on = day_field(_("From"))
    ends_on = day_field(_("First day after it"), required=False)
    group = forms.ChoiceField(
        label=_("Group"),
        required=False,
        choices=[("", _("Not said")), *Group.choices],
        help_text=_("Where a committee's composition is ruled: whom this member stands for."),
    )
    basis = basis_field()

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.name_person("person")
        return self.cleaned_data


class GroupForm(ActForm):
    group = forms.ChoiceField(label=_("Group"), choices=Group.choices)
    on = day_field(_("From"))


# ---------------------------------------------------------------- who must sit in it
class ShareField(forms.CharField):
    """A part of the members, as “30 %” or “1/3”; kept as typed when it cannot be read."""

    widget = forms.TextInput({"inputmode": "text", "size": 7})

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=12)

    def clean(self, value: Any) -> Fraction | None:
        typed = super().clean(value)
        if not typed:
            return None
        part = part_read(typed)
        if part is None:
            raise forms.ValidationError(gettext("Write a share as 30 % or as 1/3."))
        return part


class CompositionForm(ActForm):
    """One line for each group, then the size."""

    smallest = forms.IntegerField(
        label=_("Members at least"), required=False, min_value=0, max_value=1000
    )
    largest = forms.IntegerField(
        label=_("Members at most"), required=False, min_value=1, max_value=1000
    )
    is_binding = forms.BooleanField(
        label=_("Binding: refuse an appointment after which it could no longer be met"),
        required=False,
    )
    on = day_field(_("From"))
    basis = basis_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in Group:
            said = {"group": group.label}
            least = ShareField(gettext("%(group)s, at least") % said)
            most = ShareField(gettext("%(group)s, at most") % said)
            self.fields |= {f"least_{group}": least, f"most_{group}": most}

    def by_group(self) -> list[tuple[Any, Any, Any]]:
        """For the page: each group with its two fields."""
        return [(group.label, self[f"least_{group}"], self[f"most_{group}"]) for group in Group]

    def others(self) -> list[dict[str, Any]]:
        return [
            row for row in self.rows() if "_" not in row["field"].name or "is_" in row["field"].name
        ]

    def shares(self) -> list[Share]:
        """The groups of which something is asked."""
        given = (
            (str(g), self.cleaned_data[f"least_{g}"], self.cleaned_data[f"most_{g}"]) for g in Group
        )
        return [Share(g, least, most) for g, least, most in given if (least, most) != (None, None)]
