from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tiendo.documents.states import Answer, Bond, Status

SENTENCES = {
    "documents.registered": _("The text %(symbol)s “%(title)s” was registered."),
    "documents.translated": _("It was entered in another language (%(language)s): “%(title)s”."),
    "documents.types_loaded": _("%(count)s document types were loaded from the country pack."),
    "documents.bound": _("A relation was entered: %(bond)s, %(symbol)s (place: %(place)s)."),
    "documents.unbound": _("A relation was taken back: %(bond)s, %(symbol)s (place: %(place)s)."),
    "documents.set_aside": _("The number %(symbol)s is only mentioned: no relation comes from it."),
    "documents.drafted": _("The draft “%(title)s” was begun."),
    "documents.reworded": _("The draft was worded anew: “%(title)s”."),
    "documents.moved_on": _("It went on to the stage “%(stage)s”, due %(due_on)s. %(note)s"),
    "documents.opinions_asked": _("%(count)s units were asked for their opinion until %(due_on)s."),
    "documents.opinion_given": _("%(unit)s gave an opinion (place: %(place)s)."),
    "documents.agreed": _("%(unit)s agrees and has nothing to add."),
    "documents.opinion_answered": _(
        "An opinion of %(unit)s was answered: %(answer)s. Reason: %(reason)s"
    ),
    "documents.signed": _(
        "It was signed by %(signer)s on %(signed_on)s as %(symbol)s, in force from %(in_force_on)s."
    ),
    "documents.ended": _("Since %(since_on)s: %(stage)s. %(note)s"),
}
WORDS = {
    "stage": dict(Status.choices),
    "answer": dict(Answer.choices),
    "bond": dict(Bond.choices),
    "symbol": {"graded": _("a graded text")},
    "language": settings.LANGUAGE_NAMES,
}
