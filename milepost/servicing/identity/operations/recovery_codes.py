"""Codes on paper, for the day when there is no phone: ten, each used once, shown once."""

import secrets
from datetime import datetime

from milepost.plumbing import formats, lender, passwords
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity.models import RecoveryCode, User
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.identity.states import (
    RECOVERY_CODES,
    RECOVERY_HANDLE,
    RECOVERY_LENGTH,
    RECOVERY_SIGNS,
    paper_code,
)
from milepost.servicing.notifications.states import Kind


def renew_recovery_codes(*, user_id: int, at: datetime) -> tuple[str, ...]:
    """Ten new codes in place of those she had, used or not; every address is told. Only their hashes are kept.

    Raises Busy when too many hashes are at work.
    """
    codes: dict[str, str] = {}
    while len(codes) < RECOVERY_CODES:
        code = "".join(secrets.choice(RECOVERY_SIGNS) for _ in range(RECOVERY_LENGTH))
        codes.setdefault(code[:RECOVERY_HANDLE], code)
    hasher = passwords.Hasher()
    hashes = {handle: hasher.encode(code[RECOVERY_HANDLE:], "") for handle, code in codes.items()}
    with transaction():
        User.objects.select_for_update().only("id").get(id=user_id)
        RecoveryCode.objects.filter(user_id=user_id).delete()
        made = RecoveryCode.objects.bulk_create(
            RecoveryCode(user_id=user_id, handle=handle, code_hash=hashed, created_at=at)
            for handle, hashed in hashes.items()
        )
        audit.record(
            "identity.recovery_codes_renewed", subject_kind="user", subject_id=user_id,
            actor=Actor.customer(user_id), at=at, count=len(made),
        )  # fmt: skip
        _tell(user_id, f"codes:{made[0].id}", "You have ten new recovery codes; any older ones no longer work", at)
    return tuple(_grouped(code) for code in codes.values())


def recovery_code(*, user_id: int, typed: str) -> int | None:
    """Which unused code of hers this is, or None. Takes as long for a wrong one. Raises Busy."""
    signs = paper_code(typed)
    held = RecoveryCode.objects.filter(user_id=user_id, handle=signs[:RECOVERY_HANDLE], used_at=None).first()
    encoded = held.code_hash if held else passwords.a_strangers_hash()
    right = passwords.Hasher().verify(signs[RECOVERY_HANDLE:], encoded)
    return held.id if held and right else None


@in_transaction
def spend_recovery_code(*, user_id: int, code_id: int | None, at: datetime) -> bool:
    """Use one up, and tell her. Forty at once are one: one statement decides."""
    if not RecoveryCode.objects.filter(id=code_id or 0, user_id=user_id, used_at=None).update(used_at=at):
        return False
    left = RecoveryCode.objects.filter(user_id=user_id, used_at=None).count()
    audit.record(
        "identity.recovery_code_used", subject_kind="user", subject_id=user_id, actor=Actor.customer(user_id), at=at,
        code=code_id, left=left,
    )  # fmt: skip
    _tell(user_id, f"code:{code_id}", f"One of your recovery codes was used; {left} of {RECOVERY_CODES} are left", at)
    return True


def _tell(user_id: int, key: str, what: str, at: datetime) -> None:
    facts = {"what": what, "at": formats.moment(at, lender.current().time_zone)}
    tell(user_id=user_id, kind=Kind.SECOND_STEPS_CHANGED, key=key, facts=facts)


def _grouped(code: str) -> str:
    return "-".join(code[place : place + 4] for place in range(0, RECOVERY_LENGTH, 4))
