from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tiendo.access"
    label = "access"
