"""A settlement figure taken back before anybody paid it: it was wrong, or the customer does not want it any more."""

from datetime import date, datetime

from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements.models import Agreement, SettlementQuote
from milepost.servicing.agreements.operations.issue_settlement_quote import move_on
from milepost.servicing.agreements.queries.settlement_quotes import state_of
from milepost.servicing.agreements.states import OPEN_QUOTE, QuoteState
from milepost.servicing.audit import operations as audit


class QuoteNotOpen(Refusal):
    code = "quote_not_open"
    sentence = "This settlement figure has ended already."


def withdraw_settlement_quote(*, quote_id: int, reason: str, on: date, actor: Actor, at: datetime) -> None:
    """Take an open quote back. Raises QuoteNotOpen where it is paid, expired, superseded or withdrawn already."""
    with transaction():
        quote = SettlementQuote.objects.only("id", "agreement_id", "good_until").get(id=quote_id)
        Agreement.objects.select_for_update().only("id").get(id=quote.agreement_id)
        if state_of(quote, on=on) not in OPEN_QUOTE:
            raise QuoteNotOpen
        move_on(quote_id, QuoteState.WITHDRAWN, actor=actor, at=at, reason=reason)
        audit.record(
            "settlement_quote.withdrawn", subject_kind="agreement", subject_id=quote.agreement_id, actor=actor, at=at,
            reason=reason, quote=quote_id,
        )  # fmt: skip
