from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "tiendo.kit"
    label = "kit"

    def ready(self) -> None:
        from tiendo.kit import paths  # noqa: F401 - teaches every query to ask for what lies beneath a path
