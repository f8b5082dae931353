"""Panels that rooms upstairs show on a page downstairs. Settings name them; the page does not know them."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def panels(request: Any, subject: Any, on: date) -> list[str]:
    """The drawn panels for this subject, as of a day, in the order settings give."""
    names = settings.PANELS.get(subject._meta.label_lower, ())
    return [import_string(name)(request, subject, on) for name in names]
