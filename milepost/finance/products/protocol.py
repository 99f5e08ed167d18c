"""What a product type is, and the shape that all kinds of credit agreement share (domain.md 1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from milepost.finance import settlement
from milepost.finance.money import FinanceError
from milepost.finance.policy import Deferral
from milepost.finance.schedule import Schedule, build
from milepost.finance.settlement import SettlementQuote
from milepost.finance.terms import FeeKind, Terms


class BalloonRule(StrEnum):
    """Whether an agreement of the type has a final payment of its own."""

    NEVER = "NEVER"
    MAY = "MAY"
    ALWAYS = "ALWAYS"


class TitlePasses(StrEnum):
    """When the vehicle becomes the customer's (domain.md 1: who owns the car during the term)."""

    AT_THE_START = "AT_THE_START"
    WITH_THE_LAST_PAYMENT = "WITH_THE_LAST_PAYMENT"
    BY_OPTION = "BY_OPTION"


@dataclass(frozen=True, slots=True)
class Rights:
    """What the Consumer Credit Act 1974 gives the customer: ending by the half rule (s99), protection from repossession
    once a third is paid (s90), a rebate on early settlement (s95)."""

    voluntary_termination: bool
    protected_goods: bool
    early_settlement_rebate: bool


class Product(Protocol):
    """Everything the rest of the system asks of a product type."""

    @property
    def code(self) -> str:
        """UPPER_CASE, stored with the agreement."""
        ...

    @property
    def name(self) -> str:
        """In words, for people."""
        ...

    @property
    def rights(self) -> Rights:
        """The customer's rights under this type."""
        ...

    def check(self, terms: Terms) -> None:
        """Raise FinanceError, naming the field, where the terms are not of this type."""
        ...

    def terms(self, frozen: Mapping[str, Any]) -> Terms:
        """Terms read from the agreement's JSON, and checked."""
        ...

    def schedule(self, terms: Terms) -> Schedule:
        """The schedule of checked terms."""
        ...

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
        """The settlement figure; the APR is the printed one of the terms unless given."""
        ...


@dataclass(frozen=True, slots=True)
class CreditProduct:
    """A type of credit agreement. Types differ in these answers, and in nothing else that finance computes."""

    code: str
    name: str
    rights: Rights
    title: TitlePasses
    balloon: BalloonRule

    def check(self, terms: Terms) -> None:
        """Raise FinanceError where the terms have a balloon or an option fee that this type does not know."""
        if self.balloon is BalloonRule.NEVER and terms.balloon:
            raise FinanceError("not_allowed", "balloon", f"{self.name} has no balloon")
        if self.balloon is BalloonRule.ALWAYS and not terms.balloon:
            raise FinanceError("missing", "balloon", f"{self.name} needs its optional final payment")
        has_option_fee = any(fee.kind is FeeKind.OPTION_TO_PURCHASE for fee in terms.fees)
        if has_option_fee and self.title is not TitlePasses.BY_OPTION:
            raise FinanceError("not_allowed", "fees", f"{self.name} has no option to purchase")

    def terms(self, frozen: Mapping[str, Any]) -> Terms:
        """Terms read from the agreement's JSON, and checked."""
        terms = Terms.from_json(frozen)
        self.check(terms)
        return terms

    def schedule(self, terms: Terms) -> Schedule:
        """The schedule of the terms, once checked (rules: `schedule.build`)."""
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
        """The settlement figure (rules: `settlement.quote`). Raises FinanceError where no APR is printed or given."""
        apr = terms.apr_percent if apr_percent is None else apr_percent
        if apr is None:
            raise FinanceError("missing", "apr_percent", "the formula needs the APR as printed")
        return settlement.quote(
            schedule=schedule,
            apr_percent=apr,
            received_on=received_on,
            deferral=deferral,
            unpaid=unpaid,
            default_sums=default_sums,
            credit=credit,
            upfront_fees=terms.upfront_fees,
        )


HIRE_PURCHASE_RIGHTS = Rights(voluntary_termination=True, protected_goods=True, early_settlement_rebate=True)
LOAN_RIGHTS = Rights(voluntary_termination=False, protected_goods=False, early_settlement_rebate=True)
