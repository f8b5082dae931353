from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tiendo.people"
    label = "people"
