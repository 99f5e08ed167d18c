"""This wasn't me: shut everybody out, until she comes back through her e-mail."""

from datetime import datetime

from milepost.plumbing import formats, lender
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity.models import Challenge, Device, GuessCounter, User
from milepost.servicing.identity.operations.end_sessions import end_rows
from milepost.servicing.identity.operations.start_challenge import OPEN
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.identity.states import TRIES_AT_ALL, GuessKind
from milepost.servicing.notifications.states import Kind


def freeze_sign_in(*, user_id: int, actor: Actor, at: datetime, about: int | None = None) -> None:
    """End every session, forget every device, void every open code and link, and let no password in.

    Only reset_password thaws it, by a link to an address she has proved. `about` is the entry of the audit log that she
    says was not she. All addresses are told, once; a second freeze changes nothing.
    """
    with transaction():
        user = User.objects.select_for_update().get(id=user_id)
        if user.frozen_at is not None:
            return
        user.frozen_at = at
        user.session_epoch += 1
        user.save(update_fields=["frozen_at", "session_epoch"])
        end_rows(user_id=user_id, at=at)
        Device.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=at, trusted_until=None)
        Challenge.objects.filter(OPEN, user_id=user_id).update(voided_at=at)
        # The page of a pause says the right thing from here on: only a new password helps.
        GuessCounter.objects.update_or_create(
            subject=f"user:{user_id}", kind=GuessKind.PASSWORD.value,
            defaults={"tries": TRIES_AT_ALL, "paused_until": at, "last_at": at},
        )  # fmt: skip
        audit.record(
            "identity.sign_in_frozen", subject_kind="user", subject_id=user_id, actor=actor, at=at, about=about
        )
        facts = {"at": formats.moment(at, lender.current().time_zone)}
        tell(user_id=user_id, kind=Kind.SIGN_IN_FROZEN, key=f"epoch:{user.session_epoch}", facts=facts)
