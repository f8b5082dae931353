from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "people.welcomed": _("An account was opened."),
    "people.joined": _("An account was opened by invitation."),
    "people.closed": _("The account was closed. %(reason)s"),
    "people.reopened": _("The account was opened again."),
    "people.reset_sent": _("A letter with a link for a new password was sent."),
    "people.bound": _("The account was bound to an identity at the provider “%(provider)s”."),
    "people.session_ended": _("A session on another device was ended."),
    "people.token_opened": _("The key “%(name)s” was opened; it works until %(expires_on)s."),
    "people.token_ended": _("The key “%(name)s” was ended."),
}
