"""A customer says that she will pay a settlement figure: what comes in is then expected under its reference."""

from datetime import date, datetime

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements.models import Agreement, SettlementQuote
from milepost.servicing.agreements.operations.issue_settlement_quote import move_on
from milepost.servicing.agreements.operations.withdraw_settlement_quote import QuoteNotOpen
from milepost.servicing.agreements.queries.settlement_quotes import state_of
from milepost.servicing.agreements.states import QuoteState
from milepost.servicing.audit import operations as audit


def accept_settlement_quote(*, quote_id: int, on: date, actor: Actor, at: datetime) -> None:
    """Accept an issued quote; a second time changes nothing. Raises QuoteNotOpen where it has ended."""
    with transaction():
        quote = SettlementQuote.objects.only("id", "agreement_id", "good_until").get(id=quote_id)
        Agreement.objects.select_for_update().only("id").get(id=quote.agreement_id)
        state = state_of(quote, on=on)
        if state is QuoteState.ACCEPTED:
            return
        if state is not QuoteState.ISSUED:
            raise QuoteNotOpen
        move_on(quote_id, QuoteState.ACCEPTED, actor=actor, at=at)
        audit.record(
            "settlement_quote.accepted", subject_kind="agreement", subject_id=quote.agreement_id, actor=actor, at=at,
            quote=quote_id,
        )  # fmt: skip
