"""Inviting somebody, and what a person who asks by herself is sent."""

from datetime import UTC, datetime, timedelta

import pytest

from milepost.demo.models import OutboxMessage
from milepost.plumbing.actor import Actor
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import Challenge, ContactPoint, User
from tests.support import people, queue

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")


def test_it_goes_to_the_email_on_file_and_ends_the_one_before(db: None) -> None:
    ada = people.imported()
    first = operations.invite(user_id=ada.id, at=AT, actor=SYSTEM)
    second = operations.invite(user_id=ada.id, at=AT, actor=SYSTEM)
    assert Challenge.objects.get(id=first).voided_at == AT
    queue.run_waiting()
    assert [message.to for message in OutboxMessage.objects.all()] == ["ada.lowe@example.com"]
    found = queries.open_invitation(people.last_code(), AT)
    assert found is not None
    assert found.id == second


def test_without_an_email_it_needs_a_postal_address(db: None) -> None:
    ada = people.imported(email="")
    with pytest.raises(operations.NoWayToReach):
        operations.invite(user_id=ada.id, at=AT, actor=SYSTEM)
    made = operations.invite(user_id=ada.id, at=AT, actor=SYSTEM, letter_to="Ada Lowe\n1 Road")
    operations.send_invitation(key="k", challenge_id=made, letter_to="Ada Lowe\n1 Road", at=AT)
    assert OutboxMessage.objects.get().to == "Ada Lowe\n1 Road"


def test_sent_twice_it_is_one_letter(db: None) -> None:
    ada = people.imported()
    made = operations.invite(user_id=ada.id, at=AT, actor=SYSTEM)
    for _ in range(2):
        operations.send_invitation(key=f"invitation:{made}", challenge_id=made, letter_to="", at=AT)
    assert OutboxMessage.objects.count() == 1
    assert len(queries.invitation_code(people.last_code())) == 16


def test_who_asks_is_invited_three_times_a_day_at_most(db: None) -> None:
    ada = people.imported()
    for minute in range(5):
        operations.answer_invitation_request(
            key=f"k{minute}", user_id=ada.id, letter_to="", at=AT + timedelta(minutes=minute)
        )
    assert Challenge.objects.count() == 3
    operations.answer_invitation_request(
        key="later", user_id=ada.id, letter_to="", at=AT + timedelta(days=1, minutes=9)
    )
    assert Challenge.objects.count() == 4


def test_nobody_costs_as_many_statements_as_somebody(db: None, django_assert_num_queries: object) -> None:
    ada = people.imported()
    for user_id in (ada.id, None):
        with django_assert_num_queries(3):  # type: ignore[operator]
            operations.request_invitation(user_id=user_id, at=AT)
    operations.answer_invitation_request(key="k", user_id=0, letter_to="", at=AT)
    assert not Challenge.objects.exists()


def test_a_person_without_any_contact_is_quietly_not_invited(db: None) -> None:
    ada = people.imported(email="", phone="")
    operations.answer_invitation_request(key="k", user_id=ada.id, letter_to="", at=AT)
    assert not Challenge.objects.exists()
    assert not ContactPoint.objects.exists()
    assert not User.objects.get(id=ada.id).joined_at
