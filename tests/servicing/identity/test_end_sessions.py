"""Ending sessions."""

from datetime import UTC, datetime

from milepost.plumbing.actor import Actor
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import User

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
