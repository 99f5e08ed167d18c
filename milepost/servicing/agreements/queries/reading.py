"""An agreement read on a date: what has fallen due, what is paid, what comes next. Pure, on what `loading` brought."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate, groupby
from typing import Any

from milepost.finance import arrears
from milepost.finance.calendars import FOREVER
from milepost.finance.products import PRODUCTS
from milepost.finance.terms import Timing
from milepost.plumbing import formats, lender, references
from milepost.servicing.agreements.queries.loading import Loaded
from milepost.servicing.agreements.queries.views import AgreementHead, ComingUp, NextPayment, VehicleView
from milepost.servicing.agreements.states import Status

STATUS_TEXTS = {
    Status.SETTLED: "Settled",
    Status.COMPLETED: "Finished",
    Status.CHARGED_OFF: "Closed",
    Status.TERMINATED: "Ended",
    Status.TRANSFERRED: "Transferred",
}


def money(minor: int) -> str:
    """An amount in the lender's currency, in words."""
    return formats.money(minor, lender.current().currency)


def product_name(code: str) -> str:
    """Personal contract purchase."""
    return PRODUCTS[code].name.capitalize()


def upfront_fees(terms: dict[str, Any]) -> int:
    """Fees of the frozen terms that were paid before the first instalment."""
    return sum(int(fee["amount"]) for fee in terms.get("fees", ()) if fee["timing"] == Timing.UPFRONT)


def vehicle(registration: str, make: str, model: str) -> VehicleView:
    """The car in a few words."""
    return VehicleView(registration, f"{make} {model}".strip())


@dataclass(frozen=True)
class Reading:
    """One agreement on one date. Rows are numbered from 0, amounts are minor units."""

    loaded: Loaded
    on: date
    default_sums: int = 0
    """Charged for breaches and not paid, where the page asked the ledger for it."""

    @cached_property
    def position(self) -> arrears.Position:
        """What is overdue and since when (finance.arrears)."""
        return arrears.position(self.loaded.schedule, self.loaded.paid_total, self.on)

    @cached_property
    def cumulative(self) -> list[int]:
        """All that has been asked for by the end of each row."""
        return list(accumulate(self.loaded.schedule.amounts_due()))

    @property
    def is_live(self) -> bool:
        return self.loaded.status is Status.LIVE

    @cached_property
    def rows_due(self) -> int:
        """How many rows have fallen due."""
        return self.loaded.schedule.rows_due_by(self.on) if len(self.loaded.schedule) else 0

    @cached_property
    def rows_paid(self) -> int:
        """How many leading rows are paid in full."""
        return sum(total <= self.loaded.paid_total for total in self.cumulative)

    @cached_property
    def next_row(self) -> int | None:
        """The first row due today or later that is not paid in full."""
        number = self.position.next_number if self.is_live else 0
        return number - 1 if number else None

    @cached_property
    def number_of_instalments(self) -> int:
        """Instalments without a final payment that stands in a row of its own."""
        rows = len(self.loaded.schedule)
        return rows - 1 if self.balloon and self.balloon_row_apart else rows

    @property
    def instalments_in_all(self) -> int:
        """Of the whole agreement, those before a tape's day included."""
        return self.loaded.first_number - 1 + self.number_of_instalments

    @property
    def instalments_made(self) -> int:
        """How many of them are paid in full."""
        return self.loaded.first_number - 1 + min(self.rows_paid, self.number_of_instalments)

    @cached_property
    def balloon(self) -> int:
        """The final payment that the terms state; 0 without one."""
        stated = self.loaded.terms.get("balloon") if self.loaded.as_signed else None
        return int(stated["amount"]) if stated else 0

    @property
    def balloon_row_apart(self) -> bool:
        """The final payment is due on its own, not together with the last instalment."""
        schedule = self.loaded.schedule
        return bool(self.balloon) and schedule.payment(len(schedule) - 1) == self.balloon

    @cached_property
    def left_by_row(self) -> list[int]:
        """What is still to pay of each row."""
        paid = self.loaded.paid_total
        before = 0
        left = []
        for total in self.cumulative:
            left.append(max(0, total - max(paid, before)))
            before = total
        return left

    @cached_property
    def left_to_pay(self) -> int:
        """Everything that will be asked for and is not paid; 0 once the agreement has ended."""
        return sum(self.left_by_row) + self.default_sums if self.is_live else 0

    @cached_property
    def balance(self) -> int:
        """What is owed of what was borrowed, with what is overdue and less what is paid ahead."""
        if not self.is_live:
            return self.loaded.principal_outstanding
        return self.loaded.principal_outstanding + self.position.due_total - self.loaded.paid_total

    def head(self) -> AgreementHead:
        """The top of the page."""
        loaded = self.loaded
        kind, text = self.tag()
        return AgreementHead(
            reference=loaded.reference,
            grouped=references.grouped(loaded.reference),
            product=loaded.product,
            product_name=product_name(loaded.product),
            vehicle=vehicle(loaded.registration, loaded.make, loaded.model),
            status=loaded.status,
            tag_kind=kind,
            tag_text=text,
            is_live=self.is_live,
            keeps_car=loaded.product == "PCP",
        )

    def tag(self) -> tuple[str, str]:
        """The state in two words."""
        if not self.is_live:
            return "neutral", STATUS_TEXTS[self.loaded.status]
        if self.position.overdue:
            count = self.position.instalments_overdue
            return "warn", f"{count} payment{'s' if count > 1 else ''} behind"
        return "ok", "Up to date"

    def next_payment(self, *, account_ending: str) -> NextPayment | None:
        """The next row, as far as it is still to pay. `account_ending`: of the Direct Debit; empty without one."""
        if self.next_row is None:
            return None
        schedule, row = self.loaded.schedule, self.next_row
        amount = self.left_by_row[row]
        paid_ahead = schedule.amount_due(row) - amount
        interest = max(0, schedule.interest[row] - paid_ahead)
        principal = max(0, schedule.principal[row] - max(0, paid_ahead - schedule.interest[row]))
        return NextPayment(
            due=schedule.due(row),
            collected_on=self.collected(row),
            amount=amount,
            principal=principal,
            interest=interest,
            fee=amount - principal - interest,
            by_direct_debit=bool(account_ending),
            account_ending=account_ending,
            is_final=row == len(schedule) - 1 and bool(self.balloon),
        )

    def coming_up(self, count: int) -> tuple[ComingUp, ...]:
        """The rows after the next one."""
        if self.next_row is None:
            return ()
        rows = range(self.next_row + 1, min(self.next_row + 1 + count, len(self.cumulative)))
        return tuple(
            ComingUp(self.loaded.schedule.due(row), self.collected(row), self.left_by_row[row], self._moved(row))
            for row in rows
        )

    def collected(self, row: int) -> date:
        """The due date or the next working day: when a Direct Debit is taken."""
        return lender.working_days().on_or_after(self.loaded.schedule.due(row))

    def _moved(self, row: int) -> str:
        due = self.loaded.schedule.due(row)
        if self.collected(row) == due:
            return ""
        day = formats.WEEKDAYS[due.weekday()]
        return f"The {ordinal(due.day)} is a {day if due.weekday() > 4 else 'bank holiday'}"

    def left_words(self) -> str:
        """26 payments of £363.30, then £9,850.00 and a £10.00 fee."""
        schedule = self.loaded.schedule
        amounts = [left - min(left, schedule.fees[row]) for row, left in enumerate(self.left_by_row)]
        fees = [min(left, schedule.fees[row]) for row, left in enumerate(self.left_by_row)]
        groups = [(len(list(run)), amount) for amount, run in groupby(amount for amount in amounts if amount)]
        if len(groups) > 3:
            count = sum(count for count, _ in groups)
            words = (
                f"{count} payments between {money(min(a for _, a in groups))} and {money(max(a for _, a in groups))}"
            )
        else:
            words = ", then ".join(self._group_words(groups))
        words += "".join(f" and a {money(fee)} fee" for fee in fees if fee)
        return f"{words} and {money(self.default_sums)} of charges" if self.default_sums else words

    @staticmethod
    def _group_words(groups: list[tuple[int, int]]) -> Iterator[str]:
        for place, (count, amount) in enumerate(groups):
            several = f"{count} payments of {money(amount)}"
            yield (
                several
                if count > 1
                else money(amount)
                if place or len(groups) == 1
                else f"1 payment of {money(amount)}"
            )

    @property
    def arrears_since(self) -> date | None:
        """The contractual due date of the oldest row not paid in full, or None."""
        since = self.position.arrears_since
        return None if since == FOREVER else since


def ordinal(number: int) -> str:
    """14th, 21st."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
