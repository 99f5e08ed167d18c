from django.apps import AppConfig


class BusinessDaysConfig(AppConfig):
    name = "milepost.servicing.business_days"
    label = "business_days"
