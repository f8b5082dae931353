from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tiendo.tasks"
    label = "tasks"
