"""Taking an event back: a new event, on the old one's day, that names it."""

from datetime import UTC, date, datetime

import pytest
from django.db import ProgrammingError, connection, transaction as django_transaction

from milepost.finance import entries
from milepost.finance.entries import Event
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.ledger import operations, queries
from milepost.servicing.ledger.models import Correction

pytestmark = pytest.mark.django_db
FIRST, LATER = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = date(2026, 7, 10)
BOOK = 10**8 + 1


def reverse(event: Event = Event.PAID_OUT, source: int = 4) -> int:
    with transaction():
        return operations.reverse(
            book=BOOK, effective_on=DAY, event=event, source=source, reason="typed twice", recorded_at=LATER,
            actor=Actor.agent(7), policy_version=1,
        )  # fmt: skip


@pytest.fixture
def posted(db) -> None:
    with transaction():
        operations.post(
            book=BOOK, entry=entries.paid_out(amount=12_00), source=4, effective_on=DAY, recorded_at=FIRST,
            policy_version=1,
        )  # fmt: skip


def test_the_same_transfers_the_other_way_round_under_the_corrections_number(posted):
    number = reverse()
    first, second = queries.transfers(BOOK)
    assert (second.event, second.source, second.effective_on) == (Event.REVERSED, number, DAY)
    assert (second.debit, second.credit, second.amount) == (first.credit, first.debit, first.amount)
    assert queries.balances(BOOK) == {}
    assert queries.reversed_events(BOOK) == {(DAY, Event.PAID_OUT, 4)}
    kept = Correction.objects.get(id=number)
    assert (kept.reason, kept.actor_user_id) == ("typed twice", 7)


def test_the_books_can_be_read_as_they_were_known_before(posted):
    reverse()
    assert queries.balances(BOOK, on=DAY, known_at=datetime(2026, 9, 1, tzinfo=UTC)) == {1000: -12_00, 1200: 12_00}
    assert queries.balances(BOOK, on=DAY, known_at=LATER) == {}


def test_an_event_is_taken_back_once_and_only_if_it_is_there(posted):
    reverse()
    with pytest.raises(operations.AlreadyReversed):
        reverse()
    with pytest.raises(operations.NothingToReverse):
        reverse(source=5)
    with pytest.raises(operations.NothingToReverse):
        reverse(event=Event.REFUNDED)


@pytest.mark.parametrize("table", ["ledger_posting", "ledger_correction"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET book = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_neither_postings_nor_corrections_can_be_changed(posted, table: str, statement: str):
    with pytest.raises(ProgrammingError), django_transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
