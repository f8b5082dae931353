from django.apps import AppConfig


class ReformsConfig(AppConfig):
    name = "tiendo.reforms"
    label = "reforms"
