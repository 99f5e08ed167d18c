"""What can be sent, and what was."""

from datetime import datetime

from django.conf import settings
from django.db.models import Count

from milepost.servicing.notifications.models import Notification
from milepost.servicing.notifications.states import Channel, NotificationState


def texts_are_sent() -> bool:
    """Is there a text gateway? Without one, no code goes to a phone."""
    return bool(settings.TEXT_MESSAGES)


def notification(user_id: int, kind: str, key: str) -> Notification | None:
    """What became of one message."""
    return Notification.objects.filter(subject=user_id, kind=kind, key=key).first()


def people_not_reached(since: datetime) -> dict[Channel, int]:
    """By channel, how many people's messages of since then have not gone; channels without any are left out."""
    failed = Notification.objects.filter(state=NotificationState.FAILED.value, created_at__gte=since)
    counts = failed.values_list("channel").annotate(people=Count("subject", distinct=True))
    return {Channel(channel): people for channel, people in counts}
