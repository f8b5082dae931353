"""Who may do what: one table a lawyer can read. A role is held over a node of the tree and covers all beneath it.

Four rules stand beside it. A role covers also what was merged into its node (ADR 11). Nobody gives a role that `MAY_GIVE` does not
put into their hands, nor outside their node, nor to themselves (`giving.py`). What may be seen is what a node beneath the role owns
or is addressed by (kit's `ScopedQuerySet`). Who assigns does not report, and who reports does not verify.
"""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tiendo.people.models import Scope


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    STANDING_OFFICE = "standing_office", _("Standing office")
    COMMITTEE_HEAD = "committee_head", _("Committee head")
    MEMBER = "member", _("Committee member")
    UNIT_HEAD = "unit_head", _("Unit head")
    OFFICER = "officer", _("Officer")
    VERIFIER = "verifier", _("Verifier")
    EXPERT = "expert", _("Expert")
    INSPECTOR = "inspector", _("Inspector")
    INTEGRATION = "integration", _("Integration")


_OFFICE = {Role.STANDING_OFFICE}
_LEADERS = {Role.COMMITTEE_HEAD, Role.STANDING_OFFICE}
_GIVERS = {Role.ADMINISTRATOR, Role.STANDING_OFFICE, Role.UNIT_HEAD}
_UNIT = {Role.UNIT_HEAD, Role.OFFICER}
_READERS = {
    Role.STANDING_OFFICE,
    Role.COMMITTEE_HEAD,
    Role.MEMBER,
    Role.UNIT_HEAD,
    Role.OFFICER,
    Role.VERIFIER,
    Role.INSPECTOR,
    Role.INTEGRATION,
}

ALLOWED: dict[str, set[Role]] = {
    # the ground
    "orgs.load_pack": {Role.ADMINISTRATOR},
    "orgs.arrange": {Role.ADMINISTRATOR, Role.STANDING_OFFICE},
    "people.welcome": _GIVERS,
    "people.close": _GIVERS,
    "access.view": _GIVERS | {Role.COMMITTEE_HEAD, Role.INSPECTOR},
    "access.grant": _GIVERS,
    # the record
    "ledger.read": _LEADERS | {Role.INSPECTOR},
    "ledger.erase": {Role.ADMINISTRATOR},
    "ledger.change_key": {Role.ADMINISTRATOR},
    # reforms: one prepares, another carries out
    "reforms.view": {Role.ADMINISTRATOR, Role.INSPECTOR} | _LEADERS,
    "reforms.prepare": _OFFICE,
    "reforms.carry_out": {Role.ADMINISTRATOR} | _OFFICE,
    # texts
    "documents.view": _READERS | {Role.EXPERT},
    "documents.register": _OFFICE | {Role.UNIT_HEAD, Role.INTEGRATION},
    "documents.opine": _LEADERS | {Role.MEMBER, Role.UNIT_HEAD, Role.EXPERT},
    "intake.view": _LEADERS | {Role.INSPECTOR},
    "intake.decide": _OFFICE,
    # work
    "tasks.view": _READERS,
    "tasks.view_graded": _READERS - {Role.OFFICER, Role.INTEGRATION},
    "tasks.plan": _LEADERS,
    "tasks.issue": _LEADERS,
    "tasks.assign": _LEADERS | {Role.UNIT_HEAD},
    "tasks.draw": {Role.STANDING_OFFICE},
    "tasks.overrule": {Role.COMMITTEE_HEAD},
    "tasks.answer": {Role.UNIT_HEAD},
    "tasks.report": _UNIT,
    "tasks.verify": {Role.VERIFIER, Role.STANDING_OFFICE},
    "tasks.extend": {Role.COMMITTEE_HEAD, Role.STANDING_OFFICE},
    # sight
    "figures.view": _READERS,
    # other systems
    "exchange.view": _OFFICE | {Role.INTEGRATION},
    "exchange.connect": _OFFICE | {Role.INTEGRATION},
}

# The same capabilities as a person says them: “may …”.
WORDS: dict[str, Any] = {
    "orgs.load_pack": _("load a country pack"),
    "orgs.arrange": _("arrange units, posts and who sits in them"),
    "people.welcome": _("open accounts"),
    "people.close": _("close and reopen accounts"),
    "access.view": _("see who holds which right"),
    "access.grant": _("give and end roles"),
    "ledger.read": _("read the record"),
    "ledger.erase": _("erase personal data kept beside the record"),
    "ledger.change_key": _("change the key that seals the record"),
    "reforms.view": _("see prepared reforms"),
    "reforms.prepare": _("prepare reforms"),
    "reforms.carry_out": _("carry out reforms"),
    "documents.view": _("read texts"),
    "documents.register": _("register texts"),
    "documents.opine": _("give an opinion on a draft for the unit"),
    "intake.view": _("look at the reading desk"),
    "intake.decide": _("decide on proposals read from a text"),
    "tasks.view": _("see tasks"),
    "tasks.view_graded": _("see graded tasks"),
    "tasks.plan": _("draft tasks"),
    "tasks.issue": _("issue, hand on, suspend and drop tasks"),
    "tasks.assign": _("break a task down and give it to units"),
    "tasks.draw": _("draw by lot what is checked on the spot"),
    "tasks.overrule": _("issue a task that is not clear enough"),
    "tasks.answer": _("accept or refuse a task for the unit"),
    "tasks.report": _("report on a task for the unit"),
    "tasks.verify": _("verify reports"),
    "tasks.extend": _("grant another date"),
    "figures.view": _("see figures"),
    "exchange.view": _("see webhooks and what they were sent"),
    "exchange.connect": _("connect other systems by webhooks"),
}

# Nobody gives what is not theirs to give: a role is given only by those who stand here, over what lies beneath their own node. The
# right to give is never passed on wider than it was held: whoever a giver can make a giver gives no more than the giver does.
MAY_GIVE: dict[Role, set[Role]] = {
    Role.ADMINISTRATOR: set(Role),
    Role.STANDING_OFFICE: {
        Role.MEMBER,
        Role.UNIT_HEAD,
        Role.OFFICER,
        Role.VERIFIER,
        Role.EXPERT,
    },
    Role.UNIT_HEAD: {Role.OFFICER},
}

# Verifiers and above: whose word makes somebody else's work count, and who reads everything. A stolen password must not
# be enough to speak for them, so they sign in with a passkey, or with a code beside the password.
SECOND_FACTOR: set[Role] = {
    Role.ADMINISTRATOR,
    Role.STANDING_OFFICE,
    Role.COMMITTEE_HEAD,
    Role.MEMBER,
    Role.VERIFIER,
    Role.INSPECTOR,
}

# What a key of each scope opens, of all that its person may do. What is called “view” or “read” only shows: no act asks for it.
_LOOKING = {
    capability for capability in ALLOWED if capability.endswith((".view", ".read", ".view_graded"))
}
SCOPES: dict[str, set[str]] = {
    Scope.READ: _LOOKING,
    Scope.REPORT: _LOOKING | {"tasks.report"},
    Scope.ALL: set(ALLOWED),
}
