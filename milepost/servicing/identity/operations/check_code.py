"""Is this the code we sent, or the one that her app or her paper shows?"""

import re
from datetime import datetime
from typing import ClassVar

from django.db.models import QuerySet

from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Challenge
from milepost.servicing.identity.operations.app_codes import take_app_code
from milepost.servicing.identity.operations.check_password import VISITOR
from milepost.servicing.identity.operations.recovery_codes import recovery_code, spend_recovery_code
from milepost.servicing.identity.operations.spend_guess import Paused, clear_guesses, spend_guess
from milepost.servicing.identity.operations.start_challenge import OPEN, code_hash
from milepost.servicing.identity.states import ChallengeKind, GuessKind

SENTENCES = {
    ChallengeKind.APP: "That is not the code in your app, or it was used already. Wait for the next one.",
    ChallengeKind.RECOVERY: "That is not one of your recovery codes, or it was used already. Try another one.",
}


class WrongCode(Refusal):
    code: ClassVar[str] = "identity.wrong_code"
    sentence: ClassVar[str] = "That is not the code we sent, or it is too old. Use the newest one you have."


def check_code(
    *, challenge_id: int, session_secret: str, typed: str, subject: str, at: datetime, device_words: str = ""
) -> None:
    """Spend a code, once. Guesses are counted on the person (or her known device), whichever challenge she is given.

    Raises Paused before it is looked at (and for the wrong one that begins a pause), WrongCode when it is not the one
    or came too late, and Busy (a recovery code) when too many hashes are at work.
    """
    paused_until = spend_guess(subject=subject, kind=GuessKind.CODE, at=at)
    asked = Challenge.objects.filter(
        OPEN, id=challenge_id, session_hash=queries.session_hash(session_secret), expires_at__gt=at
    )
    try:
        _spend(asked, challenge_id, typed, subject, at)
    except WrongCode:
        with transaction():
            _record_wrong(challenge_id, session_secret, device_words, at)
        if paused_until:
            raise Paused(paused_until) from None
        raise


def _spend(asked: QuerySet[Challenge], challenge_id: int, typed: str, subject: str, at: datetime) -> None:
    """The challenge and what answers it are spent together, or neither."""
    found = asked.values_list("user_id", "kind").first()
    if found is None:
        raise WrongCode
    user_id, kind = found[0], ChallengeKind(found[1])
    wrong = WrongCode(SENTENCES.get(kind))
    paper = recovery_code(user_id=user_id, typed=typed) if kind is ChallengeKind.RECOVERY else None
    if kind not in SENTENCES:
        asked = asked.filter(code_hash=code_hash(challenge_id, re.sub(r"\D", "", typed)))
    with transaction():
        if not asked.update(spent_at=at):
            raise wrong
        if kind is ChallengeKind.APP and not take_app_code(user_id=user_id, typed=typed, at=at):
            raise wrong
        if kind is ChallengeKind.RECOVERY and not spend_recovery_code(user_id=user_id, code_id=paper, at=at):
            raise wrong
        clear_guesses(subject=subject, kind=GuessKind.CODE)


@in_transaction
def _record_wrong(challenge_id: int, session_secret: str, device_words: str, at: datetime) -> None:
    """Write down a wrong code, for the person whose challenge this session holds."""
    held = Challenge.objects.filter(id=challenge_id, session_hash=queries.session_hash(session_secret))
    user_id = held.values_list("user_id", flat=True).first()
    if user_id is not None:
        audit.record(
            "identity.wrong_code", subject_kind="user", subject_id=user_id, actor=VISITOR, at=at, device=device_words
        )
