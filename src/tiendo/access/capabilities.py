"""Who may do what: one table a lawyer can read. A role is held over a node of the tree and covers all beneath it."""

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
    "people.welcome": {Role.ADMINISTRATOR, Role.STANDING_OFFICE, Role.UNIT_HEAD},
    "people.close": {Role.ADMINISTRATOR, Role.STANDING_OFFICE, Role.UNIT_HEAD},
    "access.grant": {Role.ADMINISTRATOR, Role.STANDING_OFFICE, Role.UNIT_HEAD},
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
    "intake.view": _LEADERS | {Role.INSPECTOR},
    "intake.decide": _OFFICE,
    # work
    "tasks.view": _READERS,
    "tasks.plan": _LEADERS,
    "tasks.issue": _LEADERS,
    "tasks.overrule": {Role.COMMITTEE_HEAD},
    "tasks.answer": {Role.UNIT_HEAD},
    "tasks.report": _UNIT,
    "tasks.verify": {Role.VERIFIER, Role.STANDING_OFFICE},
    "tasks.extend": {Role.COMMITTEE_HEAD, Role.STANDING_OFFICE},
    # sight
    "figures.view": _READERS,
}

# Nobody grants what they lack: a role may be given only by those who stand here, over what lies beneath their own node.
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
_LOOKING = {capability for capability in ALLOWED if capability.endswith((".view", ".read"))}
SCOPES: dict[str, set[str]] = {
    Scope.READ: _LOOKING,
    Scope.REPORT: _LOOKING | {"tasks.report"},
    Scope.ALL: set(ALLOWED),
}
