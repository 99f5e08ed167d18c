"""The pages of docs/products say what the code computes."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from milepost.finance import apr, end_of_term, hire
from milepost.finance.products import PRODUCTS
from milepost.finance.products.personal_contract_hire import hire_terms
from milepost.finance.voluntary_termination import terminate
from tests.finance.products.examples import EXAMPLES

PAGES = Path(__file__).resolve().parents[3] / "docs" / "products"


def page(name: str) -> str:
    return " ".join((PAGES / f"{name}.md").read_text().split())


def money(minor: int) -> str:
    return f"{Decimal(minor).scaleb(-2):,.2f}"


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def test_every_type_has_an_example():
    assert set(EXAMPLES) | {"PERSONAL_CONTRACT_HIRE"} == set(PRODUCTS)  # hire has its own below


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_schedule_on_the_page(code: str):
    example, text = EXAMPLES[code], page(code.lower())
    schedule = PRODUCTS[code].schedule(example.terms)
    has_fees = any(schedule.fees)
    for row in (0, len(schedule) - 1):
        fee = (f" | {money(schedule.fees[row])}" if schedule.fees[row] else " |") if has_fees else ""
        cells = (schedule.payment(row), schedule.interest[row], schedule.principal[row])
        line = f"| {row + 1} | {day(schedule.due(row))} | {' | '.join(map(money, cells))}{fee} |"
        assert f"{line} {money(schedule.balance_after(row))} |" in text
    assert f"Interest {money(sum(schedule.interest))}; {money(schedule.total())} to pay in all" in text
    assert f"the APR is {apr.rounded(apr.of_schedule(schedule))} %" in text
    assert str(apr.rounded(apr.of_schedule(schedule))) == example.apr_percent


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_settlement_on_the_page(code: str):
    example, text = EXAMPLES[code], page(code.lower())
    figure = PRODUCTS[code].settlement_quote(
        example.terms,
        PRODUCTS[code].schedule(example.terms),
        received_on=example.received_on,
        deferral=example.deferral,
        apr_percent=Decimal(example.apr_percent),
    )
    for words in (
        f"notice arrives on {day(example.received_on)}",
        f"| {day(figure.good_until)} |",
        f"| {day(figure.settlement_date)} |",
        f"| Payments still to come | {money(figure.lines[0].amount)} |",
        f"| Rebate | − {money(figure.rebate)} |",
        f"| **To settle** | **{money(figure.amount_to_settle)}** |",
    ):
        assert words in text


def test_ending_early_on_the_pages():
    hire_purchase = terminate(
        deposit=1_500_00, part_exchange=0, instalment=298_05, number_of_instalments=48, instalments_paid=20,
        instalments_due_unpaid=0, other_sums=[150_00, 10_00], other_sums_paid=150_00,
    )  # fmt: skip
    pcp = terminate(
        deposit=3_000_00, part_exchange=0, instalment=363_30, number_of_instalments=47, balloon=9_850_00,
        instalments_paid=21, instalments_due_unpaid=0, other_sums=[10_00],
    )  # fmt: skip
    for ending, text in ((hire_purchase, page("hire_purchase")), (pcp, page("pcp"))):
        for amount in (ending.paid, ending.total_amount_payable, ending.half, ending.amount_payable):
            assert money(amount) in text
        assert f"{ending.first_instalment_at_which_half_is_reached}" in text


def test_the_end_of_a_pcp_on_the_page():
    end = end_of_term.choices(
        annual_allowance=10_000, months_held=48, odometer_delta=43_215, pence_per_mile=Decimal("14.9"),
        balloon=4_296_59, option_fee=0, market_value=5_200_00,
    )  # fmt: skip
    assert f"{end.excess_miles:,} miles too many cost {money(end.excess_charge_if_returned)}" in page("pcp")
    assert money(end.equity_if_part_exchanged or 0) in page("pcp")


def test_the_rentals_on_the_page():
    found = hire.rentals(
        net_rental=249_99, initial_multiple=6, further_rentals=35, vat_percent=Decimal(20), documentation_fee_net=150_00
    )
    text = page("personal_contract_hire")
    schedule = PRODUCTS["PERSONAL_CONTRACT_HIRE"].schedule(hire_terms(found, hired_on=date(2026, 1, 31)))
    for row in (0, 1, 35):
        assert f"| {row + 1} | {day(schedule.due(row))} | {money(schedule.amount_due(row))} |" in text
    assert schedule.total() == found.total_gross
    for line in (found.initial, found.monthly, found.documentation_fee):
        assert f"| {money(line.net)} | {money(line.vat)} | {money(line.gross)} |" in text
    assert f"{money(found.total_net)} | {money(found.total_vat)} | **{money(found.total_gross)}**" in text
