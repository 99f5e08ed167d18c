"""What can be sent, and what was."""

from django.conf import settings

from milepost.servicing.notifications.models import Notification


def texts_are_sent() -> bool:
    """Is there a text gateway? Without one, no code goes to a phone."""
    return bool(settings.TEXT_MESSAGES)


def notification(user_id: int, kind: str, key: str) -> Notification | None:
    """What became of one message."""
    return Notification.objects.filter(subject=user_id, kind=kind, key=key).first()
