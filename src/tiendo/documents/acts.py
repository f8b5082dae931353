from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "documents.registered": _("The text %(symbol)s “%(title)s” was registered."),
    "documents.types_loaded": _("%(count)s document types were loaded from the country pack."),
}
