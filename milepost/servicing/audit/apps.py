from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "milepost.servicing.audit"
    label = "audit"
