"""Payments received, the mandates they come by, and what was asked of the bank."""

from django.db import models
from django.db.models import Q

from milepost.finance.calendars import FOREVER
from milepost.plumbing.fields import PenceField
from milepost.servicing.agreements.models import Agreement
from milepost.servicing.payments.states import MandateState, Method, PaymentState, Scheme


class Payment(models.Model):
    """Money from a customer. Its reference (PY…) is computed from the id; where it went is the ledger's to say."""

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, db_index=False)
    received_on = models.DateField()
    amount = PenceField()
    """May be negative on an imported tape: the old system's reversal."""
    method = models.CharField(max_length=14)
    state = models.CharField(max_length=10)
    returned_on = models.DateField(default=FOREVER)
    imported = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(method__in=[method.value for method in Method]), name="payment_method"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in PaymentState]), name="payment_state"
            ),
        )
        indexes = (models.Index(fields=("agreement", "-received_on", "-id"), name="payment_agreement"),)


class Mandate(models.Model):
    """A customer's permission to collect by Direct Debit."""

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    scheme = models.CharField(max_length=5)
    state = models.CharField(max_length=10)
    holder = models.CharField(max_length=60, blank=True)
    account_ending = models.CharField(max_length=4)
    valid_from = models.DateField()
    valid_to = models.DateField(default=FOREVER)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(scheme__in=[scheme.value for scheme in Scheme]), name="mandate_scheme"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in MandateState]), name="mandate_state"
            ),
            models.UniqueConstraint(
                fields=("agreement",), condition=Q(state=MandateState.ACTIVE.value), name="mandate_one_active"
            ),
        )


class Collection(models.Model):
    """What was asked of the bank: append-only. Paid is a transfer, unpaid an exception row."""

    pk = models.CompositePrimaryKey("agreement_id", "due", "attempt")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, db_index=False)
    due = models.DateField()
    attempt = models.SmallIntegerField()
    collect_on = models.DateField()
    amount = PenceField()
    file = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=("collect_on", "agreement"), name="collection_day"),)
