"""Personal contract hire: rentals with VAT for a fixed time; the car is never the customer's (domain.md 1).

Hire is not credit: no interest, no APR, no rebate, no half rule. Its terms are frozen in the same form as those of
credit, and mean: `amount_of_credit` is the sum of the monthly rentals, VAT included, which are the instalments; what
the initial rental is above a monthly one, and the documentation fee, are fees of their row. So a row asks for its
rental, its interest is nought, and the balance is the rentals still to come: arrears and receipts need nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from milepost.finance.hire import Hire
from milepost.finance.money import FinanceError
from milepost.finance.policy import Deferral
from milepost.finance.products.protocol import Rights
from milepost.finance.schedule import Schedule, build
from milepost.finance.settlement import SettlementQuote
from milepost.finance.terms import Fee, FeeKind, RateConvention, Terms

HIRE_RIGHTS = Rights(voluntary_termination=False, protected_goods=False, early_settlement_rebate=False)


@dataclass(frozen=True, slots=True)
class HireProduct:
    """A type of hire agreement."""

    code: str
    name: str
    rights: Rights = HIRE_RIGHTS

    def check(self, terms: Terms) -> None:
        """Raise FinanceError for what hire cannot have: a rate, interest, a final payment, an option to purchase."""
        if terms.rate_convention is not RateConvention.CONTRACT:
            _refuse("rate_convention", f"{self.name} has no rate of interest: its rentals are printed")
        if terms.balloon:
            _refuse("balloon", f"{self.name} has no final payment")
        if any(fee.kind is FeeKind.OPTION_TO_PURCHASE for fee in terms.fees):
            _refuse("fees", f"{self.name} has no option to purchase")
        if terms.deposit or terms.part_exchange:
            _refuse("deposit", f"{self.name} has an initial rental, not a deposit")
        if terms.final_instalment is not None:
            _refuse("final_instalment", "every monthly rental is the same")
        if (terms.instalment or 0) * terms.number_of_instalments != terms.amount_of_credit:
            _refuse("amount_of_credit", "must be the sum of the monthly rentals: hire bears no interest")

    def terms(self, frozen: Mapping[str, Any]) -> Terms:
        """Terms read from the agreement's JSON, and checked."""
        terms = Terms.from_json(frozen)
        self.check(terms)
        return terms

    def schedule(self, terms: Terms) -> Schedule:
        """One row a rental, VAT included; no interest."""
        self.check(terms)
        return build(terms)

    def settlement_quote(
        self,
        terms: Terms,
        schedule: Schedule,
        *,
        received_on: date,
        deferral: Deferral,
        apr_percent: Decimal | None = None,
        unpaid: int = 0,
        default_sums: int = 0,
        credit: int = 0,
    ) -> SettlementQuote:
        """Never: a hirer has no rebate, and what ending early costs is in the contract. Raises FinanceError."""
        _refuse("product", f"{self.name} is not credit: its contract says what ending early costs")


PERSONAL_CONTRACT_HIRE = HireProduct(code="PERSONAL_CONTRACT_HIRE", name="personal contract hire")


def hire_terms(hire: Hire, *, hired_on: date | None = None, first_due: date | None = None) -> Terms:
    """The terms of a hire: the initial rental on the day of hire, where there is one, then a rental a month.

    Amounts with VAT, as invoiced. The documentation fee comes with the first rental. Raises FinanceError where no
    monthly rental follows.
    """
    monthly = hire.monthly.gross
    advance = 1 if hire.initial.net else 0
    initial = hire.initial.gross - monthly if advance else 0
    if not hire.further_rentals:
        _refuse("further_rentals", "must be one at least: a hire is paid by the month")
    number = advance + hire.further_rentals
    fees = ((FeeKind.OTHER, initial), (FeeKind.ACCEPTANCE, hire.documentation_fee.gross))
    return Terms(
        amount_of_credit=monthly * number,
        number_of_instalments=number,
        rate_convention=RateConvention.CONTRACT,
        instalment=monthly,
        advance_instalments=advance,
        fees=tuple(Fee(kind, amount, 1) for kind, amount in fees if amount),
        drawdown_date=hired_on,
        first_due_date=first_due,
    )


def _refuse(field: str, reason: str) -> NoReturn:
    raise FinanceError("not_allowed", field, reason)
