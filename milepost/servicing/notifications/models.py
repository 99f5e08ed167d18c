"""The outbox: what must be told, to whom, and whether it went. Never what it said: it may be a code."""

from django.db import models
from django.db.models import Q

from milepost.servicing.notifications.states import Channel, NotificationState


class Notification(models.Model):
    """One message to one address. (subject, kind, key) is unique, so that telling twice is refused."""

    pk = models.CompositePrimaryKey("subject", "kind", "key")
    subject = models.BigIntegerField()
    """The user who is told."""
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    channel = models.CharField(max_length=6)
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=10, default=NotificationState.QUEUED.value)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(channel__in=[channel.value for channel in Channel]), name="notification_channel"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in NotificationState]), name="notification_state"
            ),
        )
        indexes = (
            models.Index(
                fields=("created_at",), condition=Q(state=NotificationState.FAILED.value), name="notification_failed"
            ),
        )
