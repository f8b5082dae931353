from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "access.given": _("%(to)s was given the role “%(role)s” over %(unit)s from %(starts_on)s."),
    "access.ended": _("The role “%(role)s” ended on %(ends_on)s."),
}
