from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "exchange.calendar_opened": _("A calendar address was opened: %(name)s."),
    "exchange.calendar_ended": _("A calendar address was ended: %(name)s."),
    "exchange.hook_connected": _("The webhook “%(name)s” to %(host)s was connected."),
    "exchange.hook_ended": _("The webhook “%(name)s” was ended."),
    "exchange.hook_renewed": _("The webhook “%(name)s” got a new secret."),
    "exchange.replayed": _("The webhook “%(name)s” is to send %(count)s messages again."),
}
