"""Transfers: the only rows that are money."""

from django.db import models
from django.db.models import F, Q

from milepost.finance.entries import Event
from milepost.plumbing.fields import PenceField


class Transfer(models.Model):
    """An amount moves from the credit account to the debit account of one book. Never changed, never removed.

    The table is partitioned by quarter of `effective_on`, so every read carries a date bound or goes through the key,
    which also holds debit, credit and amount. Posting the same event twice breaks the key, loudly.
    `book` is whose books: an agreement's id, though the ledger does not know that. `source` numbers what caused the
    event: an instalment, a payment, a quote.
    """

    pk = models.CompositePrimaryKey("book", "effective_on", "event", "source", "line")
    book = models.BigIntegerField()
    effective_on = models.DateField()
    event = models.SmallIntegerField(choices=[(event.value, event.name) for event in Event])
    source = models.BigIntegerField()
    line = models.SmallIntegerField()
    debit = models.SmallIntegerField()
    credit = models.SmallIntegerField()
    amount = PenceField()
    recorded_at = models.DateTimeField()
    policy_version = models.SmallIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_transfer_amount"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_transfer_two_accounts"),
        )
