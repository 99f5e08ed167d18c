"""An instalment falls due."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from milepost.finance import entries
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.operations.acts import Recorded, perform
from milepost.servicing.agreements.operations.books import Books


class NotTheNext(Refusal):
    code = "not-the-next"
    sentence = "Instalments fall due in their order, each once."


class NotDueYet(Refusal):
    code = "not-due-yet"
    sentence = "This instalment is not due yet."


@in_transaction
def record_due(*, agreement_id: int, number: int, key: str, actor: Actor, at: datetime, on: date) -> Recorded:
    """Post the instalment of this number on its contractual due date; the customer's credit covers what it can.

    Raises NotTheNext and NotDueYet.
    """

    def fact(books: Books, _: int) -> Mapping[str, int]:
        row, schedule = books.facts.rows, books.schedule
        if number != books.first_number + row or row == len(schedule) or books.ending:
            raise NotTheNext
        if schedule.due(row) > on:
            raise NotDueYet
        books.require_day(schedule.due(row), on)
        books.facts = replace(books.facts, rows=row + 1)
        due = entries.instalment_due(
            principal=schedule.principal[row], interest=schedule.interest[row], fee=schedule.fees[row]
        )
        books.post(due, number, schedule.due(row), at)
        applied = books.derive(on).applied.get(row, 0)
        books.post(entries.credit_applied(amount=applied), number, schedule.due(row), at)
        return {}

    return perform(
        agreement_id=agreement_id, action="agreement.instalment_due", asked={"instalment": number}, fact=fact, key=key,
        actor=actor, at=at, on=on,
    )  # fmt: skip
