from datetime import date
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiendo.documents.forms import Words
from tiendo.documents.naming import NamesUnits
from tiendo.documents.texts import sound_line
from tiendo.documents.units import named
from tiendo.intake.cuts import MOST_WORDS as LONGEST
from tiendo.intake.cuts import cuts_in, span_of
from tiendo.intake.fragments import LEFT_OUT
from tiendo.intake.models import Proposal
from tiendo.intake.states import RefusalReason
from tiendo.kit.refusals import Invalid
from tiendo.orgs.models import Unit
from tiendo.tasks.models import Task
from tiendo.tasks.states import Cycle

LINES = ("title", "product", "measure", "authority", "responsibility")
PARTNERS_MOST = 40


class AcceptanceForm(NamesUnits):
    """A proposal worded as a task. Units are typed; the day of the text decides which unit a name means."""

    title = Words(label=_("Work"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    lead = Words(
        label=_("Lead"),
        max_length=300,
        help_text=_("One unit, and only one, answers for it."),
        error_messages={"required": _("Name the one unit that leads.")},
    )
    product = Words(
        label=_("Product"),
        required=False,
        max_length=300,
        help_text=_("What will lie on the table when it is done."),
    )
    due_on = forms.DateField(
        label=_("Due"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    cycle = forms.ChoiceField(label=_("Cycle"), required=False, choices=Cycle.choices)
    measure = Words(
        label=_("Measure"),
        required=False,
        max_length=300,
        help_text=_("A number over a number: how anybody can see how far it is."),
    )
    authority = Words(
        label=_("Authority"), required=False, max_length=300, help_text=_("Who decides and signs.")
    )
    responsibility = Words(label=_("Responsibility"), required=False, max_length=300)
    verifier = Words(
        label=_("Verified by"), max_length=300, help_text=_("A unit other than the lead.")
    )
    partners = Words(
        label=_("With"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Units that help, one on each line."),
    )
    is_key = forms.BooleanField(label=_("Key task"), required=False)

    def __init__(self, *args: Any, on: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.today = on, today

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name in LINES:
            given[name] = self.line(name)
        given["lead"] = self.unit_named("lead", self.on, self.today)
        given["verifier"] = self.unit_named("verifier", self.today, self.on)
        given["partners"] = self.partners_named(given.get("partners") or "")
        if given["lead"] and given["lead"] == given["verifier"]:
            self.add_error(
                "verifier",
                _("A unit cannot verify its own part. Choose another unit to verify it."),
            )
        return given

    def line(self, name: str) -> str:
        try:
            return sound_line(self.cleaned_data.get(name) or "", name)
        except Invalid as refusal:
            self.add_error(name, str(refusal))
            return ""

    def partners_named(self, written: str) -> tuple[Unit, ...]:
        """The unit of each line; a line in doubt is quoted with what is wrong."""
        found: list[Unit] = []
        for line in [one.strip() for one in written.splitlines() if one.strip()][:PARTNERS_MOST]:
            unit = named(line, on=self.on).unit or named(line, on=self.today).unit
            if unit is None:
                self.add_error(
                    "partners",
                    _("“%(line)s” is not clear: type the full name of one unit.")
                    % {"line": line[:120]},
                )
            elif unit not in found and unit != self.cleaned_data.get("lead"):
                found.append(unit)
        return tuple(found)


class RefusalForm(forms.Form):
    """Why no task comes from a sentence."""

    kind = forms.ChoiceField(
        label=_("Reason"),
        choices=RefusalReason.choices,
        initial=RefusalReason.GUIDANCE,
        widget=forms.RadioSelect,
    )
    words = Words(
        label=_("In a few words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        try:
            words = sound_line(given.get("words") or "", "words")
        except Invalid as refusal:
            self.add_error("words", str(refusal))
            return given
        if given.get("kind") == RefusalReason.OTHER and not words:
            self.add_error("words", _("Say which reason."))
        if given.get("kind") in RefusalReason.values:
            label = RefusalReason(given["kind"]).label
            given["reason"] = (
                _("%(reason)s: %(words)s") % {"reason": label, "words": words}
                if words
                else str(label)
            )
        return given


class SplitForm(forms.Form):
    """Where a sentence is cut: at the places offered, those between two orders ticked already."""

    at = forms.MultipleChoiceField(label=_("Where is it cut?"), required=False)
    words = Words(
        label=_("Or where these words begin"),
        required=False,
        max_length=300,
        help_text=_("The first words of the second task, as they stand in the sentence."),
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        cuts = [] if proposal.more else cuts_in(proposal.quote)
        self.fields["at"].choices = [(str(place), str(place)) for place, _sure in cuts]
        self.initial["at"] = [str(place) for place, sure in cuts if sure]

    def pieces(self) -> list[dict[str, Any]]:
        """The sentence in pieces, each with the cut before it."""
        if self.proposal.more:
            return [{"text": words} for words in self.proposal.quote.split(LEFT_OUT)]
        chosen = set(self["at"].value() or [])
        places = [int(value) for value, _label in self.fields["at"].choices]
        edges = [0, *places, len(self.proposal.quote)]
        return [
            {"text": self.proposal.quote[first:last], "at": first, "is_cut": str(first) in chosen}
            for first, last in pairwise(edges)
        ]

    def clean_at(self) -> list[int]:
        return [int(place) for place in self.cleaned_data["at"]]

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if words and span_of(words, self.proposal.quote) is None:
            raise forms.ValidationError(
                _("These words do not stand in the sentence so. Copy them from it.")
            )
        return words

    def cuts(self) -> list[int]:
        """The places ticked and the one typed."""
        typed = span_of(self.cleaned_data["words"], self.proposal.quote)
        return [*self.cleaned_data["at"], *([typed[0]] if typed else [])]


class MergerForm(forms.Form):
    """With what a proposal is one: other proposals of the text, or a task that asks for the same."""

    others = forms.MultipleChoiceField(label=_("Other proposals"), required=False)
    task = forms.ChoiceField(label=_("Or a task that asks for the same already"), required=False)

    def __init__(
        self, *args: Any, proposals: list[Proposal], tasks: list[Task], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.proposals = {str(one.pk): one for one in proposals}
        self.tasks = {str(one.pk): one for one in tasks}
        self.fields["others"].choices = [(key, one.work) for key, one in self.proposals.items()]
        self.fields["task"].choices = [(key, one.title) for key, one in self.tasks.items()]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        given["others"] = [self.proposals[key] for key in given.get("others") or []]
        given["task"] = self.tasks.get(given.get("task") or "")
        if bool(given["others"]) == bool(given["task"]) and not self.errors:
            raise forms.ValidationError(
                _("Choose what this is one with: other proposals, or one task.")
            )
        return given


class MarkForm(forms.Form):
    """Words of the text in which nothing was found."""

    words = Words(
        label=_("Words of the text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Select them in the text and press N, or type them as they stand there."),
    )


class ProgrammeForm(forms.Form):
    """A new programme to follow, when the unit has none that fits."""

    symbol = Words(label=_("Symbol"), max_length=40, help_text=_("For example 57-NQ/TW."))
    title = Words(label=_("Title"), max_length=300)

    def clean(self) -> dict[str, Any]:
        for name in ("symbol", "title"):
            try:
                self.cleaned_data[name] = sound_line(self.cleaned_data.get(name) or "", name)
            except Invalid as refusal:
                self.add_error(name, str(refusal))
        return self.cleaned_data
