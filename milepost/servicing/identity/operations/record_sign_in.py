"""Somebody is in: remembered with the device, and told where the device is new."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from milepost.plumbing import formats, lender
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Device, SignIn
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.notifications.states import Kind

METHODS = {
    "TEXT": "Your password, then a code by text message",
    "EMAIL": "Your password, then a code by email",
    "TRUSTED": "Your password, on a device you trust",
}


def record_sign_in(
    *,
    user_id: int,
    tokens: Sequence[str],
    second_step: str,
    trust: bool,
    device_words: str,
    address: str | None,
    at: datetime,
) -> str | None:
    """Write down a sign-in. `tokens` are those of the browser's device cookie; answers one more when the device is new.

    With `trust` this device needs no code for the lender's number of days. A device that is not the first is told of.
    """
    with transaction():
        token = None
        device_id = queries.known_device(user_id, tokens)
        is_first = not SignIn.objects.filter(user_id=user_id).exists()
        if device_id is None:
            token = secrets.token_urlsafe(32)
            device_id = Device.objects.create(
                user_id=user_id, token_hash=queries.token_hash(token), words=device_words, created_at=at, seen_at=at
            ).id
        changes = {"seen_at": at, "words": device_words}
        if trust:
            changes["trusted_until"] = at + timedelta(days=lender.current().security.trusted_device_days)
        Device.objects.filter(id=device_id).update(**changes)
        SignIn.objects.create(
            user_id=user_id,
            device_id=device_id,
            at=at,
            second_step=second_step,
            device_words=device_words,
            address=address,
        )
        audit.record(
            "identity.signed_in", subject_kind="user", subject_id=user_id, actor=Actor.customer(user_id), at=at,
            device=device_id, second_step=second_step, address=address, trusted=trust,
        )  # fmt: skip
        if token and not is_first:
            facts = {
                "at": formats.moment(at, lender.current().time_zone),
                "device": device_words,
                "how": METHODS.get(second_step, "Your password"),
            }
            tell(user_id=user_id, kind=Kind.NEW_DEVICE, key=f"device:{device_id}", facts=facts)
        return token
