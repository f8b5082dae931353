"""The kinds of a reform, and its life."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    MERGE = "merge", _("Merge units")
    SPLIT = "split", _("Split a unit")
    MOVE = "move", _("Move units")
    RENAME = "rename", _("Rename a unit")
    CHANGE_KIND = "change_kind", _("Change the kind of units")
    ABOLISH = "abolish", _("Abolish a level")


class Status(TextChoices):
    PREPARED = "prepared", _("Prepared")
    CARRIED_OUT = "carried_out", _("Carried out")
    DROPPED = "dropped", _("Dropped")
