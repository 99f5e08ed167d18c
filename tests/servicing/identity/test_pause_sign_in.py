"""Telling somebody of wrong passwords."""

from datetime import UTC, datetime

from milepost.demo.models import OutboxMessage
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import User
from tests.support import queue

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def pause(user_id: int) -> None:
    operations.pause_sign_in(
        key="k", user_id=user_id, until=AT.isoformat(), tried_at=AT.isoformat(), device_words="Chrome on Windows"
    )
    queue.run_waiting()


def test_she_is_told_everywhere_once_a_day(priya: User) -> None:
    pause(priya.id)
    pause(priya.id)
    assert sorted(OutboxMessage.objects.values_list("channel", flat=True)) == ["EMAIL", "TEXT"]
    assert "Chrome on Windows" in OutboxMessage.objects.get(channel="EMAIL").body


def test_nobody_is_told_nothing(db: None) -> None:
    pause(0)
    assert not OutboxMessage.objects.exists()
