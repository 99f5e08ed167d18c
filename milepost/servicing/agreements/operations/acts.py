"""The frame of every act on an agreement's books: key, lock, fact, what follows from it, standing, audit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from milepost.finance.money import FinanceError, require_amount
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.operations.books import Books, open_books
from milepost.servicing.audit import operations as audit
from milepost.servicing.ledger import operations as ledger


class NoSuchAmount(Refusal):
    code = "no-such-amount"
    sentence = "The amount must be above nought."


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an act came to. Amounts in minor units, at the end of the day on which it was done.

    `number` names the act: the source of transfers that have no number of their own. `corrected` are the days on which
    something else changed by it. `share` says how a receipt was spread.
    """

    number: int
    corrected: tuple[date, ...]
    unpaid: int
    credit: int
    default_sums: int
    share: dict[str, int]


@in_transaction
def perform(
    *, agreement_id: int, action: str, asked: Mapping[str, object], fact: Callable[[Books, int], Mapping[str, Any]],
    key: str, actor: Actor, at: datetime, on: date, reason: str = "",
) -> Recorded:  # fmt: skip
    """Do one act under its key. `fact` adds to the books' facts and posts what is the fact's own.

    It is given the number of the act and answers how a receipt was spread, or nothing.
    """

    def act(number: int) -> dict[str, Any]:
        books = open_books(agreement_id=agreement_id)
        share = dict(fact(books, number))
        position = books.derive(on)
        corrected = books.settle(position, number, at)
        audit.record(
            action, subject_kind="agreement", subject_id=agreement_id, actor=actor, at=at, reason=reason,
            number=number, **{name: str(value) for name, value in asked.items()},
        )  # fmt: skip
        return {
            "number": number, "corrected": [day.isoformat() for day in corrected], "unpaid": position.unpaid,
            "credit": position.credit, "default_sums": position.default_sums + position.default_interest,
            "share": share,
        }  # fmt: skip

    answer = ledger.once(key=key, asked={**asked, "action": action}, book=agreement_id, at=at, act=act)
    return Recorded(**{**answer, "corrected": tuple(date.fromisoformat(day) for day in answer["corrected"])})


def require_positive(amount: int) -> None:
    """Raises NoSuchAmount for nought, less, and more than a schedule could hold."""
    try:
        require_amount(amount, "amount", least=1)
    except FinanceError as error:
        raise NoSuchAmount(f"The amount {error.message}.") from error
