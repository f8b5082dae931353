from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tiendo.ledger"
    label = "ledger"
