"""A device that is not hers any more, or was trusted by mistake."""

from datetime import datetime

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity.models import Device
from milepost.servicing.identity.operations.end_sessions import end_rows


def forget_device(*, user_id: int, device_id: int, actor: Actor, at: datetime, keep: str = "") -> None:
    """From now on this browser is a stranger: not trusted, without tries of its own, signed out.

    Only the session with the key `keep` goes on. Somebody else's device, or one forgotten before, changes nothing.
    """
    with transaction():
        device = Device.objects.select_for_update().filter(id=device_id, user_id=user_id, revoked_at=None).first()
        if device is None:
            return
        was_trusted = device.trusted_until is not None and device.trusted_until > at
        device.revoked_at, device.trusted_until = at, None
        device.save(update_fields=["revoked_at", "trusted_until"])
        end_rows(user_id=user_id, at=at, keep=keep, device_id=device_id)
        audit.record(
            "identity.device_forgotten", subject_kind="user", subject_id=user_id, actor=actor, at=at,
            device=device_id, words=device.words, trusted=was_trusted,
        )  # fmt: skip
