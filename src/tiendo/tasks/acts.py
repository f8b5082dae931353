from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "tasks.sectors_loaded": _("%(count)s sectors were loaded from the country pack."),
    "tasks.programme_opened": _("The programme %(symbol)s “%(title)s” was opened."),
    "tasks.drafted": _("Task %(number)s “%(title)s” was drafted."),
    "tasks.brought_in": _("%(unit)s was named to help: %(product)s"),
    "tasks.reworded": _("The draft was reworded: “%(title)s”."),
    "tasks.split": _("The draft was split in two: “%(first)s” and “%(second)s”."),
    "tasks.issued": _("The task was issued to %(lead)s, due %(due_on)s."),
    "tasks.received": _("%(unit)s received the task."),
    "tasks.accepted": _("%(unit)s accepted the task."),
    "tasks.refused": _("%(unit)s refused the task: %(reason)s"),
    "tasks.reissued": _("The task was issued again to %(unit)s: %(note)s"),
    "tasks.reported": _("%(unit)s sent report %(number)s (files: %(files)s)."),
    "tasks.nothing_new": _("%(unit)s said in report %(number)s that there is nothing new."),
    "tasks.submitted": _("%(unit)s sent report %(number)s as final (files: %(files)s)."),
    "tasks.verified": _("Report %(number)s of %(unit)s was verified: done."),
    "tasks.turn_verified": _(
        "Report %(number)s of %(unit)s was verified; the next one is due %(due_on)s."
    ),
    "tasks.given": _(
        "%(lead)s gave the task to units (%(units)s): tasks %(first)s to %(last)s, due %(due_on)s."
    ),
    "tasks.returned": _("Report %(number)s of %(unit)s was returned: %(note)s"),
    "tasks.extension_asked": _(
        "%(unit)s asked for a new date: %(due_on)s → %(asked_on)s. Reason: %(reason)s"
    ),
    "tasks.extension_granted": _(
        "New date granted to %(unit)s: %(due_on)s → %(asked_on)s. %(note)s"
    ),
    "tasks.extension_declined": _(
        "New date declined to %(unit)s: %(due_on)s stays; %(asked_on)s was asked for. %(note)s"
    ),
    "tasks.draw_announced": _(
        "A lot was announced over what %(unit)s answers for, from %(starts_on)s until %(ends_on)s; seed %(seed)s."
    ),
    "tasks.drawn": _("The lot fell on results: %(checks)s of %(size)s; root of the list %(root)s."),
    "tasks.checked": _("Report %(number)s of %(unit)s was checked on the spot: %(note)s"),
    "tasks.dropped": _("The task was dropped: %(reason)s"),
    "tasks.transferred": _("The part of %(unit)s was handed to %(to)s: %(reason)s"),
    "tasks.joined": _(
        "The part of %(unit)s was joined to task %(number)s of %(programme)s: %(reason)s"
    ),
    "tasks.joined_by": _(
        "%(unit)s also carries on task %(number)s of %(programme)s, joined to this one: %(reason)s"
    ),
    "tasks.readdressed": _("The draft names %(to)s in place of %(unit)s: %(reason)s"),
    "tasks.verifier_changed": _("%(to)s verifies the part of %(unit)s: %(reason)s"),
    "tasks.suspended": _("The part of %(unit)s was suspended: %(reason)s"),
    "tasks.resumed": _("The part of %(unit)s was taken up again: %(note)s"),
}
