"""Texts in the registers of units that end: they stay where they are, and their heirs reach them. Writes nothing."""

from collections.abc import Iterable
from typing import Any

from tiendo.documents.models import Document
from tiendo.orgs.models import Unit


def kept(units: Iterable[Unit]) -> Any:
    """Texts in the registers of these units, newest first."""
    return Document.objects.filter(unit__in=list(units)).order_by("-issued_on", "-pk")
