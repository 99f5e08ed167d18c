"""One entry per money event, in the ledger's own words: `debit <- credit amount`."""

import pytest

from milepost.finance import chart_of_accounts as chart, entries
from milepost.finance.chart_of_accounts import ACCOUNTS, Channel
from milepost.finance.entries import Entry, Event, Transfer
from milepost.finance.money import FinanceError
from tests.finance import vectors


def journal(entry: Entry) -> list[str]:
    return [
        f"{ACCOUNTS[transfer.debit].name} <- {ACCOUNTS[transfer.credit].name} {vectors.pounds(transfer.amount)}"
        for transfer in entry.transfers
    ]


def test_event_numbers_are_small_and_never_change():
    assert max(Event) < 32_767
    assert {event.name: event.value for event in Event if event < 35} == {
        "PAID_OUT": 1,
        "BROUGHT_FORWARD": 2,
        "FEE_AT_INCEPTION": 3,
        "INSTALMENT_DUE": 10,
        "INTEREST_ACCRUED": 11,
        "FEE_RELEASED": 12,
        "PAYMENT_RECEIVED": 20,
        "PAYMENT_RETURNED": 21,
        "CLEARING_SETTLED": 22,
        "CREDIT_APPLIED": 23,
        "REFUNDED": 24,
        "INDEMNITY_CLAIMED": 25,
        "CLAIM_REINSTATED": 26,
        "IMPORTED_MOVEMENT": 30,
        "TAPE_ADJUSTMENT": 31,
    }


def test_the_start_of_an_agreement():
    assert journal(entries.paid_out(amount=12_000_00)) == ["principal <- bank 12000.00"]
    assert journal(entries.brought_forward(principal=7_990_23)) == ["principal <- brought forward 7990.23"]
    assert journal(entries.fee_at_inception(amount=150_00)) == ["fees receivable <- deferred fee income 150.00"]


def test_an_instalment_falls_due_in_three_transfers_at_most():
    assert journal(entries.instalment_due(principal=209_05, interest=89_00, fee=150_00)) == [
        "due from customer <- principal 209.05",
        "due from customer <- interest income 89.00",
        "due from customer <- fees receivable 150.00",
    ]
    assert len(entries.instalment_due(principal=210_60, interest=87_45, fee=0).transfers) == 2


@pytest.mark.parametrize(
    ("channel", "place"),
    [
        (Channel.DIRECT_DEBIT, "Direct Debit clearing"),
        (Channel.CARD, "card clearing"),
        (Channel.OPEN_BANKING, "open banking clearing"),
        (Channel.BANK_TRANSFER, "bank"),
    ],
)
def test_a_payment_waits_where_its_channel_says(channel: Channel, place: str):
    received = entries.payment_received(channel=channel, due=298_05, default_sums=12_00, unallocated=39_95)
    assert journal(received) == [
        f"{place} <- due from customer 298.05",
        f"{place} <- default sums 12.00",
        f"{place} <- customer credit 39.95",
    ]


def test_a_returned_payment_is_owed_again():
    returned = entries.payment_returned(channel=Channel.DIRECT_DEBIT, due=298_05, default_sums=1_00, unallocated=2_00)
    assert journal(returned) == [
        "due from customer <- Direct Debit clearing 298.05",
        "default sums <- Direct Debit clearing 1.00",
        "customer credit <- Direct Debit clearing 2.00",
    ]
    late = entries.payment_returned(channel=Channel.DIRECT_DEBIT, due=298_05, settled=True)
    assert journal(late) == ["due from customer <- bank 298.05"]


def test_a_tapes_movement_runs_backwards_when_the_tape_says_so():
    assert journal(entries.imported_movement(principal=200_00, interest=50_00)) == [
        "bank <- principal 200.00",
        "bank <- interest income 50.00",
    ]
    assert journal(entries.imported_movement(principal=-200_00, interest=-50_00)) == [
        "principal <- bank 200.00",
        "interest income <- bank 50.00",
    ]
    assert entries.imported_movement(principal=0, interest=0).transfers == ()


def test_a_break_in_a_tape_is_adjusted_either_way():
    assert journal(entries.tape_adjustment(principal=28)) == ["principal <- brought forward 0.28"]
    assert journal(entries.tape_adjustment(principal=-28)) == ["brought forward <- principal 0.28"]


def test_negative_amounts_are_refused():
    with pytest.raises(FinanceError, match="PAID_OUT would move -1"):
        entries.paid_out(amount=-1)
    with pytest.raises(FinanceError, match="would move -5"):
        Entry(Event.PAID_OUT, (Transfer(chart.PRINCIPAL, chart.BANK, -5),))


def test_the_customers_credit():
    assert journal(entries.credit_applied(amount=50_00)) == ["customer credit <- due from customer 50.00"]
    assert journal(entries.refunded(amount=78_09)) == ["customer credit <- bank 78.09"]


def test_clearing_is_emptied_into_the_bank_net_of_its_cost():
    assert journal(entries.clearing_settled(channel=Channel.CARD, amount=310_05, cost=3_10)) == [
        "bank <- card clearing 306.95",
        "payment costs <- card clearing 3.10",
    ]
    with pytest.raises(FinanceError):
        entries.clearing_settled(channel=Channel.CARD, amount=1_00, cost=1_01)


def test_interest_and_fees_are_earned_as_time_runs():
    assert journal(entries.interest_accrued(amount=12_34)) == ["interest receivable <- interest income 12.34"]
    assert journal(entries.interest_accrued(amount=-12_34)) == ["interest income <- interest receivable 12.34"]
    assert journal(entries.fee_released(amount=3_13)) == ["deferred fee income <- fee income 3.13"]


def test_default_sums_are_charged_and_let_go():
    assert journal(entries.default_sum_charged(amount=12_00)) == ["default sums <- default fee income 12.00"]
    assert journal(entries.default_sum_waived(amount=12_00)) == ["default fee income <- default sums 12.00"]


def test_an_early_settlement_keeps_interest_or_gives_some_back():
    assert journal(entries.settled_early(principal=7_990_23, interest=360_71, fee=10_00, accrued=40_00)) == [
        "due from customer <- principal 7990.23",
        "due from customer <- interest receivable 40.00",
        "due from customer <- early settlement interest 360.71",
        "due from customer <- fees receivable 10.00",
    ]
    assert journal(entries.settled_early(principal=100_00, interest=-1_00)) == [
        "due from customer <- principal 100.00",
        "early settlement interest <- due from customer 1.00",
    ]
    assert journal(entries.part_settled(principal=2_000_00)) == ["due from customer <- principal 2000.00"]


def test_a_correction_is_the_same_entry_the_other_way_round():
    entry = entries.payment_received(channel=Channel.CARD, due=298_05, unallocated=1_95)
    correction = entries.reversal_of(entry)
    assert correction.event is Event.REVERSED
    assert journal(correction) == ["due from customer <- card clearing 298.05", "customer credit <- card clearing 1.95"]


def closing(*story: Entry) -> dict[int, int]:
    """Balances that are not nought: debits less credits."""
    balances: dict[int, int] = {}
    for entry in story:
        for transfer in entry.transfers:
            balances[transfer.debit] = balances.get(transfer.debit, 0) + transfer.amount
            balances[transfer.credit] = balances.get(transfer.credit, 0) - transfer.amount
    assert sum(balances.values()) == 0
    return {code: balance for code, balance in balances.items() if balance}


def opening(**balances: int) -> Entry:
    """What stood in the books before a story begins."""
    accounts = {"principal": chart.PRINCIPAL, "due": chart.DUE_FROM_CUSTOMER, "accrued": chart.INTEREST_RECEIVABLE}
    moved = tuple(Transfer(accounts[name], chart.BROUGHT_FORWARD, amount) for name, amount in balances.items())
    return Entry(Event.BROUGHT_FORWARD, moved)


def test_two_months_with_a_returned_direct_debit():
    dd, card = Channel.DIRECT_DEBIT, Channel.CARD
    assert closing(
        entries.paid_out(amount=12_000_00),
        entries.fee_at_inception(amount=150_00),
        entries.instalment_due(principal=209_05, interest=89_00, fee=150_00),
        entries.payment_received(channel=dd, due=448_05),
        entries.clearing_settled(channel=dd, amount=448_05),
        entries.fee_released(amount=3_13),
        entries.instalment_due(principal=210_60, interest=87_45, fee=0),
        entries.payment_received(channel=dd, due=298_05),
        entries.payment_returned(channel=dd, due=298_05),
        entries.default_sum_charged(amount=12_00),
        entries.payment_received(channel=card, due=298_05, default_sums=12_00),
        entries.clearing_settled(channel=card, amount=310_05, cost=3_10),
    ) == {
        chart.PRINCIPAL: 11_580_35,
        chart.BANK: -11_245_00,
        chart.DEFERRED_FEE_INCOME: -146_87,
        chart.INTEREST_INCOME: -176_45,
        chart.FEE_INCOME: -3_13,
        chart.DEFAULT_FEE_INCOME: -12_00,
        chart.PAYMENT_COSTS: 3_10,
    }


def test_an_early_settlement_by_open_banking():
    assert closing(
        opening(principal=7_990_23, accrued=40_00),
        entries.settled_early(principal=7_990_23, accrued=40_00, interest=360_71),
        entries.payment_received(channel=Channel.OPEN_BANKING, due=8_390_94),
        entries.clearing_settled(channel=Channel.OPEN_BANKING, amount=8_390_94),
    ) == {chart.BROUGHT_FORWARD: -8_030_23, chart.EARLY_SETTLEMENT_INTEREST: -360_71, chart.BANK: 8_390_94}


def test_a_voluntary_termination_and_the_sale_of_the_car():
    assert closing(
        opening(principal=8_000_00, due=596_10),
        entries.terminated_voluntarily(principal=8_000_00, shortfall=372_20, vehicle=6_500_00),
        entries.vehicle_sold(vehicle=6_500_00, proceeds=6_720_00, costs=180_00),
        entries.payment_received(channel=Channel.BANK_TRANSFER, due=968_30),
    ) == {
        chart.BROUGHT_FORWARD: -8_596_10,
        chart.TERMINATION_LOSS: 1_127_80,
        chart.BANK: 7_508_30,
        chart.DISPOSAL_COSTS: 180_00,
        chart.DISPOSAL_RESULT: -220_00,
    }


def test_write_off_recovery_refund_and_an_indemnity_claim():
    assert closing(
        opening(principal=2_345_67),
        entries.provided_for(amount=1_900_00),
        entries.written_off(principal=2_345_67, allowance=1_900_00),
        entries.recovered(customer=300_00, vehicle=0),
        entries.payment_received(channel=Channel.BANK_TRANSFER, due=0, unallocated=78_09),
        entries.refunded(amount=78_09),
        entries.indemnity_claimed(amount=298_05),
        entries.claim_reinstated(amount=298_05),
    ) == {
        chart.BROUGHT_FORWARD: -2_345_67,
        chart.IMPAIRMENT: 1_900_00,
        chart.WRITE_OFFS: 445_67,
        chart.BANK: 1_95,
        chart.RECOVERIES: -300_00,
        chart.DUE_FROM_CUSTOMER: 298_05,
    }


def test_a_pcp_ends_by_keeping_the_car():
    assert closing(
        opening(principal=9_800_00),
        entries.vehicle_kept(balloon=9_800_00, option_fee=10_00),
        entries.payment_received(channel=Channel.BANK_TRANSFER, due=9_810_00),
    ) == {chart.BROUGHT_FORWARD: -9_800_00, chart.OPTION_FEE_INCOME: -10_00, chart.BANK: 9_810_00}


@pytest.mark.parametrize(("worth", "result"), [(9_000_00, 800_00), (9_900_00, -100_00)])
def test_a_pcp_ends_by_returning_it(worth: int, result: int):
    assert closing(
        opening(principal=9_800_00),
        entries.vehicle_returned(principal=9_800_00, vehicle=worth),
        entries.excess_mileage_charged(net=100_00, vat=20_00),
    ) == {
        chart.BROUGHT_FORWARD: -9_800_00,
        chart.VEHICLES_HELD: worth,
        chart.RESIDUAL_VALUE_RESULT: result,
        chart.DUE_FROM_CUSTOMER: 120_00,
        chart.EXCESS_MILEAGE_INCOME: -100_00,
        chart.VAT: -20_00,
    }
