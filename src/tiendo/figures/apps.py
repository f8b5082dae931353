from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "tiendo.figures"
    label = "figures"
