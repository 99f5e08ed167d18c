from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "milepost.servicing.notifications"
    label = "notifications"
