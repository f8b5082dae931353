from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "ledger.erased": _("Personal details in the record were erased: %(count)s. Reason: %(reason)s"),
    "ledger.key_changed": _(
        "Seals are signed with a new key from here on: %(fingerprint)s instead of %(before)s."
    ),
}
