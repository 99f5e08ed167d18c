from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "milepost.servicing.agreements"
    label = "agreements"
