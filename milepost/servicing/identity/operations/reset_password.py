"""A forgotten password, and a forgotten user name."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from milepost.plumbing import formats, lender, passwords
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.jobs import job
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Challenge, Device, User
from milepost.servicing.identity.operations.grant_access import PasswordRefused, set_password
from milepost.servicing.identity.operations.spend_guess import clear_guesses
from milepost.servicing.identity.operations.start_challenge import OPEN
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.identity.states import ChallengeKind, ContactKind, GuessKind, Purpose
from milepost.servicing.notifications import operations as notifications
from milepost.servicing.notifications.states import Channel, Kind

LINK_HOURS = 24
LINKS_A_DAY = 5


class LinkClosed(Refusal):
    code: ClassVar[str] = "identity.link_closed"
    sentence: ClassVar[str] = (
        "This link was used, replaced by a newer one, or is older than 24 hours. Ask for a new one."
    )


def request_password_reset(*, user_id: int | None, at: datetime) -> None:
    """She forgot her password. The same for nobody: whatever there is to send, the job sends it."""
    with transaction():
        send_reset_links.defer(key=f"reset:{user_id or 0}:{at.timestamp():.0f}", user_id=user_id or 0)


def request_user_name(*, user_id: int | None, at: datetime) -> None:
    """She forgot what she signs in with. The same for nobody."""
    with transaction():
        send_user_name.defer(key=f"name:{user_id or 0}:{at.date()}", user_id=user_id or 0)


@job
def send_reset_links(*, key: str, user_id: int, at: datetime) -> None:
    """Send a link to her newest proved e-mail; it ends those before it. Five a day, none to who never joined."""
    token = secrets.token_urlsafe(32)
    with transaction():
        user = User.objects.select_for_update().filter(id=user_id, is_active=True, joined_at__isnull=False).first()
        emails = [way for way in queries.contacts(user_id) if way.kind is ContactKind.EMAIL] if user else []
        made = Challenge.objects.filter(user_id=user_id, purpose=Purpose.RESET_PASSWORD)
        if user is None or not emails or made.filter(created_at__gt=at - timedelta(days=1)).count() >= LINKS_A_DAY:
            return
        made.filter(OPEN).update(voided_at=at)
        challenge = Challenge.objects.create(
            user_id=user_id,
            purpose=Purpose.RESET_PASSWORD.value,
            kind=ChallengeKind.LINK.value,
            contact_point_id=emails[0].id,
            code_hash=queries.token_hash(token),
            created_at=at,
            expires_at=at + timedelta(hours=LINK_HOURS),
        )
    notifications.deliver(
        key=f"reset:{challenge.id}",
        kind=Kind.RESET_PASSWORD,
        user_id=user_id,
        channel=Channel.EMAIL,
        address=emails[0].value,
        facts={
            "token": token,
            "until": formats.moment(challenge.expires_at, lender.current().time_zone),
            "name": user.full_name,
        },
        at=at,
    )
    with transaction():
        Challenge.objects.filter(id=challenge.id).update(sent_at=at)


@job
def send_user_name(*, key: str, user_id: int, at: datetime) -> None:
    """Remind her of what she signs in with, at what she has proved is hers. Once a day."""
    user = User.objects.filter(id=user_id, is_active=True, joined_at__isnull=False).first()
    if user is None:
        return
    with transaction():
        tell(user_id=user_id, kind=Kind.USER_NAME, key=f"{at.date()}", facts={"user_name": user.user_name})


def reset_password(*, token: str, password: str, at: datetime, words: Iterable[str] = ()) -> None:
    """Spend a link: a new password, every session ended, every pause and freeze lifted, no device trusted, all told.

    `words` as for why_refused. Signs nobody in, and the second step stays as it is. Raises LinkClosed, PasswordRefused
    (which spends nothing).
    """
    with transaction():
        challenge = (
            Challenge.objects.select_for_update()
            .filter(OPEN, code_hash=queries.token_hash(token), purpose=Purpose.RESET_PASSWORD, expires_at__gt=at)
            .first()
        )
        if challenge is None:
            raise LinkClosed
        user_id = challenge.user_id
        if passwords.Hasher().verify(password, User.objects.get(id=user_id).password):
            raise PasswordRefused("That is the password you have. Choose another one.")
        strong = queries.has_second_step(user_id)
        set_password(user_id=user_id, password=password, second_step=strong, at=at, words=words)
        challenge.spent_at = at
        challenge.save(update_fields=["spent_at"])
        User.objects.filter(id=user_id).update(frozen_at=None)
        clear_guesses(subject=f"user:{user_id}", kind=GuessKind.PASSWORD, devices_too=True)
        Device.objects.filter(user_id=user_id, trusted_until__gt=at).update(trusted_until=at)
        audit.record(
            "identity.password_reset", subject_kind="user", subject_id=user_id, actor=Actor.customer(user_id), at=at
        )
        tell(
            user_id=user_id,
            kind=Kind.PASSWORD_CHANGED,
            key=f"reset:{challenge.id}",
            facts={"at": formats.moment(at, lender.current().time_zone), "is_kept": False},
        )
