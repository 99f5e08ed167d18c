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


class Posting(models.Model):
    """One act that moved money, under the key it was asked for by: the same key again gets `answer`, and no effect.

    Its id is the source of transfers that have no number of their own. Never changed, never removed.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    asked = models.CharField(max_length=64)
    """SHA-256 of what was asked for, as canonical JSON."""
    book = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    answer = models.JSONField()


class Correction(models.Model):
    """A reversal: which event of which book it takes back, and why. Its id is the source of the reversing transfers."""

    id = models.BigAutoField(primary_key=True)
    book = models.BigIntegerField()
    effective_on = models.DateField()
    event = models.SmallIntegerField()
    source = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("book", "effective_on", "event", "source"), name="ledger_reversed_once"),
        )
