from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tiendo.exchange"
    label = "exchange"
