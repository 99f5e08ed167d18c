"""Taking up an invitation: it, a second channel, an e-mail that is hers, and a password."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Challenge
from milepost.servicing.identity.operations.grant_access import grant_access
from milepost.servicing.identity.operations.start_challenge import OPEN
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.identity.states import ChallengeKind, Purpose, folded_email
from milepost.servicing.notifications.states import Kind


class InvitationClosed(Refusal):
    code: ClassVar[str] = "identity.invitation_closed"
    sentence: ClassVar[str] = "This invitation was used, replaced by a newer one, or is too old. Ask for a new one."


class NotProved(Refusal):
    """The second channel, or the new e-mail, is not proved in this session."""

    code: ClassVar[str] = "identity.not_proved"
    sentence: ClassVar[str] = "One of the codes is still missing. Start again from your invitation."


def record_facts_check(*, user_id: int, session_secret: str, at: datetime) -> int:
    """She has no second channel on file, and the facts of her agreement that she gave are right. Answers an id."""
    with transaction():
        made = Challenge.objects.create(
            user_id=user_id,
            purpose=Purpose.INVITATION_CHECK.value,
            kind=ChallengeKind.FACTS.value,
            session_hash=queries.session_hash(session_secret),
            created_at=at,
            expires_at=at,
            spent_at=at,
        )
        return made.id


def accept_invitation(
    *, invitation_id: int, session_secret: str, email: str, password: str, at: datetime, words: Iterable[str] = ()
) -> None:
    """Spend an invitation and let its person in. Believes no page: what was proved is read from the challenges.

    Needs the second channel proved in this session, and the e-mail proved: by a code sent there, or because the
    invitation itself came there. Tells every address on file. Raises InvitationClosed, NotProved, EmailTaken,
    PasswordRefused.
    """
    with transaction():
        invitation = (
            Challenge.objects.select_for_update(of=("self",))
            .select_related("contact_point")
            .filter(OPEN, id=invitation_id, purpose=Purpose.INVITATION, expires_at__gt=at, user__joined_at=None)
            .first()
        )
        if invitation is None:
            raise InvitationClosed
        proofs = list(
            Challenge.objects.select_related("contact_point").filter(
                user_id=invitation.user_id, session_hash=queries.session_hash(session_secret), spent_at__isnull=False
            )
        )
        check = next((proof for proof in proofs if proof.purpose == Purpose.INVITATION_CHECK), None)
        if check is None or not _is_proved(email, invitation, proofs):
            raise NotProved
        phone = check.contact_point.value if check.kind == ChallengeKind.TEXT and check.contact_point else ""
        grant_access(
            user_id=invitation.user_id, email=email, phone=phone, password=password, at=at,
            actor=Actor.customer(invitation.user_id), words=words,
        )  # fmt: skip
        invitation.spent_at = at
        invitation.save(update_fields=["spent_at"])
        tell(user_id=invitation.user_id, kind=Kind.JOINED, key=f"invitation:{invitation.id}", facts={}, on_file=True)


def _is_proved(email: str, invitation: Challenge, proofs: list[Challenge]) -> bool:
    """Did a code come back from this address in this session, or did the invitation go there?"""
    wanted = folded_email(email)
    if (
        invitation.kind == ChallengeKind.EMAIL
        and invitation.contact_point
        and invitation.contact_point.folded == wanted
    ):
        return True
    for proof in proofs:
        sent_to = proof.new_address or (proof.contact_point.value if proof.contact_point else "")
        if proof.kind == ChallengeKind.EMAIL and folded_email(sent_to) == wanted:
            return True
    return False
