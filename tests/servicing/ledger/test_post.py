"""Posting: once, loudly when twice, one by one and many at once."""

from datetime import UTC, date, datetime

import pytest

from milepost.finance import chart_of_accounts as chart, entries
from milepost.finance.entries import Entry, Event
from milepost.plumbing.errors import InvariantBroken
from milepost.plumbing.transactions import transaction
from milepost.servicing.ledger import operations, queries
from milepost.servicing.ledger.operations import Booked

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = date(2031, 5, 10)  # of a quarter that nobody has made yet
BOOK = 10**8 + 1


def post(entry: Entry, source: int = 1, on: date = DAY) -> int:
    with transaction():
        return operations.post(book=BOOK, entry=entry, source=source, effective_on=on, recorded_at=AT, policy_version=1)


def test_an_entry_is_posted_with_the_partition_it_needs():
    assert post(entries.instalment_due(principal=209_05, interest=89_00, fee=0)) == 2
    assert queries.balances(BOOK) == {chart.PRINCIPAL: -209_05, chart.DUE_FROM_CUSTOMER: 298_05, 4000: -89_00}
    assert queries.balances(BOOK, on=date(2031, 5, 9)) == {}


def test_an_entry_of_nothing_is_nothing():
    assert post(entries.fee_at_inception(amount=0)) == 0


def test_the_same_event_twice_is_refused_by_name():
    post(entries.paid_out(amount=1_00))
    with pytest.raises(operations.AlreadyPosted, match=f"PAID_OUT 1 of book {BOOK} on 2031-05-10"):
        post(entries.paid_out(amount=1_00))


def test_what_the_table_refuses_for_other_reasons_is_not_called_posted_already():
    wrong = Entry(Event.PAID_OUT, (entries.Transfer(chart.BANK, chart.BANK, 5),))
    with pytest.raises(Exception, match="two_accounts"):
        post(wrong)


def test_posting_needs_the_transaction_of_an_operation():
    with pytest.raises(InvariantBroken, match="transaction"):
        operations.post(
            book=BOOK, entry=entries.paid_out(amount=1), source=1, effective_on=DAY, recorded_at=AT, policy_version=1
        )


def test_many_entries_at_once_are_all_posted_or_none():
    booked = [Booked(BOOK + n, entries.paid_out(amount=100 + n), 1, DAY) for n in range(500)]
    with transaction():
        operations.ensure_quarters(first=DAY, last=DAY)
        assert operations.post_many(entries=booked, recorded_at=AT, policy_version=1) == 500
    assert queries.balances(BOOK + 499) == {chart.BANK: -599, chart.PRINCIPAL: 599}
    more = [Booked(BOOK - 1, entries.paid_out(amount=1), 1, DAY), booked[7]]
    with pytest.raises(operations.AlreadyPosted, match="One of these entries"), transaction():
        operations.post_many(entries=more, recorded_at=AT, policy_version=1)
    assert queries.balances(BOOK - 1) == {}


def test_rows_may_be_copied_as_an_import_has_them():
    with transaction():
        operations.ensure_quarters(first=date(2031, 1, 1), last=date(2031, 12, 31))
        rows = operations.rows(
            book=BOOK, entry=entries.paid_out(amount=7_00), source=3, effective_on=DAY, recorded_at=AT, policy_version=2
        )
        assert operations.copy_transfers(transfers=rows) == 1
    (posted,) = queries.transfers(BOOK)
    assert (posted.event, posted.source, posted.amount, posted.policy_version) == (Event.PAID_OUT, 3, 7_00, 2)


def test_a_step_of_the_close_posts_by_a_statement_of_the_ledgers_own():
    from django.db import connection

    statement = operations.insert_transfers_sql(
        select="SELECT n, date '2031-05-10', 10::smallint, 1, 1::smallint, 1250::smallint, 1200::smallint, n, now(), "
        "1::smallint FROM generate_series(%s, %s) AS n"
    )
    with transaction(), connection.cursor() as cursor:
        operations.ensure_quarters(first=DAY, last=DAY)
        cursor.execute(statement, [BOOK, BOOK + 9])
        assert cursor.rowcount == 10
    assert queries.balances(BOOK + 9) == {chart.PRINCIPAL: -BOOK - 9, chart.DUE_FROM_CUSTOMER: BOOK + 9}
