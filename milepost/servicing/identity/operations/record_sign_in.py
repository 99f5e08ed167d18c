"""Somebody is in: remembered with the device, and told where the device is new."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from milepost.plumbing import formats, lender
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit, queries as audit_log
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Device, SignIn, User
from milepost.servicing.identity.operations.spend_guess import Paused
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.notifications.states import Kind

METHODS = {
    "TEXT": "Your password, then a code by text message",
    "EMAIL": "Your password, then a code by email",
    "APP": "Your password, then a code from your authenticator app",
    "RECOVERY": "Your password, then one of your recovery codes",
    "TRUSTED": "Your password, on a device you trust",
}
WRONG = ("identity.wrong_password", "identity.wrong_code")
SLIPS = 3
"""Wrong answers in a row that are told of even where they were typed on the same device."""
COUNTED_UP_TO = 100


def record_sign_in(
    *,
    user_id: int,
    tokens: Sequence[str],
    second_step: str,
    trust: bool,
    device_words: str,
    address: str | None,
    at: datetime,
    session_key: str = "",
) -> str | None:
    """Write down a sign-in. `tokens` are those of the browser's device cookie; answers one more when the device is new.

    With `trust` this device needs no code for the lender's number of days. `session_key` is that of the session it
    begins. A device that is not the first is told of, and so are wrong answers that came before. Raises Paused where
    the sign-in was frozen meanwhile.
    """
    with transaction():
        if User.objects.select_for_update().only("id", "frozen_at").get(id=user_id).frozen_at is not None:
            raise Paused(None)
        wrong = audit_log.facts_since(
            subject_kind="user", subject_id=user_id, actions=WRONG, since="identity.signed_in", limit=COUNTED_UP_TO
        )
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
        begun = SignIn.objects.create(
            user_id=user_id,
            device_id=device_id,
            at=at,
            second_step=second_step,
            device_words=device_words,
            address=address,
            session_key=session_key,
        )
        audit.record(
            "identity.signed_in", subject_kind="user", subject_id=user_id, actor=Actor.customer(user_id), at=at,
            device=device_id, words=device_words, sign_in=begun.id, second_step=second_step, address=address,
            trusted=trust,
        )  # fmt: skip
        facts = {
            "at": formats.moment(at, lender.current().time_zone),
            "device": device_words,
            "how": METHODS.get(second_step, "Your password"),
        }
        if token and not is_first:
            tell(user_id=user_id, kind=Kind.NEW_DEVICE, key=f"device:{device_id}", facts=facts)
        if _is_odd(wrong, device_words):
            counted = {"tries": len(wrong), "more": len(wrong) == COUNTED_UP_TO}
            tell(user_id=user_id, kind=Kind.AFTER_FAILURES, key=f"sign-in:{begun.id}", facts=facts | counted)
        return token


def _is_odd(wrong: Sequence[Mapping[str, Any]], device_words: str) -> bool:
    """Are these wrong answers more than a slip of her own, on the device she then signed in on?"""
    return len(wrong) >= SLIPS or any(each.get("device") not in ("", None, device_words) for each in wrong)
