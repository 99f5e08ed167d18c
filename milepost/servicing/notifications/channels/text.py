"""Text messages, through the function that settings.TEXT_MESSAGES names: it takes the number and the words."""

from django.conf import settings
from django.utils.module_loading import import_string

from milepost.plumbing.errors import Unavailable
from milepost.servicing.notifications.channels import Message


def send(message: Message) -> None:
    """Hand one text message to the gateway."""
    if not settings.TEXT_MESSAGES:
        raise Unavailable("No text gateway is configured (MILEPOST_TEXT_MESSAGES)")
    import_string(settings.TEXT_MESSAGES)(message.to, message.text)
