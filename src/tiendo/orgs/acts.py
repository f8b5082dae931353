from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "orgs.pack_loaded": _("The country pack “%(pack)s” (%(version)s) was loaded: %(units)s units."),
    "orgs.founded": _("%(name)s was founded on %(starts_on)s."),
    "orgs.renamed": _("%(before)s is called %(name)s from %(starts_on)s."),
    "orgs.moved": _("%(name)s moved beneath %(parent)s on %(starts_on)s."),
    "orgs.dissolved": _("%(name)s ended on %(ends_on)s; %(heirs)s took over."),
    "orgs.share_entered": _("%(heir)s is known to have taken over %(share)s of %(name)s."),
    "orgs.post_opened": _("The post “%(title)s” was opened."),
    "orgs.appointed": _("%(person)s holds the post “%(title)s” from %(starts_on)s."),
    "orgs.left": _("%(person)s left the post “%(title)s” on %(ends_on)s."),
}
