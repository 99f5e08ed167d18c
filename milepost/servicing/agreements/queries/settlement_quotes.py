"""The settlement quotes of an agreement, and where each of them is in its life."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from milepost.plumbing import references
from milepost.servicing.agreements.models import SettlementQuote, SettlementQuoteMove
from milepost.servicing.agreements.states import OPEN_QUOTE, QuoteState

PREFIX = "SQ"
MOST_SHOWN = 24


@dataclass(frozen=True, slots=True)
class QuoteInList:
    """A quote among others of its agreement."""

    id: int
    reference: str
    amount: int
    received_on: date
    good_until: date
    state: QuoteState


def state_of(quote: SettlementQuote, *, on: date) -> QuoteState:
    """The state on a day: an open quote whose last day has passed is expired, whether or not that was written down."""
    moves = SettlementQuoteMove.objects.filter(quote_id=quote.id).order_by("-id").values_list("state", flat=True)
    return read_on(QuoteState(moves[0]), quote.good_until, on)


def read_on(written: QuoteState, good_until: date, on: date) -> QuoteState:
    """What a written state says on a day."""
    return QuoteState.EXPIRED if written in OPEN_QUOTE and good_until < on else written


def quotes_of(agreement_id: int, *, on: date) -> list[QuoteInList]:
    """The newest quotes of an agreement, newest first, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT q.id, q.amount_to_settle, q.received_on, q.good_until, m.state
            FROM agreements_settlementquote q, LATERAL (
                SELECT state FROM agreements_settlementquotemove WHERE quote_id = q.id ORDER BY id DESC LIMIT 1
            ) m
            WHERE q.agreement_id = %s ORDER BY q.id DESC LIMIT %s
            """,
            [agreement_id, MOST_SHOWN],
        )
        return [
            QuoteInList(
                quote_id, references.reference(PREFIX, quote_id), amount, received_on, good_until,
                read_on(QuoteState(state), good_until, on),
            )
            for quote_id, amount, received_on, good_until, state in cursor.fetchall()
        ]  # fmt: skip


def quote_of(agreement_id: int, quote_reference: str) -> SettlementQuote | None:
    """The agreement's quote with this reference, or None when it has no such quote."""
    quote_id = references.row_id(PREFIX, quote_reference)
    return SettlementQuote.objects.filter(id=quote_id, agreement_id=agreement_id).first() if quote_id else None
