"""Sending codes: how often, and to whom."""

from datetime import UTC, datetime, timedelta

import pytest

from milepost.servicing.identity import operations
from milepost.servicing.identity.models import Challenge, ContactPoint, User
from milepost.servicing.identity.states import Purpose
from tests.support import people

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECRET = "s" * 43


def start(user: User, at: datetime = AT) -> int:
    return operations.start_challenge(user_id=user.id, purpose=Purpose.SIGN_IN, session_secret=SECRET, at=at)


def test_waits_of_thirty_sixty_and_a_hundred_and_twenty_seconds(priya: User) -> None:
    challenge_id, at = start(priya), AT
    for wait in (30, 60, 120, 120):
        with pytest.raises(operations.TooSoon) as soon:
            operations.send_another(
                challenge_id=challenge_id, session_secret=SECRET, at=at + timedelta(seconds=wait - 1)
            )
        assert soon.value.again_at == at + timedelta(seconds=wait)
        at += timedelta(seconds=wait)
        challenge_id = operations.send_another(challenge_id=challenge_id, session_secret=SECRET, at=at)
    assert Challenge.objects.filter(voided_at=None).count() == 1


def test_a_code_that_came_back_costs_no_wait(priya: User) -> None:
    challenge_id = start(priya)
    Challenge.objects.update(spent_at=AT)
    renewed = operations.send_another(challenge_id=challenge_id, session_secret=SECRET, at=AT)
    assert renewed != challenge_id


def test_only_the_session_that_asked_may_ask_again(priya: User) -> None:
    with pytest.raises(operations.NoWayToReach):
        operations.send_another(challenge_id=start(priya), session_secret="another", at=AT + timedelta(minutes=1))


def test_a_contact_of_somebody_else_or_one_not_proved_gets_no_code(priya: User) -> None:
    tom = people.imported(name="Tom Reed", email="tom.reed@example.com")
    contact = ContactPoint.objects.filter(user=tom).first()
    assert contact is not None
    with pytest.raises(operations.NoWayToReach):
        operations.start_challenge(
            user_id=priya.id, purpose=Purpose.SIGN_IN, session_secret=SECRET, at=AT, contact_id=contact.id
        )
    with pytest.raises(operations.NoWayToReach):
        start(tom)


def test_without_a_text_gateway_codes_go_by_email(priya: User, settings: object) -> None:
    settings.TEXT_MESSAGES = ""  # type: ignore[attr-defined]
    assert Challenge.objects.get(id=start(priya)).kind == "EMAIL"
