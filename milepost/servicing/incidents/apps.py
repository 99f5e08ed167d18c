from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "milepost.servicing.incidents"
    label = "incidents"
