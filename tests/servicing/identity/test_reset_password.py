"""A forgotten password, below the pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from milepost.demo.models import OutboxMessage
from milepost.plumbing.transactions import transaction
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import Challenge, GuessCounter, User
from milepost.servicing.identity.states import GuessKind
from tests.support import people, queue

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NEW = "window lantern gravel"


def token(user: User) -> str:
    operations.send_reset_links(key="k", user_id=user.id, at=AT)
    return people.last_link(people.EMAIL).split("/")[2]


def test_nobody_costs_as_many_statements_as_somebody(priya: User, django_assert_num_queries: Any) -> None:
    for user_id in (priya.id, None):
        with django_assert_num_queries(3):
            operations.request_password_reset(user_id=user_id, at=AT)
        with django_assert_num_queries(3):
            operations.request_user_name(user_id=user_id, at=AT)
    assert queue.run_waiting() > 0
    assert set(OutboxMessage.objects.values_list("to", flat=True)) == {people.EMAIL, people.PHONE}


def test_the_link_is_kept_as_a_hash_and_works_once(priya: User) -> None:
    secret = token(priya)
    assert secret not in Challenge.objects.get().code_hash
    assert queries.reset_link_is_open(secret, AT)
    operations.reset_password(token=secret, password=NEW, at=AT)
    assert not queries.reset_link_is_open(secret, AT)
    with pytest.raises(operations.LinkClosed):
        operations.reset_password(token=secret, password=NEW, at=AT)


def test_too_late_is_closed(priya: User) -> None:
    with pytest.raises(operations.LinkClosed):
        operations.reset_password(token=token(priya), password=NEW, at=AT + timedelta(hours=24))


def test_it_clears_password_guesses_and_keeps_the_codes(priya: User) -> None:
    secret = token(priya)
    for kind in (GuessKind.PASSWORD, GuessKind.CODE):
        operations.spend_guess(subject=f"user:{priya.id}", kind=kind, at=AT)
    operations.reset_password(token=secret, password=NEW, at=AT)
    assert [row.kind for row in GuessCounter.objects.all()] == ["CODE"]


def test_a_refused_password_spends_nothing(priya: User) -> None:
    secret = token(priya)
    with pytest.raises(operations.PasswordRefused, match="at least 12"):
        operations.reset_password(token=secret, password="short", at=AT)
    assert queries.reset_link_is_open(secret, AT)


def test_a_new_password_ends_the_sessions(priya: User) -> None:
    before = priya.get_session_auth_hash()
    with transaction():
        operations.set_password(user_id=priya.id, password=NEW, second_step=True, at=AT)
    assert User.objects.get(id=priya.id).get_session_auth_hash() != before


def test_the_user_name_is_told_once_a_day(priya: User) -> None:
    for _ in range(2):
        operations.send_user_name(key="k", user_id=priya.id, at=AT)
        queue.run_waiting()
    assert OutboxMessage.objects.filter(channel="EMAIL").count() == 1
