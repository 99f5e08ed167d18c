"""Sending a code: to whom, how often, and what becomes of the one before."""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.crypto import salted_hmac

from milepost.plumbing import formats, lender
from milepost.plumbing.errors import Refusal
from milepost.plumbing.jobs import job
from milepost.plumbing.transactions import transaction
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Challenge, User
from milepost.servicing.identity.states import ChallengeKind, Purpose
from milepost.servicing.notifications import operations as notifications
from milepost.servicing.notifications.states import Channel, Kind

TOLD_AS = {
    Purpose.SIGN_IN: Kind.SIGN_IN_CODE,
    Purpose.INVITATION_CHECK: Kind.INVITATION_CHECK,
    Purpose.CONFIRM_EMAIL: Kind.CONFIRM_EMAIL,
}
OPEN = models.Q(spent_at=None, voided_at=None)


class NoWayToReach(Refusal):
    code: ClassVar[str] = "identity.no_way_to_reach"
    sentence: ClassVar[str] = "We hold no phone or email that a code could go to. Call us and we will sort it out."


class TooSoon(Refusal):
    """A new code was asked for too soon after the last."""

    code: ClassVar[str] = "identity.too_soon"

    def __init__(self, again_at: datetime) -> None:
        super().__init__(f"We have just sent one. You can ask for another from {queries.told_minute(again_at)}.")
        self.again_at = again_at


def start_challenge(
    *,
    user_id: int,
    purpose: Purpose,
    session_secret: str,
    at: datetime,
    contact_id: int | None = None,
    new_address: str = "",
) -> int:
    """Ask somebody for a code: sent to this contact of hers (the best one if none is named), or to a new address.

    Ends the code that this session had for the same purpose. Where too many were sent already, none goes out, and the
    page says from when. Answers the challenge's id. Raises NoWayToReach.
    """
    with transaction():
        User.objects.select_for_update().only("id").get(id=user_id)
        return _start(user_id, purpose, session_secret, at, contact_id, new_address)


def send_another(*, challenge_id: int, session_secret: str, at: datetime, contact_id: int | None = None) -> int:
    """A new code in place of this one, by another way if `contact_id` names one. Raises TooSoon, NoWayToReach."""
    with transaction():
        before = Challenge.objects.filter(id=challenge_id, session_hash=queries.session_hash(session_secret)).first()
        if before is None:
            raise NoWayToReach
        User.objects.select_for_update().only("id").get(id=before.user_id)
        again_at = queries.next_code_at(before.user_id, at)
        if again_at > at:
            raise TooSoon(again_at)
        chosen = None if before.new_address else contact_id or before.contact_point_id
        return _start(before.user_id, Purpose(before.purpose), session_secret, at, chosen, before.new_address)


def _start(
    user_id: int, purpose: Purpose, session_secret: str, at: datetime, contact_id: int | None, new_address: str
) -> int:
    kind = ChallengeKind.EMAIL
    if not new_address:
        known = queries.contacts(user_id, on_file=purpose is Purpose.INVITATION_CHECK)
        chosen = next((contact for contact in known if contact_id in (None, contact.id)), None)
        if chosen is None:
            raise NoWayToReach
        kind, contact_id = chosen.challenge_kind, chosen.id
    holder = queries.session_hash(session_secret)
    allowed = queries.codes_are_left(user_id, at)
    Challenge.objects.filter(OPEN, user_id=user_id, purpose=purpose, session_hash=holder).update(voided_at=at)
    made = Challenge.objects.create(
        user_id=user_id,
        purpose=purpose.value,
        kind=kind.value,
        contact_point_id=contact_id,
        new_address=new_address,
        session_hash=holder,
        created_at=at,
        expires_at=at + timedelta(minutes=lender.current().security.code_minutes),
    )
    if allowed:
        send_code.defer(key=f"challenge:{made.id}", challenge_id=made.id)
    return made.id


@job
def send_code(*, key: str, challenge_id: int, at: datetime) -> None:
    """Make the code of a challenge, keep its hash, send it. Run twice it sends once; killed, it makes a new one."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction():
        challenge = (
            Challenge.objects.select_for_update(of=("self",))
            .select_related("contact_point", "user")
            .filter(OPEN, id=challenge_id, sent_at=None, expires_at__gt=at)
            .first()
        )
        if challenge is None:
            return
        challenge.code_hash = code_hash(challenge_id, code)
        challenge.save(update_fields=["code_hash"])
    text = challenge.kind == ChallengeKind.TEXT
    notifications.deliver(
        key=key,
        kind=TOLD_AS[Purpose(challenge.purpose)],
        user_id=challenge.user_id,
        channel=Channel.TEXT if text else Channel.EMAIL,
        address=challenge.contact_point.folded if text and challenge.contact_point else _address(challenge),
        facts={
            "code": code,
            "until": formats.time_of_day(challenge.expires_at, lender.current().time_zone),
            "name": challenge.user.full_name,
        },
        at=at,
    )
    with transaction():
        Challenge.objects.filter(id=challenge_id).update(sent_at=at)


def code_hash(challenge_id: int, code: str) -> str:
    """What we keep of a short code: keyed, and of use for its own challenge alone."""
    return salted_hmac("milepost.identity.code", f"{challenge_id}:{code}", algorithm="sha256").hexdigest()


def _address(challenge: Challenge) -> str:
    return challenge.new_address or (challenge.contact_point.value if challenge.contact_point else "")
