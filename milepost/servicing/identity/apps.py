from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "milepost.servicing.identity"
    label = "identity"
