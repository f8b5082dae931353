from django.utils.translation import gettext_lazy as _

from tiendo.access.capabilities import Role
from tiendo.orgs.models import Post

SENTENCES = {
    "access.given": _("%(to)s was given the role “%(role)s” over %(unit)s from %(starts_on)s."),
    "access.passed_on": _(
        "By %(basis)s the role “%(role)s” of %(to)s over %(unit)s ended on %(ends_on)s; over %(heir)s it goes on as “%(new_role)s”."
    ),
    "access.ended_with_unit": _(
        "By %(basis)s the role “%(role)s” of %(to)s over %(unit)s ended on %(ends_on)s."
    ),
    "access.ended": _("The role “%(role)s” of %(to)s over %(unit)s ended on %(ends_on)s."),
    "access.delegated": _(
        "%(to)s acts for the post “%(title)s” of %(unit)s from %(starts_on)s; it stops on %(ends_on)s. Reason: %(reason)s"
    ),
    "access.delegation_ended": _(
        "%(to)s stopped acting for the post “%(title)s” of %(unit)s on %(ends_on)s."
    ),
    "access.invited": _("%(email)s was invited to the role “%(role)s” over %(unit)s."),
    "access.invited_again": _("%(email)s was invited again to the role “%(role)s” over %(unit)s."),
    "access.invitation_revoked": _(
        "The invitation of %(email)s to the role “%(role)s” over %(unit)s was taken back."
    ),
    "access.invitation_accepted": _(
        "%(to)s took up the invitation to the role “%(role)s” over %(unit)s."
    ),
    "access.brought_in": _(
        "The sheet “%(name)s” was brought in: %(rows)s rows, %(given)s roles given, %(invited)s people invited."
    ),
}

# How the values of a fact read.
WORDS = {
    "role": dict(Role.choices),
    "new_role": dict(Role.choices),
    "title": dict(Post.Kind.choices),
}
