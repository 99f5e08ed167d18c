"""The one way into the audit log."""

from datetime import datetime
from typing import Any

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.audit.models import Event


@in_transaction
def record(
    action: str, *, subject_kind: str, subject_id: int, actor: Actor, at: datetime, reason: str = "", **facts: Any
) -> None:
    """Write down one act, in the transaction that does it. Facts hold ids and plain values, never a secret."""
    Event.objects.create(
        at=at,
        action=action,
        actor_kind=actor.kind,
        actor_user_id=actor.user_id,
        actor_name=actor.name,
        subject_kind=subject_kind,
        subject_id=subject_id,
        reason=reason,
        facts=facts,
    )
