"""One effect for one key, however many ask."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from milepost.finance import entries
from milepost.plumbing.transactions import transaction
from milepost.servicing.ledger import operations, queries
from milepost.servicing.ledger.operations import KeyCannotBe, KeyReused

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 22)
BOOK = 10**8 + 1


def ask(key: str = "k", amount: int = 5_00, book: int = BOOK, **more: object) -> dict[str, object]:
    def act(number: int) -> dict[str, object]:
        operations.post(
            book=book, entry=entries.paid_out(amount=amount), source=number, effective_on=DAY, recorded_at=AT,
            policy_version=1,
        )  # fmt: skip
        return {"number": number, "amount": amount}

    with transaction():
        return operations.once(key=key, asked={"amount": amount, **more}, book=book, at=AT, act=act)


@pytest.mark.django_db
def test_the_same_key_and_input_gets_the_first_answer_and_writes_nothing():
    first = ask(on=DAY, rate=Decimal("8.90"))
    assert ask(on=DAY, rate=Decimal("8.9")) == first
    assert len(queries.transfers(BOOK)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"amount": 6_00}, {"book": BOOK + 1}, {"channel": "CARD"}])
def test_the_same_key_for_something_else_is_refused(other: dict[str, object]):
    ask()
    with pytest.raises(KeyReused):
        ask(**other)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_refused_act_leaves_its_key_free():
    def refuse(number: int) -> dict[str, object]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction():
        operations.once(key="k", asked={"amount": 5_00}, book=BOOK, at=AT, act=refuse)
    assert ask()["amount"] == 5_00


@pytest.mark.django_db
def test_a_key_stands_for_plain_values_alone():
    with pytest.raises(TypeError, match="plain values"):
        ask(what=object())


def test_forty_callers_at_once_have_one_effect(database_clone):
    with transaction():
        operations.ensure_quarters(first=DAY, last=DAY)
    answers = database_clone.at_once(*[ask] * 40)
    assert answers == [ask()] * 40
    assert len(queries.transfers(BOOK)) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_posting")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("key", ["", "k" * 201, "a\x00b", "\ud800"])
def test_a_key_that_cannot_be_kept_is_refused(key: str):
    with pytest.raises(KeyCannotBe, match="1 to 200 characters"), transaction():
        operations.once(key=key, asked={}, book=1, at=AT, act=lambda number: {})
