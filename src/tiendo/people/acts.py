from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "people.welcomed": _("An account was opened."),
    "people.token_opened": _("The key “%(name)s” was opened; it works until %(expires_on)s."),
    "people.token_ended": _("The key “%(name)s” was ended."),
}
