from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "tiendo.orgs"
    label = "orgs"
