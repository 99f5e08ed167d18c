"""Customers: the people an agreement is with."""

from django.db import models

from milepost.finance.calendars import FOREVER
from milepost.servicing.identity.models import User


class Customer(models.Model):
    """A person (or, on a tape without people, a nameless party), one to one with the user who may sign in."""

    id = models.BigAutoField(primary_key=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT)
    title = models.CharField(max_length=20, blank=True)
    given_name = models.CharField(max_length=60, blank=True)
    family_name = models.CharField(max_length=60, blank=True)
    birth_date = models.DateField(null=True)
    origin_reference = models.CharField(max_length=60, null=True, unique=True)
    """The customer's number in the lender's old system, where the tape gives one."""

    @property
    def name(self) -> str:
        """Priya Shah; empty for a nameless party."""
        return f"{self.given_name} {self.family_name}".strip()


class PostalAddress(models.Model):
    """Where a customer lives, from a day until a day."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="postal_addresses")
    lines = models.JSONField()
    town = models.CharField(max_length=60, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    postcode_folded = models.CharField(max_length=12, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(default=FOREVER)
