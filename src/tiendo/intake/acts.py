from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "intake.read": _("The text was read; proposals found: %(count)s."),
    "intake.read_again": _(
        "The text was read again by reader %(reader)s: new %(new)s, read anew %(refreshed)s, no longer proposed %(withdrawn)s, "
        "no longer in the text %(gone)s. What was decided stays."
    ),
    "intake.accepted": _("Proposal %(number)s became task %(task)s “%(title)s”."),
    "intake.followed": _("Proposal %(number)s is followed by task %(task)s “%(title)s” already."),
    "intake.refused": _("Proposal %(number)s was refused: %(reason)s"),
    "intake.reopened": _("Proposal %(number)s waits for a decision again."),
    "intake.split": _("Proposal %(number)s was split; parts: %(count)s."),
    "intake.joined": _("Proposal %(number)s was merged with proposal %(others)s."),
    "intake.proposed": _("Proposal %(number)s was put on the desk."),
    "intake.restored": _(
        "Proposal %(number)s was taken back; what stood there before waits again."
    ),
    "intake.refreshed": _("Proposal %(number)s was read anew by reader %(reader)s."),
    "intake.withdrawn": _("Reader %(reader)s no longer finds proposal %(number)s in the text."),
    "intake.readdressed": _(
        "By %(basis)s proposal %(number)s is offered to %(heir)s in place of %(unit)s."
    ),
}
