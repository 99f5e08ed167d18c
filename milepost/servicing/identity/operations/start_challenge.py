"""Sending a code: to whom, how often, and what becomes of the one before."""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.crypto import salted_hmac

from milepost.plumbing import formats, lender
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.jobs import job
from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity import access, queries
from milepost.servicing.identity.models import Challenge, User
from milepost.servicing.identity.operations.notice_half_sign_in import notice_half_sign_in
from milepost.servicing.identity.states import SENT_AS_CODES, ChallengeKind, Purpose
from milepost.servicing.notifications import operations as notifications
from milepost.servicing.notifications.states import Channel, Kind

TOLD_AS = {
    Purpose.SIGN_IN: Kind.SIGN_IN_CODE,
    Purpose.INVITATION_CHECK: Kind.INVITATION_CHECK,
    Purpose.CONFIRM_EMAIL: Kind.CONFIRM_EMAIL,
    Purpose.CONFIRM_CHANGE: Kind.CHANGE_CODE,
}
SENDER = Actor.system("sign-in")
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
    device_words: str = "",
) -> int:
    """Ask somebody for a code: sent to this contact of hers (by her best way if none is named), or to a new address.

    Ends the code that this session had for the same purpose. Where too many were sent already, none goes out, and the
    page says from when. Answers the challenge's id. Raises NoWayToReach.
    """
    with transaction():
        _lock(user_id)
        if new_address:
            way = access.Way(ChallengeKind.EMAIL)
        else:
            way = _chosen(user_id, purpose, None, contact_id)
        return _start(user_id, purpose, way, session_secret, at, new_address, device_words)


def send_another(
    *,
    challenge_id: int,
    session_secret: str,
    at: datetime,
    kind: ChallengeKind | None = None,
    contact_id: int | None = None,
) -> int:
    """Ask anew in place of this challenge, by another way if `kind` or `contact_id` names one.

    Only what we send has waits. Raises TooSoon, NoWayToReach.
    """
    with transaction():
        before = Challenge.objects.filter(id=challenge_id, session_hash=queries.session_hash(session_secret)).first()
        if before is None:
            raise NoWayToReach
        _lock(before.user_id)
        purpose = Purpose(before.purpose)
        if before.new_address:
            way = access.Way(ChallengeKind.EMAIL)
        else:
            if kind is None and contact_id is None:
                kind, contact_id = ChallengeKind(before.kind), before.contact_point_id
            way = _chosen(before.user_id, purpose, kind, contact_id)
        again_at = queries.next_code_at(before.user_id, at)
        if again_at > at and way.kind in SENT_AS_CODES:
            raise TooSoon(again_at)
        return _start(before.user_id, purpose, way, session_secret, at, before.new_address, before.device_words)


def _lock(user_id: int) -> None:
    """One code at a time, and none for a frozen sign-in."""
    if User.objects.select_for_update().only("id", "frozen_at").get(id=user_id).frozen_at is not None:
        raise NoWayToReach


def _chosen(user_id: int, purpose: Purpose, kind: ChallengeKind | None, contact_id: int | None) -> access.Way:
    for way in access.ways(user_id, purpose):
        if kind in (None, way.kind) and contact_id in (None, way.contact_id):
            return way
    raise NoWayToReach


def _start(
    user_id: int, purpose: Purpose, way: access.Way, session_secret: str, at: datetime, new_address: str,
    device_words: str,
) -> int:  # fmt: skip
    holder = queries.session_hash(session_secret)
    allowed = queries.codes_are_left(user_id, at)
    Challenge.objects.filter(OPEN, user_id=user_id, purpose=purpose, session_hash=holder).update(voided_at=at)
    made = Challenge.objects.create(
        user_id=user_id,
        purpose=purpose.value,
        kind=way.kind.value,
        contact_point_id=way.contact_id,
        new_address=new_address,
        device_words=device_words,
        session_hash=holder,
        created_at=at,
        expires_at=at + timedelta(minutes=lender.current().security.code_minutes),
    )
    key = f"challenge:{made.id}"
    if way.kind not in SENT_AS_CODES:
        _notice_unless_answered(made, key, at)
    elif allowed:
        send_code.defer(key=key, challenge_id=made.id)
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
        _notice_unless_answered(challenge, key, at)
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
        audit.record(
            "identity.code_sent", subject_kind="user", subject_id=challenge.user_id, actor=SENDER, at=at,
            purpose=challenge.purpose, kind=challenge.kind, ending=formats.phone_ending(_address(challenge)) if text
            else formats.masked_email(_address(challenge)),
        )  # fmt: skip


@in_transaction
def _notice_unless_answered(challenge: Challenge, key: str, at: datetime) -> None:
    """Look at a sign-in once its code has run out."""
    if challenge.purpose == Purpose.SIGN_IN:
        late = challenge.expires_at - at + timedelta(seconds=30)
        notice_half_sign_in.defer(key=key, after=late, challenge_id=challenge.id)


def code_hash(challenge_id: int, code: str) -> str:
    """What we keep of a short code: keyed, and of use for its own challenge alone."""
    return salted_hmac("milepost.identity.code", f"{challenge_id}:{code}", algorithm="sha256").hexdigest()


def _address(challenge: Challenge) -> str:
    return challenge.new_address or (challenge.contact_point.value if challenge.contact_point else "")
