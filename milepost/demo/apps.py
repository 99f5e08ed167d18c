from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The invented people and their outbox. Installed in the demo and in tests alone."""

    name = "milepost.demo"
    label = "demo"
