"""Inviting somebody who has no password yet."""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from milepost.plumbing import formats, lender, references
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.jobs import job
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Challenge, User
from milepost.servicing.identity.operations.start_challenge import OPEN, NoWayToReach
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.identity.states import ChallengeKind, ContactKind, Purpose
from milepost.servicing.notifications import operations as notifications
from milepost.servicing.notifications.states import Channel, Kind

SELF = Actor.system("invitation")
ASKED_A_DAY = 3


class AlreadyJoined(Refusal):
    code: ClassVar[str] = "identity.already_joined"
    sentence: ClassVar[str] = "This person has online access already."


def invite(*, user_id: int, at: datetime, actor: Actor, letter_to: str = "") -> int:
    """Invite somebody by the e-mail on file, or by letter to `letter_to` (her postal address) where there is none.

    Ends earlier invitations. Answers the new one's id. Raises AlreadyJoined, NoWayToReach.
    """
    with transaction():
        user = User.objects.select_for_update().get(id=user_id)
        if user.joined_at:
            raise AlreadyJoined
        email = next((way for way in queries.contacts(user_id, on_file=True) if way.kind is ContactKind.EMAIL), None)
        if email is None and not letter_to:
            raise NoWayToReach
        Challenge.objects.filter(OPEN, user_id=user_id, purpose=Purpose.INVITATION).update(voided_at=at)
        made = Challenge.objects.create(
            user_id=user_id,
            purpose=Purpose.INVITATION.value,
            kind=(ChallengeKind.EMAIL if email else ChallengeKind.LETTER).value,
            contact_point_id=email.id if email else None,
            created_at=at,
            expires_at=at + timedelta(days=lender.current().security.invitation_days),
        )
        audit.record("identity.invited", subject_kind="user", subject_id=user_id, actor=actor, at=at, by=made.kind)
        send_invitation.defer(key=f"invitation:{made.id}", challenge_id=made.id, letter_to=letter_to)
        return made.id


def request_invitation(*, user_id: int | None, letter_to: str = "", at: datetime) -> None:
    """She asked for access herself. The same for nobody: whatever there is to send, the job sends it."""
    with transaction():
        answer_invitation_request.defer(
            key=f"asked:{user_id or 0}:{at.timestamp():.0f}", user_id=user_id or 0, letter_to=letter_to
        )


@job
def answer_invitation_request(*, key: str, user_id: int, letter_to: str, at: datetime) -> None:
    """Invite her; or, where she has access already, remind her how she signs in. Three times a day at most."""
    user = User.objects.filter(id=user_id, is_active=True).first()
    if user is None:
        return
    if user.joined_at:
        with transaction():
            tell(user_id=user_id, kind=Kind.USER_NAME, key=f"{at.date()}", facts={"user_name": user.user_name})
        return
    asked = Challenge.objects.filter(user_id=user_id, purpose=Purpose.INVITATION, created_at__gt=at - timedelta(days=1))
    if asked.count() >= ASKED_A_DAY:
        return
    try:
        invite(user_id=user_id, at=at, actor=SELF, letter_to=letter_to)
    except Refusal:
        return


@job
def send_invitation(*, key: str, challenge_id: int, letter_to: str, at: datetime) -> None:
    """Make an invitation's code (80 bits), keep its hash, send it."""
    code = "".join(secrets.choice(references.ALPHABET) for _ in range(16))
    with transaction():
        challenge = (
            Challenge.objects.select_for_update(of=("self",))
            .select_related("contact_point", "user")
            .filter(OPEN, id=challenge_id, sent_at=None, expires_at__gt=at)
            .first()
        )
        if challenge is None:
            return
        challenge.code_hash = queries.token_hash(code)
        challenge.save(update_fields=["code_hash"])
    by_letter = challenge.kind == ChallengeKind.LETTER
    notifications.deliver(
        key=key,
        kind=Kind.INVITATION,
        user_id=challenge.user_id,
        channel=Channel.LETTER if by_letter else Channel.EMAIL,
        address=letter_to if by_letter or challenge.contact_point is None else challenge.contact_point.value,
        facts={
            "code": "-".join(code[start : start + 4] for start in range(0, 16, 4)),
            "token": code,
            "until": formats.day(challenge.expires_at.date()),
            "name": challenge.user.full_name,
        },
        at=at,
    )
    with transaction():
        Challenge.objects.filter(id=challenge_id).update(sent_at=at)
