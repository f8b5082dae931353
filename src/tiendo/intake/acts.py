from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "intake.read": _("The text was read; proposals found: %(count)s."),
    "intake.accepted": _("Proposal %(number)s became task %(task)s “%(title)s”."),
    "intake.refused": _("Proposal %(number)s was refused: %(reason)s"),
    "intake.reopened": _("Proposal %(number)s waits for a decision again."),
    "intake.readdressed": _(
        "By %(basis)s proposal %(number)s is offered to %(heir)s in place of %(unit)s."
    ),
}
