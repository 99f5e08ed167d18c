from django.apps import AppConfig


class TapesConfig(AppConfig):
    name = "milepost.servicing.tapes"
    label = "tapes"
