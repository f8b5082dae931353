from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "tiendo.config"
    label = "config"

    def ready(self) -> None:
        from tiendo.config import checks, logs, measures  # noqa: F401 - the first registers itself

        logs.begin()
        measures.listen()
