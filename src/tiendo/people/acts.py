from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "people.welcomed": _("An account was opened."),
}
