"""Taking a settlement figure back: only while it is open, and with the reason kept."""

from datetime import UTC, date, datetime

import pytest

from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import InvariantBroken
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations, queries
from milepost.servicing.agreements.models import SettlementQuoteMove
from milepost.servicing.agreements.operations.issue_settlement_quote import move_on
from milepost.servicing.agreements.operations.withdraw_settlement_quote import QuoteNotOpen
from milepost.servicing.agreements.states import QuoteState
from milepost.servicing.audit.models import Event
from tests.support.agreements import TODAY, Made, make, priya_terms

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 10, 47, tzinfo=UTC)
AGENT = Actor.agent(7)


@pytest.fixture
def made() -> Made:
    return make(priya_terms(), product="PCP")


@pytest.fixture
def quote_id(made: Made) -> int:
    return operations.issue_settlement_quote(
        agreement_id=made.id, received_on=TODAY, settle_on=TODAY, key="one", actor=AGENT, at=NOW
    ).quote_id


def withdraw(quote_id: int, on: date = TODAY) -> None:
    operations.withdraw_settlement_quote(quote_id=quote_id, reason="A fee was missing.", on=on, actor=AGENT, at=NOW)


def test_it_is_withdrawn_with_its_reason_and_in_the_audit_log(made: Made, quote_id: int) -> None:
    withdraw(quote_id)
    assert queries.quotes_of(made.id, on=TODAY)[0].state is QuoteState.WITHDRAWN
    move = SettlementQuoteMove.objects.get(quote_id=quote_id, state="WITHDRAWN")
    assert (move.reason, move.actor_kind, move.actor_user_id) == ("A fee was missing.", "AGENT", 7)
    assert Event.objects.get(action="settlement_quote.withdrawn").reason == "A fee was missing."


def test_a_second_time_is_refused(quote_id: int) -> None:
    withdraw(quote_id)
    with pytest.raises(QuoteNotOpen):
        withdraw(quote_id)


def test_an_expired_one_is_refused(quote_id: int) -> None:
    with pytest.raises(QuoteNotOpen):
        withdraw(quote_id, date(2026, 12, 21))


def test_the_states_know_the_way(quote_id: int) -> None:
    with pytest.raises(InvariantBroken, match="ISSUED to CLOSED"), transaction():
        move_on(quote_id, QuoteState.CLOSED, actor=AGENT, at=NOW)
    with pytest.raises(InvariantBroken, match="inside transaction"):
        move_on(quote_id, QuoteState.PAID, actor=AGENT, at=NOW)
