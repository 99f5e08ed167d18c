"""Ending sessions."""

from datetime import UTC, datetime

from milepost.plumbing.actor import Actor
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import SignIn, User
from tests.support import people

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_every_session_ends_and_it_is_written_down(priya: User) -> None:
    before = priya.get_session_auth_hash()
    operations.end_sessions(user_id=priya.id, actor=Actor.customer(priya.id), at=AT)
    assert User.objects.get(id=priya.id).get_session_auth_hash() != before
    assert Event.objects.get(action="identity.sessions_ended").subject_id == priya.id


def test_signing_out_on_one_device_ends_no_other(priya: User) -> None:
    before = priya.get_session_auth_hash()
    operations.record_sign_out(user_id=priya.id, at=AT)
    assert User.objects.get(id=priya.id).get_session_auth_hash() == before
    assert Event.objects.get(action="identity.signed_out").actor_user_id == priya.id


def signed_in(user: User, key: str) -> int:
    operations.record_sign_in(
        user_id=user.id, tokens=[], second_step="TEXT", trust=False, device_words="Firefox", address=None, at=AT,
        session_key=key,
    )  # fmt: skip
    return SignIn.objects.latest("id").id


def still_open() -> list[str]:
    return list(SignIn.objects.filter(ended_at=None).order_by("id").values_list("session_key", flat=True))


def test_one_session_is_ended_and_the_others_go_on(priya: User) -> None:
    first, _ = signed_in(priya, "a" * 32), signed_in(priya, "b" * 32)
    for _ in range(2):
        operations.end_session(user_id=priya.id, sign_in_id=first, actor=Actor.customer(priya.id), at=AT)
    assert still_open() == ["b" * 32]
    assert Event.objects.filter(action="identity.session_ended").count() == 1


def test_nobody_ends_somebody_elses(priya: User) -> None:
    hers = signed_in(priya, "a" * 32)
    tom = people.joined(name="Tom", email="tom@example.com", phone="+447700900777")
    operations.end_session(user_id=tom.id, sign_in_id=hers, actor=Actor.customer(tom.id), at=AT)
    operations.end_sessions(user_id=tom.id, actor=Actor.customer(tom.id), at=AT)
    assert still_open() == ["a" * 32]


def test_all_but_one_end_and_that_one_is_told_its_epoch(priya: User) -> None:
    for key in ("a" * 32, "b" * 32, "c" * 32):
        signed_in(priya, key)
    epoch = operations.end_sessions(user_id=priya.id, actor=Actor.customer(priya.id), at=AT, keep="b" * 32)
    assert still_open() == ["b" * 32]
    assert User.objects.get(id=priya.id).session_epoch == epoch


def test_a_session_that_goes_on_is_followed_under_its_new_key(priya: User) -> None:
    signed_in(priya, "a" * 32)
    operations.follow_session(user_id=priya.id, before="a" * 32, after="z" * 32)
    assert still_open() == ["z" * 32]


def test_signing_out_ends_the_sign_in_that_began_it(priya: User) -> None:
    signed_in(priya, "a" * 32)
    operations.record_sign_out(user_id=priya.id, at=AT, session_key="a" * 32)
    assert still_open() == []
