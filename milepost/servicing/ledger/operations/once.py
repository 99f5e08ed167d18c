"""A money operation has one effect for one key, however often and by however many at once it is asked for."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.ledger.models import Posting


class KeyReused(Refusal):
    code = "key-reused"
    sentence = "This key was used before, to ask for something else. Ask again with a new one."


class KeyCannotBe(Refusal):
    code = "key-cannot-be"
    sentence = "A key must have 1 to 200 characters, all of them printable."


LONGEST_KEY = 200


@in_transaction
def once(
    *, key: str, asked: Mapping[str, object], book: int, at: datetime, act: Callable[[int], Mapping[str, Any]]
) -> dict[str, Any]:
    """Do `act` under a key, once: asked again, give the first answer and write nothing.

    `asked` is all that the caller asked for (plain values); `act` gets the number of this posting and answers plain
    values. Callers with the same key wait for each other. Raises KeyCannotBe, and KeyReused when the key was used to
    ask for other things. What `act` raises undoes everything, the key included.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise KeyCannotBe
    digest = hashlib.sha256(_canonical({**asked, "book": book}).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        cursor.execute("SELECT asked, answer::text FROM ledger_posting WHERE key = %s", [key])
        before = cursor.fetchone()
        if before is not None:
            if before[0] != digest:
                raise KeyReused
            first: dict[str, Any] = json.loads(before[1])
            return first
        cursor.execute("SELECT nextval('ledger_posting_id_seq')")
        (number,) = cursor.fetchone()
    answer = dict(act(number))
    Posting.objects.create(id=number, key=key, asked=digest, book=book, recorded_at=at, answer=answer)
    return answer


def _canonical(asked: Mapping[str, object]) -> str:
    return json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize())
    raise TypeError(f"A key cannot stand for {value!r}: give plain values")
