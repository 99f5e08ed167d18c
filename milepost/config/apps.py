from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Only here so that `migrate` is ours: as the owner, with the application's rights granted first."""

    name = "milepost.config"
    label = "config"
