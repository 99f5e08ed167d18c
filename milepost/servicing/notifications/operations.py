"""Telling people: recorded without its words, sent when no transaction is open, tried again when it did not go."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template import engines

from milepost.plumbing.errors import InvariantBroken, Unavailable
from milepost.plumbing.jobs import job
from milepost.plumbing.transactions import transaction
from milepost.servicing.notifications.channels import Message, email, letter, text
from milepost.servicing.notifications.models import Notification
from milepost.servicing.notifications.states import Channel, Kind, NotificationState

SENDERS: dict[Channel, Callable[[Message], None]] = {
    Channel.EMAIL: email.send,
    Channel.TEXT: text.send,
    Channel.LETTER: letter.send,
}


@job
def send(*, key: str, kind: str, user_id: int, channel: str, address: str, facts: dict[str, Any], at: datetime) -> None:
    """Tell somebody something that is no secret: what a job is given is stored."""
    deliver(key=key, kind=Kind(kind), user_id=user_id, channel=Channel(channel), address=address, facts=facts, at=at)


def deliver(
    *, key: str, kind: Kind, user_id: int, channel: Channel, address: str, facts: Mapping[str, Any], at: datetime
) -> None:
    """Send one message now. `facts` may hold a code: they go into the message and nowhere else.

    Once sent, the same (user, kind, key) is not sent again. Raises Unavailable when the channel does not answer: the
    job that called is tried again. An address that the channel refuses for good is recorded as failed.
    """
    with transaction():
        known, _ = Notification.objects.get_or_create(
            subject=user_id,
            kind=kind.value,
            key=key,
            defaults={"channel": channel.value, "address": " ".join(address.split())[:254], "created_at": at},
        )
        if known.state in (NotificationState.SENT, NotificationState.DELIVERED):
            return
    try:
        SENDERS[channel](message(kind=kind, channel=channel, to=address, facts=facts))
    except Unavailable as error:
        _record(user_id, kind, key, NotificationState.FAILED, at, str(error))
        raise
    except ValueError as error:
        _record(user_id, kind, key, NotificationState.FAILED, at, str(error))
        return
    _record(user_id, kind, key, NotificationState.SENT, at)


def message(*, kind: Kind, channel: Channel, to: str, facts: Mapping[str, Any]) -> Message:
    """The words of one message. Links carry our configured origin, never a request's."""
    words = {**facts, "public_url": settings.PUBLIC_URL, "public_host": settings.PUBLIC_HOST}
    stem = f"notifications/{kind.value.lower()}"
    if channel is Channel.TEXT:
        return Message(to, "", _drawn(f"{stem}.text.txt", words).strip())
    subject = " ".join(_drawn(f"{stem}.subject.txt", words).split())
    if channel is Channel.LETTER:
        return Message(to, subject, _drawn(f"{stem}.letter.txt", words))
    body = re.sub(r"\n{3,}", "\n\n", _drawn(f"{stem}.txt", words)).strip() + "\n"
    return Message(to, subject, body, _drawn(f"{stem}.html", words))


def _drawn(template: str, words: Mapping[str, Any]) -> str:
    drawn = engines["jinja2"].get_template(template).render(dict(words))
    if not isinstance(drawn, str):
        raise InvariantBroken(f"{template} is not text")
    return str(drawn)


def _record(user_id: int, kind: Kind, key: str, state: NotificationState, at: datetime, failure: str = "") -> None:
    with transaction():
        Notification.objects.filter(subject=user_id, kind=kind.value, key=key).update(
            state=state.value, failure=failure[:200], sent_at=at if state is NotificationState.SENT else None
        )
