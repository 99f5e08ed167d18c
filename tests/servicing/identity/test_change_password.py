"""Changing a password while signed in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from milepost.demo.models import OutboxMessage
from milepost.plumbing.actor import Actor
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import Device, GuessCounter, User
from milepost.servicing.identity.operations import record_sign_in, send_reset_links
from milepost.servicing.identity.states import GuessKind
from tests.support import people, queue
from tests.support.database_clone import DatabaseClone

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NEW = "violet kettle mountain"


def change(user: User, old: str = people.PASSWORD, new: str = NEW, at: datetime = AT, **more: Any) -> int:
    given = {"device_id": None, "keep": "", "actor": Actor.customer(user.id), **more}
    return operations.change_password(user_id=user.id, old=old, new=new, at=at, **given)


def opens(user: User, password: str) -> bool:
    try:
        operations.check_password(user_id=user.id, password=password, subject=f"user:{user.id}", at=AT)
    except operations.WrongPassword:
        return False
    return True


def test_the_new_one_opens_and_the_old_one_does_not(priya: User) -> None:
    before = priya.get_session_auth_hash()
    epoch = change(priya)
    after = User.objects.get(id=priya.id)
    assert (after.session_epoch, after.password_changed_at) == (epoch, AT)
    assert after.get_session_auth_hash() != before
    assert (opens(priya, NEW), opens(priya, people.PASSWORD)) == (True, False)
    assert Event.objects.get(action="identity.password_changed").actor_user_id == priya.id


def test_every_address_is_told_each_time(priya: User) -> None:
    change(priya)
    change(priya, NEW, "amber ladder orchestra")  # in the same second
    queue.run_waiting()
    told = [row.to for row in OutboxMessage.objects.filter(body__contains="password was changed")]
    assert sorted(told) == sorted([people.EMAIL, people.PHONE] * 2)
    assert "Every other session has ended" in OutboxMessage.objects.filter(to=people.EMAIL).first().body  # type: ignore[union-attr]


def test_a_wrong_old_one_is_a_guess_like_any_other(priya: User) -> None:
    for _ in range(4):
        with pytest.raises(operations.WrongOldPassword):
            change(priya, "copper teapot harbor")
    with pytest.raises(operations.Paused):
        change(priya, "copper teapot harbor")
    with pytest.raises(operations.Paused):
        change(priya)
    with pytest.raises(operations.Paused):
        operations.spend_guess(subject=f"user:{priya.id}", kind=GuessKind.PASSWORD, at=AT)
    assert opens(priya, people.PASSWORD)
    assert Event.objects.filter(action="identity.wrong_password", subject_id=priya.id).count() == 5


def test_a_right_one_forgets_the_guesses(priya: User) -> None:
    with pytest.raises(operations.WrongOldPassword):
        change(priya, "copper teapot harbor")
    change(priya)
    assert not GuessCounter.objects.exists()


@pytest.mark.parametrize("new", ["short", people.PASSWORD, "priya shah priya shah"])
def test_a_bad_new_one_changes_nothing_and_says_why(priya: User, new: str) -> None:
    with pytest.raises(operations.PasswordRefused) as refused:
        change(priya, new=new)
    assert str(refused.value)
    assert opens(priya, people.PASSWORD)
    assert queue.run_waiting() == 0


def test_no_device_is_trusted_and_no_link_is_open_afterwards(priya: User) -> None:
    record_sign_in(
        user_id=priya.id, tokens=[], second_step="TEXT", trust=True, device_words="Firefox", address=None, at=AT
    )
    send_reset_links(key="k", user_id=priya.id, at=AT)
    link = people.last_link(people.EMAIL).split("/")[2]
    assert queries.reset_link_is_open(link, AT)
    change(priya, at=AT + timedelta(minutes=1))
    assert not Device.objects.filter(trusted_until__gt=AT + timedelta(minutes=1)).exists()
    assert not queries.reset_link_is_open(link, AT + timedelta(minutes=1))


def test_of_two_changes_at_once_one_is_made(database_clone: DatabaseClone) -> None:
    user = people.joined()
    news = (NEW, "amber ladder orchestra")
    results = database_clone.at_once(*(lambda new=new: change(user, new=new) for new in news))
    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(each) for each in refused] == [operations.WrongOldPassword]
    made = news[next(place for place, result in enumerate(results) if isinstance(result, int))]
    assert [opens(user, new) for new in news] == [new == made for new in news]
    assert Event.objects.filter(action="identity.password_changed").count() == 1
