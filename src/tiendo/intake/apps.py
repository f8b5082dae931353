from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "tiendo.intake"
    label = "intake"
