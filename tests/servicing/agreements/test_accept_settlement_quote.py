"""Saying that one will pay a settlement figure."""

from datetime import UTC, date, datetime

import pytest

from milepost.plumbing.actor import Actor
from milepost.servicing.agreements import operations, queries
from milepost.servicing.agreements.operations.withdraw_settlement_quote import QuoteNotOpen
from milepost.servicing.agreements.states import QuoteState
from milepost.servicing.audit.models import Event
from tests.support.agreements import TODAY, Made, make, priya_terms

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 10, 47, tzinfo=UTC)


@pytest.fixture
def made() -> Made:
    return make(priya_terms(), product="PCP")


def issue(made: Made, key: str = "one") -> int:
    return operations.issue_settlement_quote(
        agreement_id=made.id, received_on=TODAY, settle_on=TODAY, key=key, actor=Actor.customer(made.user_id), at=NOW
    ).quote_id


def accept(made: Made, quote_id: int, on: date = TODAY) -> None:
    operations.accept_settlement_quote(quote_id=quote_id, on=on, actor=Actor.customer(made.user_id), at=NOW)


def test_it_is_accepted_once_however_often_it_is_said(made: Made) -> None:
    quote_id = issue(made)
    accept(made, quote_id)
    accept(made, quote_id)
    assert queries.quotes_of(made.id, on=TODAY)[0].state is QuoteState.ACCEPTED
    assert Event.objects.filter(action="settlement_quote.accepted").count() == 1


def test_one_that_has_ended_is_refused(made: Made) -> None:
    older = issue(made)
    newer = issue(made, "two")
    with pytest.raises(QuoteNotOpen):
        accept(made, older)
    with pytest.raises(QuoteNotOpen):
        accept(made, newer, date(2026, 12, 21))


def test_an_accepted_one_expires_too_and_gives_way_to_a_newer(made: Made) -> None:
    accept(made, issue(made))
    assert queries.quotes_of(made.id, on=date(2026, 12, 21))[0].state is QuoteState.EXPIRED
    issue(made, "two")
    assert [quote.state for quote in queries.quotes_of(made.id, on=TODAY)] == ["ISSUED", "SUPERSEDED"]
