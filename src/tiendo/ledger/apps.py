from importlib import import_module

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tiendo.ledger"
    label = "ledger"

    def ready(self) -> None:
        import_module("tiendo.ledger.checks")
