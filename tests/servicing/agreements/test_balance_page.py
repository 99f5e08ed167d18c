"""Why is it this number: every line from the transfers behind it, on any day, as known now and as known then."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from milepost.finance import chart_of_accounts as chart, entries
from milepost.finance.chart_of_accounts import Channel
from milepost.finance.entries import Entry
from milepost.finance.settlement import Line
from milepost.finance.terms import Fee, FeeKind, RateConvention, Terms
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import queries
from milepost.servicing.agreements.models import Schedule, Standing
from milepost.servicing.agreements.queries.balance_views import BalanceLine, BalanceView
from milepost.servicing.agreements.queries.balance_words import OWED
from milepost.servicing.agreements.states import ScheduleReason, Status
from milepost.servicing.ledger import operations as ledger, queries as books
from tests.support.agreements import RECORDED, TODAY, Made, make, priya_terms

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
NEXT_WEEK = date(2026, 11, 30)


def post(made: Made, entry: Entry, on: date, *, source: int = 900, at: datetime = RECORDED, policy: int = 1) -> None:
    with transaction():
        ledger.post(book=made.id, entry=entry, source=source, effective_on=on, recorded_at=at, policy_version=policy)


def hire_purchase(**more: object) -> Made:
    terms = Terms(
        amount_of_credit=12_000_00, number_of_instalments=48, rate_convention=RateConvention.NOMINAL,
        annual_percent=Decimal("9.6"), drawdown_date=date(2026, 1, 18),
        fees=(Fee(FeeKind.ACCEPTANCE, 50_00, 1),), apr_percent=Decimal("10.1"),
    )  # fmt: skip
    return make(terms, **more)  # type: ignore[arg-type]


def seen(made: Made, **asked: date | None) -> BalanceView:
    view = queries.balance(made.id, **{"today": TODAY, **asked})  # type: ignore[arg-type]
    assert sum(line.amount for line in view.lines) == view.balance
    for line in view.lines:
        assert sum(row.amount for row in line.rows) == line.amount
    months = [month for year in view.years for month in year.months]
    assert sum(month.interest + month.paid + month.other for month in months) == view.balance
    if months:
        assert months[0].balance == view.balance
    if view.parts:
        assert sum(amount for _, amount, _ in view.parts) == view.balance
    if view.known is None:
        held = books.balances(made.id, on=view.on)
        assert view.balance == sum(held.get(account, 0) for account in OWED)
    return view


def lines(view: BalanceView) -> dict[str, int]:
    return {line.label: line.amount for line in view.lines}


def test_priya_and_her_two_numbers() -> None:
    view = seen(make(priya_terms(), product="PCP"))
    assert view.balance == 16_986_08
    assert lines(view) == {
        "You borrowed": 21_995_00, "Interest added": 2_620_38, "You paid": -7_629_30, "Fees and charges": 0,
    }  # fmt: skip
    assert (view.left.amount, view.left.interest, view.left.fees) == (19_305_80, 2_309_72, 10_00)
    assert view.left.amount == view.balance + view.left.interest + view.left.fees
    assert view.parts == ()


def test_a_line_has_the_shape_of_a_settlements_line() -> None:
    shape = list(Line.__dataclass_fields__)
    assert list(BalanceLine.__dataclass_fields__)[: len(shape)] == shape == ["label", "amount", "rule", "source"]
    for line in seen(make(priya_terms(), product="PCP")).lines:
        assert line.rule.endswith(".")
        assert line.source


@pytest.mark.parametrize("day", [date(2026, 1, 18), date(2026, 2, 17), date(2026, 2, 18), date(2026, 11, 22)])
def test_a_fee_counts_from_the_day_it_is_asked_for(day: date) -> None:
    view = seen(hire_purchase(), on=day)
    assert lines(view)["Fees and charges"] == (50_00 if day >= date(2026, 2, 18) else 0)
    assert view.left.fees == (0 if day >= date(2026, 2, 18) else 50_00)
    assert view.left.amount is not None


def test_left_to_pay_falls_by_what_is_paid_and_nothing_else() -> None:
    made = hire_purchase()
    whole = seen(made, on=date(2026, 1, 18)).left.amount
    for day in (date(2026, 3, 31), date(2026, 7, 18), TODAY):
        view = seen(made, on=day)
        assert view.left.amount is not None
        assert whole is not None
        assert view.left.amount == whole + lines(view)["You paid"]


def test_a_months_interest_is_shown_as_it_was_multiplied() -> None:
    month = seen(hire_purchase()).years[0].months[0]
    assert "× 0.800000% = " in month.rule
    assert month.rows[0].label == "Interest, 18\u00a0Oct to 18\u00a0Nov"


def test_behind_with_payments_and_charged_for_it() -> None:
    made = make(priya_terms(), product="PCP", paid=[])
    post(made, entries.default_sum_charged(amount=12_00), date(2026, 11, 20))
    post(made, entries.default_interest(amount=3_21), date(2026, 11, 21))
    view = seen(made)
    assert [(label, amount) for label, amount, _ in view.parts] == [
        ("Not due yet", 16_986_08), ("Due and not paid", 21 * 363_30), ("Charges not paid", 15_21),
    ]  # fmt: skip
    assert lines(view)["Fees and charges"] == 15_21
    assert view.left.amount == 21_995_00 + 2_620_38 + 2_309_72 + 10_00 + 15_21
    post(made, entries.default_sum_waived(amount=12_00), date(2026, 11, 22))
    assert lines(seen(made))["Fees and charges"] == 3_21


def test_what_was_paid_ahead_is_her_credit_and_makes_the_balance_less() -> None:
    made = make(priya_terms(), product="PCP")
    post(made, entries.payment_received(channel=Channel.CARD, due=0, unallocated=500_00), date(2026, 11, 20))
    view = seen(made)
    assert view.balance == 16_486_08
    assert [(label, amount) for label, amount, _ in view.parts] == [
        ("Not due yet", 16_986_08),
        ("Your credit", -500_00),
    ]
    assert view.left.amount == 18_805_80
    post(made, entries.refunded(amount=500_00), date(2026, 11, 21))
    refunded = seen(made)
    assert refunded.balance == 16_986_08
    assert "Money paid back to you" in {row.label for row in refunded.years[0].months[0].rows}


def test_more_credit_than_debt_is_a_balance_below_nought() -> None:
    made = make(priya_terms(), product="PCP")
    post(made, entries.payment_received(channel=Channel.CARD, due=0, unallocated=20_000_00), date(2026, 11, 20))
    assert seen(made).balance == -3_013_92


def test_a_payment_is_named_and_leads_to_its_page() -> None:
    made = make(priya_terms(), product="PCP")
    view = queries.balance(made.id, today=TODAY, titles={made.payments[-1]: "Card"})
    rows = view.years[0].months[0].rows
    assert [(row.label, row.payment[:2]) for row in rows] == [
        ("Interest, 14\u00a0Oct to 14\u00a0Nov", ""),
        ("Card", "PY"),
    ]


def test_a_payment_that_came_back_is_two_rows_of_one_line() -> None:
    made = make(priya_terms(), product="PCP")
    back = entries.payment_returned(channel=Channel.DIRECT_DEBIT, due=363_30)
    post(made, back, date(2026, 11, 18), source=made.payments[-1])
    view = queries.balance(made.id, today=TODAY, titles={made.payments[-1]: "Direct Debit"})
    assert view.years[0].months[0].rows[-1].label == "Direct Debit came back"
    assert "A payment came back" in view.years[0].months[0].tags
    assert next(line for line in view.lines if line.kind == "PAID").sub == "20 payments of £363.30"
    assert view.other_days[0].title == "The day a payment came back"


def test_charged_off_and_collected_afterwards() -> None:
    made = make(priya_terms(), product="PCP", status=Status.CHARGED_OFF)
    post(made, entries.written_off(principal=16_986_08), date(2026, 11, 20))
    post(made, entries.recovered(customer=100_00, vehicle=0), date(2026, 11, 21))
    view = seen(made)
    assert view.balance == 0
    assert lines(view)["Taken out of our books"] == -16_886_08
    assert lines(view)["You paid"] == -7_729_30
    assert view.left.amount is None
    assert view.left.reason == "This agreement has ended, so nothing more falls due."
    assert seen(made, on=date(2026, 11, 19)).left.amount == 19_305_80


def test_the_car_came_back_on_a_termination() -> None:
    made = make(priya_terms(), product="PCP", status=Status.TERMINATED)
    entry = entries.terminated_voluntarily(principal=16_986_08, shortfall=300_00, vehicle=15_000_00)
    post(made, entry, date(2026, 11, 20))
    view = seen(made)
    assert view.balance == 300_00
    assert lines(view)["The car you returned"] == -15_000_00
    assert lines(view)["Taken out of our books"] == -1_686_08


def taken_over() -> Made:
    """An agreement whose months come from a tape of balances: it began there with 10,000.00."""
    made = make(priya_terms(), product="PCP", on=date(2025, 2, 1), paid=[])
    Schedule.objects.create(
        agreement_id=made.id, version=2, effective_from=date(2026, 10, 31), reason=ScheduleReason.IMPORTED_BALANCE,
        drawdown_date=date(2026, 10, 31), first_due=date(2026, 12, 14), due_day=14, first_number=22,
        principal=[9_000_00, 705_00], interest=[60_00, 5_00], fees=[0, 0],
    )  # fmt: skip
    Standing.objects.filter(agreement_id=made.id).update(schedule_version=2)
    post(made, entries.reversal_of(entries.paid_out(amount=21_995_00)), date(2025, 2, 14), source=1)
    post(made, entries.brought_forward(principal=10_000_00), date(2026, 8, 1), source=0)
    post(made, entries.imported_movement(principal=200_00, interest=70_00), date(2026, 8, 31), source=1)
    post(made, entries.imported_movement(principal=-100_00, interest=-30_00), date(2026, 9, 30), source=2)
    post(made, entries.tape_adjustment(principal=-195_00), date(2026, 10, 31), source=3)
    return made


def test_taken_over_with_its_balance_from_another_system() -> None:
    view = seen(taken_over())
    assert view.balance == 9_705_00
    assert lines(view) == {
        "You borrowed": 0, "You owed when our record begins": 10_000_00, "Interest added": 40_00, "You paid": -140_00,
        "Fees and charges": 0, "Corrections": -195_00,
    }  # fmt: skip
    assert next(line for line in view.lines if line.kind == "INTEREST").source == "the record we took over"
    assert view.left.amount == 9_705_00 + 65_00
    months = {(month.year, month.name): month for year in view.years for month in year.months}
    assert months[2026, "August"].interest == 70_00
    assert months[2026, "August"].paid == -270_00
    assert months[2026, "October"].tags == ("Correction −£195.00",)
    early = seen(taken_over(), on=date(2026, 9, 15))
    assert early.left.amount is None
    assert "Before 31" in early.left.reason


def test_before_it_began_and_after_today_are_said_and_today_is_shown() -> None:
    made = make(priya_terms(), product="PCP")
    for asked, field, words in (
        ({"on": date(2025, 2, 13)}, "on", "begins on 14\u00a0February\u00a02025"),
        ({"on": date(2026, 11, 23)}, "on", "must be today"),
        ({"known": date(2026, 11, 23)}, "known", "must be today"),
        ({"known": date(2026, 11, 21)}, "known", "holds nothing from before 22\u00a0November\u00a02026"),
    ):
        view = seen(made, **asked)
        assert [name for name, _ in view.faults] == [field]
        assert words in view.faults[0][1]
        assert (view.on, view.known, view.balance) == (TODAY, None, 16_986_08)


def test_a_payment_recorded_late_is_not_there_as_known_then() -> None:
    made = make(priya_terms(), product="PCP", paid=[])
    post(made, entries.payment_received(channel=Channel.CARD, due=363_30), date(2026, 11, 16), at=LATER, source=5)
    now = queries.balance(made.id, today=NEXT_WEEK, on=TODAY)
    then = queries.balance(made.id, today=NEXT_WEEK, on=TODAY, known=date(2026, 11, 23))
    assert then.balance - now.balance == 363_30
    assert then.difference is not None
    assert (then.difference.then, then.difference.now, then.difference.amount) == (then.balance, now.balance, -363_30)
    (row,) = then.difference.rows
    assert (row.on, row.label, row.amount, row.recorded_on) == (
        date(2026, 11, 16), "Your payment", -363_30, date(2026, 11, 24),
    )  # fmt: skip
    assert sum(line.amount for line in then.lines) == then.balance
    after = queries.balance(made.id, today=NEXT_WEEK, on=TODAY, known=date(2026, 11, 24))
    assert (after.balance, after.difference) == (now.balance, None)


def test_a_whole_history_that_came_in_later_is_told_line_by_line() -> None:
    made = make(priya_terms(), product="PCP")
    post(made, entries.default_sum_charged(amount=1_00), date(2026, 1, 5), at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC))
    then = queries.balance(made.id, today=TODAY, known=date(2026, 11, 21))
    assert then.balance == 1_00
    assert then.difference is not None
    assert [(row.when, row.label, row.amount) for row in then.difference.rows] == [
        ("2025", "You borrowed: 1 entry", 21_995_00), ("2025 to 2026", "Interest added: 21 entries", 2_620_38),
        ("2025 to 2026", "You paid: 21 entries", -7_629_30),
    ]  # fmt: skip


def test_a_reversal_is_a_row_of_its_own_and_a_reason_for_the_difference() -> None:
    made = make(priya_terms(), product="PCP")
    wrong = entries.default_sum_charged(amount=12_00)
    post(made, wrong, date(2026, 11, 20))
    post(made, entries.reversal_of(wrong), date(2026, 11, 20), at=LATER)
    then = queries.balance(made.id, today=NEXT_WEEK, on=date(2026, 11, 20), known=TODAY)
    assert lines(then)["Fees and charges"] == 12_00
    assert then.difference is not None
    assert then.difference.amount == -12_00
    assert then.difference.rows[0].label == "Correction: an earlier entry taken back"
    now = queries.balance(made.id, today=NEXT_WEEK, on=date(2026, 11, 20))
    assert lines(now)["Fees and charges"] == 0
    assert len(next(line for line in now.lines if line.kind == "FEES").rows) == 2


def test_what_is_worked_out_again_adds_up_whatever_its_transfers_are() -> None:
    made = make(priya_terms(), product="PCP")
    entry = entries.rederived(
        {chart.BANK: 40_00, chart.DUE_FROM_CUSTOMER: -25_00, chart.INTEREST_INCOME: -10_00, chart.DEFAULT_SUMS: -5_00}
    )
    post(made, entry, date(2026, 11, 20), at=LATER)
    view = seen(made)
    assert view.balance == 16_986_08 - 30_00
    assert "Worked out again" in view.years[0].months[0].tags


@pytest.mark.parametrize(("at", "day"), [
    (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), date(2026, 7, 1)),
    (datetime(2026, 7, 1, 23, 1, tzinfo=UTC), date(2026, 7, 2)),
])  # fmt: skip
def test_a_day_ends_when_it_ends_for_the_lender(at: datetime, day: date) -> None:
    made = make(priya_terms(), product="PCP", paid=[], on=date(2025, 2, 14))
    post(made, entries.payment_received(channel=Channel.CARD, due=1_00), date(2026, 6, 30), at=at)
    view = queries.balance(made.id, today=TODAY)
    assert view.recorded_from == day
    known = queries.balance(made.id, today=TODAY, on=date(2026, 6, 30), known=day)
    assert known.balance == -1_00  # the rest of the book was recorded in November
    assert known.difference is not None
    assert known.difference.now == 21_994_00


def test_an_agreement_without_a_single_transfer_owes_nothing() -> None:
    made = make(priya_terms(), product="PCP", reference="7034118255")
    view = queries.balance(made.id, today=date(2025, 1, 1))
    assert (view.balance, view.years, view.begins_on) == (0, (), date(2025, 2, 14))


def test_a_corrected_rate_leaves_the_earlier_days_to_the_earlier_schedule() -> None:
    made = make(priya_terms(), product="PCP")
    plan = Schedule.objects.get(agreement_id=made.id)
    interest = list(plan.interest)
    interest[30:] = [amount - 1_00 for amount in interest[30:]]
    Schedule.objects.create(
        agreement_id=made.id, version=2, effective_from=date(2026, 11, 1), reason=ScheduleReason.RATE_CORRECTED,
        drawdown_date=plan.drawdown_date, first_due=plan.first_due, due_day=14, principal=plan.principal,
        interest=interest, fees=plan.fees,
    )  # fmt: skip
    Standing.objects.filter(agreement_id=made.id).update(schedule_version=2)
    assert seen(made).left.amount == 19_305_80 - 18_00
    assert seen(made, on=date(2026, 10, 31)).left.interest == 2_309_72 + 109_39


def test_what_does_not_fit_the_schedule_is_a_sentence_and_never_a_figure() -> None:
    made = make(priya_terms(), product="PCP")
    post(made, entries.tape_adjustment(principal=7), date(2026, 11, 20))
    left = seen(made).left
    assert left.amount is None
    assert "does not fit the payment schedule" in left.reason


def test_transfers_are_read_between_days_and_as_they_were_known() -> None:
    made = make(priya_terms(), product="PCP")
    post(made, entries.default_sum_charged(amount=12_00), date(2026, 11, 20), at=LATER, policy=3)
    november = books.transfers(made.id, since=date(2026, 11, 1), until=TODAY)
    assert [(row.effective_on.day, row.event.name, row.amount) for row in november] == [
        (14, "INSTALMENT_DUE", 253_91), (14, "INSTALMENT_DUE", 109_39), (14, "PAYMENT_RECEIVED", 363_30),
        (20, "DEFAULT_SUM_CHARGED", 12_00),
    ]  # fmt: skip
    assert november[-1].policy_version == 3
    assert len(books.transfers(made.id, since=date(2026, 11, 1), until=TODAY, known_at=RECORDED)) == 3
