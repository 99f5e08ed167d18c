"""Ending hire purchase or conditional sale early by returning the car: the half rule (CCA 1974 s99, s100).

The same total price gives the one-third mark of protected goods (s90; domain.md 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from milepost.finance.money import FinanceError, require_amount, round_division
from milepost.finance.terms import MOST_INSTALMENTS


@dataclass(frozen=True, slots=True)
class VoluntaryTermination:
    """What ending now would cost; minor units.

    `third` is the least sum that protects the goods; `first_instalment_at_which_half_is_reached` is None where the
    instalments alone never reach it, and 0 where the deposit already has.
    """

    total_amount_payable: int
    half: int
    third: int
    paid: int
    sums_due_unpaid: int
    shortfall: int
    amount_payable: int
    protected_goods: bool
    first_instalment_at_which_half_is_reached: int | None


def terminate(
    *,
    deposit: int,
    part_exchange: int,
    instalment: int,
    number_of_instalments: int,
    instalments_paid: int,
    instalments_due_unpaid: int,
    balloon: int = 0,
    other_sums: Sequence[int] = (),
    other_sums_paid: int = 0,
    damage_claim: int = 0,
    installation_charge: int = 0,
) -> VoluntaryTermination:
    """The half rule: pay up to half the total price, what is already due, and damages; nothing above half comes back.

    The total price counts deposit, part-exchange, instalments, balloon and `other_sums` (fees, the option fee; a PCP's
    final payment may stand there too). An installation charge within it counts in full towards either mark, and the
    share is taken of the remainder (s90(2), s100(2)). Raises FinanceError for absurd figures.
    """
    amounts = {
        "deposit": deposit,
        "part_exchange": part_exchange,
        "instalment": instalment,
        "balloon": balloon,
        "other_sums_paid": other_sums_paid,
        "damage_claim": damage_claim,
        "installation_charge": installation_charge,
    }
    for field, amount in amounts.items():
        require_amount(amount, field)
    for amount in other_sums:
        require_amount(amount, "other_sums")
    _check_counts(number_of_instalments, instalments_paid, instalments_due_unpaid)
    total = deposit + part_exchange + instalment * number_of_instalments + balloon + sum(other_sums)
    if not installation_charge <= total > 0:
        raise FinanceError("too_large", "installation_charge", "must be part of a total price above nought")
    rest = total - installation_charge
    half = installation_charge + round_division(rest, 2)
    third = installation_charge + -(-rest // 3)
    before_instalments = deposit + part_exchange + other_sums_paid
    paid = before_instalments + instalment * instalments_paid
    unpaid = instalment * instalments_due_unpaid
    shortfall = max(0, half - paid - unpaid)
    return VoluntaryTermination(
        total_amount_payable=total,
        half=half,
        third=third,
        paid=paid,
        sums_due_unpaid=unpaid,
        shortfall=shortfall,
        amount_payable=shortfall + unpaid + damage_claim,
        protected_goods=paid >= third,
        first_instalment_at_which_half_is_reached=_first_reaching(
            half - before_instalments, instalment, number_of_instalments
        ),
    )


def _check_counts(number: int, paid: int, due_unpaid: int) -> None:
    if not 1 <= number <= MOST_INSTALMENTS:
        raise FinanceError("out_of_range", "number_of_instalments", f"must be from 1 to {MOST_INSTALMENTS}")
    if not 0 <= paid <= number:
        raise FinanceError("out_of_range", "instalments_paid", "must not exceed the number of instalments")
    if not 0 <= due_unpaid <= number - paid:
        raise FinanceError("out_of_range", "instalments_due_unpaid", "must be among those not paid")


def _first_reaching(missing: int, instalment: int, number: int) -> int | None:
    if missing <= 0:
        return 0
    needed = -(-missing // instalment) if instalment else number + 1
    return needed if needed <= number else None
