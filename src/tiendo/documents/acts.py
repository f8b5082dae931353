from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tiendo.documents.states import Bond

SENTENCES = {
    "documents.registered": _("The text %(symbol)s “%(title)s” was registered."),
    "documents.translated": _("It was entered in another language (%(language)s): “%(title)s”."),
    "documents.types_loaded": _("%(count)s document types were loaded from the country pack."),
    "documents.bound": _("A relation was entered: %(bond)s, %(symbol)s (place: %(place)s)."),
    "documents.unbound": _("A relation was taken back: %(bond)s, %(symbol)s (place: %(place)s)."),
    "documents.set_aside": _("The number %(symbol)s is only mentioned: no relation comes from it."),
}
WORDS = {
    "bond": dict(Bond.choices),
    "symbol": {"graded": _("a graded text")},
    "language": settings.LANGUAGE_NAMES,
}
