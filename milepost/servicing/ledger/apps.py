from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "milepost.servicing.ledger"
    label = "ledger"
