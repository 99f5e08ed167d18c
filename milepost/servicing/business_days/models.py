"""The lender's date, apart from the clock, and the record of each night's work."""

from django.db import models
from django.db.models import Q

from milepost.servicing.business_days.states import DayState


class BusinessDay(models.Model):
    """One date of the lender. Exactly one is not closed: that one is today."""

    date = models.DateField(primary_key=True)
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in DayState])
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DayState]), name="business_day_state"
            ),
            models.UniqueConstraint(
                models.Value(1), condition=~Q(state=DayState.CLOSED.value), name="business_days_one_open"
            ),
        )


class Chunk(models.Model):
    """A range of agreements in one step of one night, with what was counted and summed."""

    pk = models.CompositePrimaryKey("date", "step", "number")
    date = models.DateField()
    step = models.CharField(max_length=40)
    number = models.IntegerField()
    first_agreement = models.BigIntegerField()
    last_agreement = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=60, blank=True)
    counts = models.JSONField(default=dict)
    sums = models.JSONField(default=dict)
    parked_reason = models.TextField(blank=True)
