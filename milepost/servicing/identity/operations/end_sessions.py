"""Signing somebody out, here and everywhere."""

from datetime import datetime

from django.db.models import F

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity.models import User


def end_sessions(*, user_id: int, actor: Actor, at: datetime) -> None:
    """End every session of this person, wherever it is: from now on none of their cookies opens anything."""
    with transaction():
        User.objects.filter(id=user_id).update(session_epoch=F("session_epoch") + 1)
        audit.record("identity.sessions_ended", subject_kind="user", subject_id=user_id, actor=actor, at=at)


def record_sign_out(*, user_id: int, at: datetime) -> None:
    """She signed out on one device; delivery has ended that session."""
    with transaction():
        audit.record(
            "identity.signed_out", subject_kind="user", subject_id=user_id, actor=Actor.customer(user_id), at=at
        )
