from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "milepost.servicing.customers"
    label = "customers"
