from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "milepost.servicing.payments"
    label = "payments"
