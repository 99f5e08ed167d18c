"""Is this the code we sent?"""

import re
from datetime import datetime
from typing import ClassVar

from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Challenge
from milepost.servicing.identity.operations.spend_guess import Paused, clear_guesses, spend_guess
from milepost.servicing.identity.operations.start_challenge import OPEN, code_hash
from milepost.servicing.identity.states import GuessKind


class WrongCode(Refusal):
    code: ClassVar[str] = "identity.wrong_code"
    sentence: ClassVar[str] = "That is not the code we sent, or it is too old. Use the newest one you have."


def check_code(*, challenge_id: int, session_secret: str, typed: str, subject: str, at: datetime) -> None:
    """Spend a code, once. Guesses are counted on the person (or her known device), whichever challenge she is given.

    Raises Paused before it is looked at (and for the wrong one that begins a pause), WrongCode when it is not the one
    or came too late.
    """
    paused_until = spend_guess(subject=subject, kind=GuessKind.CODE, at=at)
    digits = re.sub(r"\D", "", typed)
    with transaction():
        spent = Challenge.objects.filter(
            OPEN,
            id=challenge_id,
            session_hash=queries.session_hash(session_secret),
            code_hash=code_hash(challenge_id, digits),
            expires_at__gt=at,
        ).update(spent_at=at)
        if spent:
            clear_guesses(subject=subject, kind=GuessKind.CODE)
    if not spent and paused_until:
        raise Paused(paused_until)
    if not spent:
        raise WrongCode
