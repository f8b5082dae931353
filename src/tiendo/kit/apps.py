from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "tiendo.kit"
    label = "kit"
