from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "reforms.prepared": _("A reform by %(basis)s was prepared; it takes effect on %(effect_on)s."),
    "reforms.revised": _("The plan of the reform by %(basis)s was revised."),
    "reforms.dropped": _("The reform by %(basis)s was dropped: %(reason)s"),
    "reforms.carried_out": _(
        "The reform by %(basis)s was carried out as of %(effect_on)s. Units ended: %(ended)s; parts passed on: %(parts)s; "
        "roles passed on or ended: %(grants)s; posts closed: %(posts)s."
    ),
}
