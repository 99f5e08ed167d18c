"""Is this her password? The same work for somebody who does not exist."""

from datetime import datetime
from typing import ClassVar

from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.passwords import Hasher, a_strangers_hash
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity.models import User
from milepost.servicing.identity.operations.pause_sign_in import pause_sign_in
from milepost.servicing.identity.operations.spend_guess import clear_guesses
from milepost.servicing.identity.states import GuessKind

VISITOR = Actor.system("sign-in")


class WrongPassword(Refusal):
    """Not her password, or nobody with this name: which, is never said."""

    code: ClassVar[str] = "identity.wrong_password"
    sentence: ClassVar[str] = "The email, user name or password is not right. Check each of them and try again."


def check_password(*, user_id: int | None, password: str, subject: str, at: datetime) -> None:
    """Raise WrongPassword unless this is the person's password; when it is, forget the guesses counted on `subject`.

    A hash of older parameters or an older pepper is replaced. Nobody's password takes as long as somebody's wrong one.
    A frozen sign-in takes none. Raises Busy when too many are being checked at once.
    """
    encoded = _password(user_id or 0)
    hasher = Hasher()
    has_one = encoded.startswith(f"{hasher.algorithm}$")
    right = hasher.verify(password, encoded if has_one else a_strangers_hash())
    if not (has_one and right):
        raise WrongPassword
    stronger = hasher.encode(password, "") if hasher.must_update(encoded) else None
    with transaction():
        clear_guesses(subject=subject, kind=GuessKind.PASSWORD)
        if stronger:
            User.objects.filter(id=user_id or 0, password=encoded).update(password=stronger)


def record_wrong_password(
    *, user_id: int | None, paused_until: datetime | None, device_words: str, address: str | None, at: datetime
) -> None:
    """Write down a wrong password (for nobody too: the log shows what is tried), and tell her when it began a pause."""
    with transaction():
        audit.record(
            "identity.wrong_password", subject_kind="user", subject_id=user_id or 0, actor=VISITOR, at=at,
            device=device_words, address=address,
        )  # fmt: skip
        if paused_until:
            pause_sign_in.defer(
                key=f"paused:{user_id or 0}:{paused_until:%Y%m%d%H%M%S}",
                user_id=user_id or 0,
                until=paused_until.isoformat(),
                tried_at=at.isoformat(),
                device_words=device_words,
            )


def _password(user_id: int) -> str:
    """The hash of her password; nothing where no password lets her in."""
    able = User.objects.filter(id=user_id, is_active=True, frozen_at=None)
    return able.values_list("password", flat=True).first() or ""
