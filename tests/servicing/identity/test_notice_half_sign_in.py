"""The right password, and no code."""

from datetime import UTC, datetime, timedelta

import pytest

from milepost.demo.models import OutboxMessage
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import User
from milepost.servicing.identity.operations import notice_half_sign_in, send_code
from milepost.servicing.identity.states import Purpose
from tests.support import apps, people, queue

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATE = AT + timedelta(minutes=11)


def half(user: User, secret: str = "s" * 43, at: datetime = AT, words: str = "Chrome on Windows") -> int:
    return operations.start_challenge(
        user_id=user.id, purpose=Purpose.SIGN_IN, session_secret=secret, at=at, device_words=words
    )


def told() -> list[str]:
    queue.run_waiting()
    rows = OutboxMessage.objects.filter(body__contains="typed your password")
    return sorted(row.to for row in rows)


def test_every_address_is_told_once_however_often_it_is_looked_at(priya: User) -> None:
    challenge = half(priya)
    for at in (AT, LATE, LATE):
        notice_half_sign_in(key="k", challenge_id=challenge, at=at)
    assert told() == sorted([people.EMAIL, people.PHONE])
    assert Event.objects.get(action="identity.half_signed_in").facts["device"] == "Chrome on Windows"


def test_not_before_the_code_has_run_out(priya: User) -> None:
    notice_half_sign_in(key="k", challenge_id=half(priya), at=AT + timedelta(minutes=9))
    assert told() == []


def test_sending_the_code_queues_the_look(priya: User, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[timedelta] = []
    monkeypatch.setattr(
        type(notice_half_sign_in), "defer", lambda self, *, key, after=None, **values: looks.append(after)
    )
    send_code(key="k", challenge_id=half(priya), at=AT)
    assert timedelta(minutes=10, seconds=30) in looks


def test_asking_for_the_app_queues_the_look_too(priya: User, monkeypatch: pytest.MonkeyPatch) -> None:
    apps.add(priya, AT - timedelta(minutes=10))
    looks: list[timedelta] = []
    monkeypatch.setattr(
        type(notice_half_sign_in), "defer", lambda self, *, key, after=None, **values: looks.append(after)
    )
    half(priya)
    assert looks == [timedelta(minutes=10, seconds=30)]


def test_a_code_that_was_given_or_replaced_is_not_told_of(priya: User) -> None:
    first = half(priya)
    send_code(key="k", challenge_id=first, at=AT)
    code = people.sent_code(people.PHONE)
    operations.check_code(challenge_id=first, session_secret="s" * 43, typed=code, subject="x", at=AT)
    replaced = half(priya, "t" * 43)
    half(priya, "t" * 43, AT + timedelta(minutes=1))
    for challenge in (first, replaced):
        notice_half_sign_in(key="k", challenge_id=challenge, at=LATE)
    assert told() == []


@pytest.mark.parametrize(("words", "is_told"), [("Chrome on Windows", False), ("Safari on Mac", True)])
def test_she_who_began_again_on_the_same_device_is_left_in_peace(priya: User, words: str, is_told: bool) -> None:
    challenge = half(priya)
    operations.record_sign_in(
        user_id=priya.id, tokens=[], second_step="TEXT", trust=False, device_words=words, address=None,
        at=AT + timedelta(minutes=2),
    )  # fmt: skip
    notice_half_sign_in(key="k", challenge_id=challenge, at=LATE)
    assert bool(told()) is is_told


def test_another_purpose_is_no_sign_in(priya: User) -> None:
    other = operations.start_challenge(
        user_id=priya.id, purpose=Purpose.CONFIRM_EMAIL, session_secret="s" * 43, at=AT, new_address="x@example.com"
    )
    notice_half_sign_in(key="k", challenge_id=other, at=LATE)
    assert told() == []
