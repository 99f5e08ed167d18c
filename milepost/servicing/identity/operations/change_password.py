"""A new password, chosen by somebody who is signed in and knows the old one."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from milepost.plumbing import formats, lender, passwords
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Challenge, Device, User
from milepost.servicing.identity.operations.check_password import WrongPassword, check_password, record_wrong_password
from milepost.servicing.identity.operations.grant_access import PasswordRefused, set_password
from milepost.servicing.identity.operations.spend_guess import Paused, spend_guess
from milepost.servicing.identity.operations.start_challenge import OPEN
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.identity.states import GuessKind, Purpose
from milepost.servicing.notifications.states import Kind


class WrongOldPassword(Refusal):
    code: ClassVar[str] = "identity.wrong_old_password"
    sentence: ClassVar[str] = "That is not your present password. Check it and type it again."


def change_password(
    *, user_id: int, old: str, new: str, device_id: int | None, keep: str, actor: Actor, at: datetime,
    words: Iterable[str] = (), device_words: str = "", address: str | None = None,
) -> int:  # fmt: skip
    """Replace her password, and end every session but the one with the key `keep`; every address is told.

    The old one is counted as a guess, on her or on her known device, as at sign-in: somebody at an open screen has five
    tries like anybody else. No device is trusted afterwards, and a link that could set a password is closed. `words` as
    for why_refused. Answers the epoch that the session kept must carry. Raises WrongOldPassword, Paused (before it is
    looked at, and for the wrong one that begins a pause), PasswordRefused, Busy.
    """
    subject = queries.guess_subject("", user_id, device_id)
    paused_until = spend_guess(subject=subject, kind=GuessKind.PASSWORD, at=at)
    try:
        check_password(user_id=user_id, password=old, subject=subject, at=at)
    except WrongPassword:
        record_wrong_password(
            user_id=user_id, paused_until=paused_until, device_words=device_words, address=address, at=at
        )
        raise (Paused(paused_until) if paused_until else WrongOldPassword()) from None
    with transaction():
        user = User.objects.select_for_update().get(id=user_id)
        hasher = passwords.Hasher()
        if user.frozen_at is not None or not hasher.verify(old, user.password):
            raise WrongOldPassword  # another change was faster
        if hasher.verify(new, user.password):
            raise PasswordRefused("That is the password you have. Choose another one.")
        strong = queries.has_second_step(user_id)
        epoch = set_password(user_id=user_id, password=new, second_step=strong, at=at, words=words, keep=keep)
        Device.objects.filter(user_id=user_id, trusted_until__gt=at).update(trusted_until=at)
        Challenge.objects.filter(OPEN, user_id=user_id, purpose=Purpose.RESET_PASSWORD).update(voided_at=at)
        audit.record(
            "identity.password_changed", subject_kind="user", subject_id=user_id, actor=actor, at=at,
            words=device_words, address=address,
        )  # fmt: skip
        facts = {"at": formats.moment(at, lender.current().time_zone), "is_kept": True}
        tell(user_id=user_id, kind=Kind.PASSWORD_CHANGED, key=f"epoch:{epoch}", facts=facts)
        return epoch
