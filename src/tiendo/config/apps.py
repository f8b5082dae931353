from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "tiendo.config"
    label = "config"

    def ready(self) -> None:
        from tiendo.config import checks  # noqa: F401 - registers them
