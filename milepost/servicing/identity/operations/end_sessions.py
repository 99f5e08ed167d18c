"""Signing somebody out: here, on one device, and everywhere."""

from datetime import datetime

from django.db import connection
from django.db.models import F

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity.models import SignIn, User


def end_sessions(*, user_id: int, actor: Actor, at: datetime, keep: str = "") -> int:
    """End every session of this person, wherever it is: from now on none of their cookies opens anything.

    The session with the key `keep` goes on, once it carries the epoch that this answers: delivery gives it to it.
    """
    with transaction():
        User.objects.select_for_update().only("id").get(id=user_id)
        User.objects.filter(id=user_id).update(session_epoch=F("session_epoch") + 1)
        end_rows(user_id=user_id, at=at, keep=keep)
        audit.record(
            "identity.sessions_ended", subject_kind="user", subject_id=user_id, actor=actor, at=at, others=bool(keep)
        )
        return User.objects.values_list("session_epoch", flat=True).get(id=user_id)


def end_session(*, user_id: int, sign_in_id: int, actor: Actor, at: datetime) -> None:
    """End one session of hers. One that has ended, or is somebody else's, changes nothing."""
    with transaction():
        words = SignIn.objects.filter(id=sign_in_id, user_id=user_id).values_list("device_words", flat=True).first()
        if words is not None and end_rows(user_id=user_id, at=at, sign_in_id=sign_in_id):
            audit.record(
                "identity.session_ended", subject_kind="user", subject_id=user_id, actor=actor, at=at, words=words,
                sign_in=sign_in_id,
            )  # fmt: skip


def record_sign_out(*, user_id: int, at: datetime, session_key: str = "") -> None:
    """She signed out on one device; delivery ends that session."""
    with transaction():
        if session_key:
            SignIn.objects.filter(user_id=user_id, session_key=session_key).update(session_key="", ended_at=at)
        audit.record(
            "identity.signed_out", subject_kind="user", subject_id=user_id, actor=Actor.customer(user_id), at=at
        )


def follow_session(*, user_id: int, before: str, after: str) -> None:
    """A session that goes on has a new key."""
    with transaction():
        SignIn.objects.filter(user_id=user_id, session_key=before, ended_at=None).update(session_key=after)


@in_transaction
def end_rows(
    *, user_id: int, at: datetime, keep: str = "", sign_in_id: int | None = None, device_id: int | None = None
) -> int:
    """Remove the sessions behind her sign-ins (behind one, or those of one device, if named); how many were ended.

    The row that a session lives in is deleted, so that it is dead on the server with this transaction's commit: a
    request that still holds it cannot save it again.
    """
    open_ones = SignIn.objects.select_for_update().filter(user_id=user_id, ended_at=None).exclude(session_key="")
    if keep:
        open_ones = open_ones.exclude(session_key=keep)
    if sign_in_id is not None:
        open_ones = open_ones.filter(id=sign_in_id)
    if device_id is not None:
        open_ones = open_ones.filter(device_id=device_id)
    found = dict(open_ones.order_by("id").values_list("id", "session_key"))
    if found:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_session WHERE session_key = ANY(%s)", [list(found.values())])
        SignIn.objects.filter(id__in=found).update(session_key="", ended_at=at)
    return len(found)
