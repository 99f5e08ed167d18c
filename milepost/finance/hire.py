"""Personal contract hire: rentals with VAT. Hire is not credit: no interest, no balance, no rebate (domain.md 1)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from milepost.finance.money import FinanceError, require_amount, round_half_up
from milepost.finance.terms import MOST_INSTALMENTS


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an invoice, minor units; VAT is rounded on the line, half up."""

    net: int
    vat: int

    @property
    def gross(self) -> int:
        """Net and VAT."""
        return self.net + self.vat


@dataclass(frozen=True, slots=True)
class Hire:
    """What a hire costs: the initial rental, each further one, the documentation fee, and all of them together."""

    initial: InvoiceLine
    monthly: InvoiceLine
    documentation_fee: InvoiceLine
    further_rentals: int

    @property
    def total_net(self) -> int:
        """Every line without VAT."""
        return self.initial.net + self.further_rentals * self.monthly.net + self.documentation_fee.net

    @property
    def total_vat(self) -> int:
        """The VAT of every line, each rounded by itself."""
        return self.initial.vat + self.further_rentals * self.monthly.vat + self.documentation_fee.vat

    @property
    def total_gross(self) -> int:
        """Everything the customer pays."""
        return self.total_net + self.total_vat


def rentals(
    *,
    net_rental: int,
    initial_multiple: int,
    further_rentals: int,
    vat_percent: Decimal,
    documentation_fee_net: int = 0,
) -> Hire:
    """An initial rental of several months' rent and a number of monthly ones ("6 + 35").

    Raises FinanceError for negative amounts, counts beyond 600 and a VAT rate outside 0 to 100.
    """
    require_amount(net_rental, "net_rental", least=1)
    require_amount(documentation_fee_net, "documentation_fee_net")
    for field, count in (("initial_multiple", initial_multiple), ("further_rentals", further_rentals)):
        if not 0 <= count <= MOST_INSTALMENTS:
            raise FinanceError("out_of_range", field, f"must be from 0 to {MOST_INSTALMENTS}")
    if not (vat_percent.is_finite() and 0 <= vat_percent <= 100):
        raise FinanceError("out_of_range", "vat_percent", "must be from 0 to 100")

    def line(net: int) -> InvoiceLine:
        return InvoiceLine(net, round_half_up(net * Fraction(vat_percent) / 100))

    return Hire(line(net_rental * initial_multiple), line(net_rental), line(documentation_fee_net), further_rentals)
