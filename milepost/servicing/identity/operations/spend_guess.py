"""Counting guesses, before the answer is looked at."""

from datetime import datetime
from typing import ClassVar

from django.db import connection

from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import GuessCounter
from milepost.servicing.identity.states import LONGEST_WAIT, TRIES, TRIES_AT_ALL, GuessKind

COUNT = """
    INSERT INTO identity_guesscounter AS c (subject, kind, tries, paused_until, last_at)
    VALUES (%(subject)s, %(kind)s, 1, %(at)s, %(at)s)
    ON CONFLICT (subject, kind) DO UPDATE SET
        tries = c.tries + 1,
        last_at = %(at)s,
        paused_until = CASE WHEN c.tries + 1 < %(tries)s THEN %(at)s
            ELSE %(at)s + interval '1 minute' * least(%(longest)s, power(2, least(c.tries + 1 - %(tries)s, 10))) END
    WHERE c.paused_until <= %(at)s AND c.tries < %(at_all)s
    RETURNING tries, paused_until
"""


class Paused(Refusal):
    """Too many wrong answers in a row. `until` is when one more is looked at; None where only a new password helps."""

    code: ClassVar[str] = "identity.paused"
    sentence: ClassVar[str] = "Too many wrong answers, so we slowed things down."

    def __init__(self, until: datetime | None) -> None:
        super().__init__()
        self.until = until


def spend_guess(*, subject: str, kind: GuessKind, at: datetime) -> datetime | None:
    """Count one try as if it were wrong; a right one clears the count afterwards.

    One statement decides and counts, so forty tries at once are five. Answers until when a wrong answer now pauses
    this subject (None before the fifth). Raises Paused when this try must not be looked at.
    """
    words = {
        "subject": subject, "kind": kind.value, "at": at,
        "tries": TRIES, "longest": LONGEST_WAIT, "at_all": TRIES_AT_ALL,
    }  # fmt: skip
    with transaction(), connection.cursor() as cursor:
        cursor.execute(COUNT, words)
        row = cursor.fetchone()
    if row is None:
        until = queries.paused_until(subject, kind, at)
        raise Paused(None if until == queries.NO_END else until)
    paused: datetime = row[1]
    return paused if paused > at else None


@in_transaction
def clear_guesses(*, subject: str, kind: GuessKind | None = None, devices_too: bool = False) -> None:
    """Forget the wrong answers of this subject; of all its known devices as well where `devices_too`."""
    rows = GuessCounter.objects.filter(subject=subject)
    if devices_too:
        rows = rows | GuessCounter.objects.filter(subject__startswith=f"{subject}:device:")
    if kind is not None:
        rows = rows.filter(kind=kind.value)
    rows.delete()
