from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiendo.notifications.models import Preference
from tiendo.notifications.states import Kind


class WishesForm(forms.ModelForm):  # type: ignore[type-arg]
    """How somebody wants to be told: for each kind, and when not."""

    class Meta:
        model = Preference
        fields = (*Kind.values, "digest_hour", "quiet_from", "quiet_until", "budget")
        help_texts = {
            "digest_hour": _("Everything that waits comes in one letter a day, at this hour."),
            "quiet_until": _(
                "Between these hours no letter goes out. The same hour twice: never quiet."
            ),
            "budget": _("What would be more waits for the letter of the day; nothing is lost."),
        }

    @property
    def manners(self) -> list[Any]:
        return [self[kind] for kind in Kind.values]

    @property
    def hours(self) -> list[Any]:
        return [self[name] for name in ("digest_hour", "quiet_from", "quiet_until", "budget")]

    def chosen(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
