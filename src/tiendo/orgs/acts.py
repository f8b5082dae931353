from django.utils.translation import gettext_lazy as _

from tiendo.orgs.models import Kind, Post

SENTENCES = {
    "orgs.pack_loaded": _("The country pack “%(pack)s” (%(version)s) was loaded: %(units)s units."),
    "orgs.founded": _("%(name)s was founded on %(starts_on)s."),
    "orgs.renamed": _("%(before)s is called %(name)s from %(starts_on)s."),
    "orgs.moved": _("%(name)s moved beneath %(parent)s on %(starts_on)s."),
    "orgs.dissolved": _("%(name)s ended on %(ends_on)s; %(heirs)s took over."),
    "orgs.never_began": _(
        "By %(basis)s %(person)s does not take the post “%(title)s”, which was to begin on %(starts_on)s."
    ),
    "orgs.took_over": _("%(name)s took over %(units)s on %(starts_on)s by %(basis)s."),
    "orgs.level_abolished": _(
        "The level “%(level)s” was abolished beneath %(name)s on %(ends_on)s by %(basis)s (units: %(number)s)."
    ),
    "orgs.kind_changed": _(
        "%(name)s is of the kind “%(kind)s” from %(starts_on)s (before: “%(before)s”)."
    ),
    "orgs.recoded": _("%(name)s bears the code %(code)s from %(starts_on)s."),
    "orgs.share_entered": _("%(heir)s is known to have taken over %(share)s of %(name)s."),
    "orgs.committee_formed": _("%(name)s was formed on %(starts_on)s; it serves %(serves)s."),
    "orgs.committee_ended": _("%(name)s ended on %(ends_on)s."),
    "orgs.standing_office_named": _(
        "%(office)s is the standing office of %(name)s from %(starts_on)s."
    ),
    "orgs.composition_ruled": _("Who must sit in %(name)s was ruled anew from %(starts_on)s."),
    "orgs.placed_in_group": _("The group of %(person)s was written down from %(starts_on)s."),
    "orgs.post_closed": _("The post “%(title)s” was closed on %(ends_on)s."),
    "orgs.post_opened": _("The post “%(title)s” was opened."),
    "orgs.appointed": _("%(person)s holds the post “%(title)s” from %(starts_on)s."),
    "orgs.left": _("%(person)s left the post “%(title)s” on %(ends_on)s."),
}

# How the values of a fact read; a post without a title of its own is called by its kind.
KINDS = dict(Kind.choices)
WORDS = {"title": dict(Post.Kind.choices), "kind": KINDS, "before": KINDS, "level": KINDS}
