"""Forgetting a device."""

from datetime import UTC, datetime

from milepost.plumbing.actor import Actor
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import Device, SignIn, User
from tests.support import people

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def record(user: User, key: str) -> str:
    token = operations.record_sign_in(
        user_id=user.id, tokens=[], second_step="TEXT", trust=True, device_words="Firefox", address=None, at=AT,
        session_key=key,
    )  # fmt: skip
    assert token is not None
    return token


def forget(user: User, device_id: int, keep: str = "") -> None:
    operations.forget_device(user_id=user.id, device_id=device_id, actor=Actor.customer(user.id), at=AT, keep=keep)


def test_it_is_a_stranger_again_and_signed_out(priya: User) -> None:
    token, other = record(priya, "a" * 32), record(priya, "b" * 32)
    device_id = queries.known_device(priya.id, [token])
    assert device_id is not None
    forget(priya, device_id)
    forget(priya, device_id)
    assert queries.known_device(priya.id, [token]) is None
    assert not queries.device_is_trusted(priya.id, [token], AT)
    assert queries.device_is_trusted(priya.id, [other], AT)
    assert [row.ended_at for row in SignIn.objects.order_by("id")] == [AT, None]
    written = Event.objects.get(action="identity.device_forgotten")
    assert (written.facts["words"], written.facts["trusted"]) == ("Firefox", True)


def test_forgetting_this_device_leaves_its_session(priya: User) -> None:
    record(priya, "a" * 32)
    forget(priya, Device.objects.get().id, keep="a" * 32)
    assert SignIn.objects.get().ended_at is None
    assert Device.objects.get().trusted_until is None


def test_somebody_elses_is_left_alone(priya: User) -> None:
    record(priya, "a" * 32)
    tom = people.joined(name="Tom", email="tom@example.com", phone="+447700900777")
    forget(tom, Device.objects.get().id)
    assert Device.objects.get().revoked_at is None
    assert not Event.objects.filter(action="identity.device_forgotten").exists()
