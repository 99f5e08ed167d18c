"""Settlement quotes that are really committed: many requests at one moment, and the owner's hand on the table."""

from datetime import UTC, datetime

import psycopg
import pytest

from milepost.plumbing.actor import Actor
from milepost.servicing.agreements import operations
from milepost.servicing.agreements.models import SettlementQuote, SettlementQuoteMove
from milepost.servicing.agreements.operations import Issued
from tests.support.agreements import TODAY, Made, make, priya_terms
from tests.support.database_clone import DatabaseClone


def priya() -> Made:
    return make(priya_terms(), product="PCP")


def issue(made: Made) -> Issued:
    return operations.issue_settlement_quote(
        agreement_id=made.id, received_on=TODAY, settle_on=TODAY, key="one", actor=Actor.customer(made.user_id),
        at=datetime(2026, 11, 22, 10, 47, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("table", ["agreements_settlementquote", "agreements_settlementquotemove"])
def test_not_even_the_owner_changes_one(database_clone: DatabaseClone, table: str) -> None:
    issue(priya())
    with database_clone.as_owner() as own, pytest.raises(psycopg.Error, match="append"):
        own.execute(f"DELETE FROM {table}")


def test_forty_requests_at_once_with_one_key_make_one_quote(database_clone: DatabaseClone) -> None:
    made = priya()
    answers = database_clone.at_once(*[lambda: issue(made)] * 40)
    assert {answer.quote_id for answer in answers if isinstance(answer, Issued)} == {SettlementQuote.objects.get().id}
    assert sum(answer.is_new for answer in answers if isinstance(answer, Issued)) == 1
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert SettlementQuoteMove.objects.count() == 2
