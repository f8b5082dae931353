from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "access.given": _("%(to)s was given the role “%(role)s” over %(unit)s from %(starts_on)s."),
    "access.ended": _("The role “%(role)s” ended on %(ends_on)s."),
    "access.passed_on": _(
        "By %(basis)s the role “%(role)s” of %(to)s over %(unit)s ended on %(ends_on)s; over %(heir)s it goes on as “%(new_role)s”."
    ),
    "access.ended_with_unit": _(
        "By %(basis)s the role “%(role)s” of %(to)s over %(unit)s ended on %(ends_on)s."
    ),
}
