"""Devices and the last sign-in."""

from datetime import UTC, datetime, timedelta

import pytest

from milepost.demo.models import OutboxMessage
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import Device, User
from tests.support import queue

AT = datetime(2026, 11, 19, 20, 14, tzinfo=UTC)


def record(user: User, tokens: list[str], at: datetime = AT, trust: bool = False) -> str | None:
    return operations.record_sign_in(
        user_id=user.id, tokens=tokens, second_step="TEXT", trust=trust, device_words="Chrome on Android",
        address="192.0.2.7", at=at,
    )  # fmt: skip


def test_a_device_is_known_by_its_token_and_counts_alone(priya: User) -> None:
    token = record(priya, [])
    assert token is not None
    assert record(priya, [token]) is None
    device_id = queries.known_device(priya.id, [token])
    assert queries.guess_subject("x", priya.id, device_id) == f"user:{priya.id}:device:{device_id}"
    assert token not in Device.objects.get().token_hash
    assert queries.known_device(priya.id + 1, [token]) is None


def test_a_removed_device_is_a_stranger(priya: User) -> None:
    token = record(priya, [], trust=True)
    assert token is not None
    assert queries.device_is_trusted(priya.id, [token], AT)
    assert not queries.device_is_trusted(priya.id, [token], AT + timedelta(days=30))
    Device.objects.update(revoked_at=AT)
    assert not queries.device_is_trusted(priya.id, [token], AT)
    assert queries.known_device(priya.id, [token]) is None


def test_the_last_sign_in_is_the_one_before_this(priya: User) -> None:
    assert queries.last_sign_in(priya.id) == ""
    record(priya, [])
    assert queries.last_sign_in(priya.id) == ""
    record(priya, [], AT + timedelta(days=3))
    assert queries.last_sign_in(priya.id) == "Thursday 19\u00a0November at 8:14pm, on Chrome on Android"


def wrong(user: User, times: int, words: str = "Chrome on Android") -> None:
    for _ in range(times):
        operations.record_wrong_password(user_id=user.id, paused_until=None, device_words=words, address=None, at=AT)


def told_of_failures() -> int:
    queue.run_waiting()
    return OutboxMessage.objects.filter(body__contains="wrong").count()


@pytest.mark.parametrize(
    ("times", "words", "is_told"),
    [(2, "Chrome on Android", False), (3, "Chrome on Android", True), (1, "curl", True)],
)
def test_wrong_tries_before_it_are_told_of_unless_they_look_like_a_slip(
    priya: User, times: int, words: str, is_told: bool
) -> None:
    wrong(priya, times, words)
    record(priya, [])
    assert told_of_failures() == (2 if is_told else 0)


def test_the_same_wrong_tries_are_told_of_once_even_in_one_second(priya: User) -> None:
    wrong(priya, 4)
    token = record(priya, [])
    record(priya, [token or ""])
    assert told_of_failures() == 2
    wrong(priya, 3)
    record(priya, [token or ""])
    assert told_of_failures() == 4
