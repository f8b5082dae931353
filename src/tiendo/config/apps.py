from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "tiendo.config"
    label = "config"
