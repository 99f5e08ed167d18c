"""Tapes of balances: what each quirk of a real filing becomes."""

from datetime import date

import pytest

from milepost.finance import chart_of_accounts as chart
from milepost.finance.calendars import FOREVER
from milepost.servicing.agreements.models import Schedule, Standing
from milepost.servicing.agreements.states import ScheduleReason, Status
from milepost.servicing.customers.models import Customer
from milepost.servicing.identity.models import ContactPoint
from milepost.servicing.payments.models import Payment
from milepost.servicing.payments.queries.overview import overview
from milepost.servicing.tapes.models import Finding
from milepost.servicing.tapes.operations import reconcile
from milepost.servicing.tapes.states import FindingKind
from tests.support.tapes import LOAN, Tapes, account, counts, month, only_agreement

NUMBER = LOAN["assetNumber"]
PAID = month(NUMBER, "2019-09-30", "13384.87", "347.41", "491.74")


def found(kind: FindingKind) -> list[str]:
    return list(Finding.objects.filter(kind=kind).values_list("reason", flat=True))


def test_a_loan_is_one_nameless_customer_who_cannot_be_invited(dollar_tapes: Tapes):
    assert counts(dollar_tapes.take_in([LOAN])) == (1, 0, 0, 0)
    agreement = only_agreement()
    [party] = agreement.parties.all()
    assert party.customer.origin_reference == NUMBER
    assert party.customer.name == ""
    assert not ContactPoint.objects.exists()
    assert (agreement.product, agreement.origin_reference) == ("PERSONAL_LOAN", NUMBER)
    assert agreement.vehicle.make == "Jeep"
    assert agreement.vehicle.model == "Wrangler Unlimited"


def test_the_due_day_is_that_of_the_interest_date_and_said_to_be_assumed(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([LOAN])
    schedule = Schedule.objects.get()
    assert schedule.due_day == 30
    assert schedule.agreement_id // 10**8 == 30
    assert any("interestPaidThroughDate" in assumption for assumption in report.assumptions)


def test_a_movement_is_a_payment_and_its_transfers(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], [PAID])
    agreement = only_agreement()
    [payment] = Payment.objects.all()
    assert (payment.received_on, payment.amount, payment.method, payment.imported) == (
        date(2019, 9, 30),
        49174,
        "UNKNOWN",
        True,
    )
    assert account(agreement, chart.PRINCIPAL, date(2019, 8, 31)) == 13732_28
    assert account(agreement, chart.PRINCIPAL) == 13384_87
    assert account(agreement, chart.INTEREST_INCOME) == -(491_74 - 347_41)
    assert account(agreement, chart.BANK) == 491_74
    assert account(agreement, chart.DUE_FROM_CUSTOMER) == 0


def test_the_schedule_begins_with_the_closing_balance_and_nothing_fell_due_before(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], [PAID])
    schedule, standing = Schedule.objects.get(), Standing.objects.get()
    assert (schedule.version, schedule.reason) == (1, ScheduleReason.IMPORTED_BALANCE)
    assert schedule.first_due == date(2019, 10, 30)
    assert sum(schedule.principal) == 13384_87
    assert schedule.principal[0] + schedule.interest[0] == 245_87
    assert schedule.interest[0] == round(13384_87 * 0.0664 / 12)
    assert (standing.status, standing.next_due, standing.next_amount) == (Status.LIVE, date(2019, 10, 30), 245_87)
    assert (standing.due_total, standing.paid_total, standing.principal_outstanding) == (0, 0, 13384_87)
    assert standing.next_number == 8  # March 2019 was the first


def test_the_maturity_date_says_how_many_payments_there_are_not_the_term_of_73(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN])
    assert only_agreement().terms["number_of_instalments"] == 72
    schedule = Schedule.objects.get()
    assert schedule.first_number + len(schedule.principal) - 1 <= 72


def test_a_date_on_which_the_tape_ends_may_be_chosen(dollar_tapes: Tapes):
    later = month(NUMBER, "2019-10-31", "13216.91", "167.96", "245.87")
    report = dollar_tapes.take_in([LOAN], [PAID, later], as_of=date(2019, 9, 30))
    assert report.movement_rows == {"IMPORTED": 1, "LATER": 1}
    assert Standing.objects.get().principal_outstanding == 13384_87


def test_a_prepaid_loan_is_settled_by_inference_and_one_with_a_code_by_its_code(dollar_tapes: Tapes):
    paid_off = month(NUMBER, "2019-09-30", "0", "13732.28", "13800.00")
    coded = {**LOAN, "assetNumber": "2"}
    with_code = month("2", "2019-09-30", "0", "13732.28", "13800.00", zeroBalanceCode="1")
    sold = {**LOAN, "assetNumber": "3"}
    gone = month("3", "2019-09-30", "13732.28", "0", "0", zeroBalanceCode="3; 1")
    dollar_tapes.take_in([LOAN, coded, sold], [paid_off, with_code, gone])
    by_number = dict(Standing.objects.values_list("agreement__origin_reference", "status"))
    assert by_number == {NUMBER: Status.SETTLED, "2": Status.SETTLED, "3": Status.TRANSFERRED}
    assert list(Finding.objects.filter(kind=FindingKind.STATUS_INFERRED).values_list("reference", flat=True)) == [
        NUMBER
    ]
    assert set(Standing.objects.values_list("next_due", flat=True)) == {date(9999, 12, 31)}


def test_a_charge_off_is_written_off_and_what_comes_after_is_income(dollar_tapes: Tapes):
    history = [
        month(NUMBER, "2019-09-30", "0", "0", "0", proceeds="-300"),
        month(NUMBER, "2019-10-31", "", "0", "", proceeds="6000", recovered="102.81"),
    ]
    report = dollar_tapes.take_in([LOAN], history)
    agreement = only_agreement()
    assert Standing.objects.get().status == Status.CHARGED_OFF
    assert account(agreement, chart.PRINCIPAL) == 0
    assert account(agreement, chart.WRITE_OFFS) == 13732_28
    assert account(agreement, chart.RECOVERIES) == -(6000_00 + 102_81 - 300_00)
    assert not Payment.objects.exists()
    assert (report.rolled, report.explained, report.break_count) == (2, 1, 0)
    assert report.everything_is_explained


def test_a_balance_that_rises_is_a_break_corrected_and_listed(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([LOAN], [month(NUMBER, "2019-09-30", "14000.00", "0", "54.86")])
    [line] = report.breaks
    assert (line.amount, line.on) == (267_72, date(2019, 9, 30))
    assert "rose although money came in" in line.reason
    assert account(only_agreement(), chart.PRINCIPAL) == 14000_00
    assert account(only_agreement(), chart.BROUGHT_FORWARD) == -14000_00


def test_an_overpayment_below_nought_that_is_cleared_is_explained(dollar_tapes: Tapes):
    history = [
        month(NUMBER, "2019-09-30", "-31.60", "13763.88", "13763.88"),
        month(NUMBER, "2019-10-31", "0", "0", "0"),
    ]
    report = dollar_tapes.take_in([LOAN], history)
    assert (report.break_count, report.explained) == (0, 1)
    assert found(FindingKind.CREDIT_CLEARED)
    assert Standing.objects.get().status == Status.SETTLED


def test_a_payment_taken_back_is_a_payment_below_nought(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], [month(NUMBER, "2019-09-30", "13832.28", "-100", "-150.00")])
    assert Payment.objects.get().amount == -150_00
    assert account(only_agreement(), chart.BANK) == -150_00


def test_a_small_balance_long_after_maturity_is_asked_for_at_once_and_listed(dollar_tapes: Tapes):
    old = {
        **LOAN, "loanMaturityDate": "06/2019", "remainingTermtoMaturityNumber": "-2",
        "reportingPeriodBeginningLoanBalanceAmount": "0.28", "reportingPeriodActualEndBalanceAmount": "0.28",
    }  # fmt: skip
    dollar_tapes.take_in([old])
    schedule = Schedule.objects.get()
    assert schedule.principal == [28]
    assert Standing.objects.get().next_due == date(2019, 9, 30)
    assert found(FindingKind.RESIDUAL) == ["A balance is left after the last instalment; it is asked for at once."]


def test_a_payment_that_would_not_cover_the_interest_becomes_a_level_one(dollar_tapes: Tapes):
    dollar_tapes.take_in([{**LOAN, "reportingPeriodScheduledPaymentAmount": "1.00"}])
    schedule = Schedule.objects.get()
    assert sum(schedule.principal) == 13732_28
    assert len(schedule.principal) == 66
    assert "would not cover the interest" in found(FindingKind.ASSUMPTION)[0]


def test_an_agreement_that_leaves_the_tape_with_a_balance_is_taken_as_transferred(dollar_tapes: Tapes):
    other = {**LOAN, "assetNumber": "2"}
    report = dollar_tapes.take_in([LOAN, other], [PAID])
    assert dict(Standing.objects.values_list("agreement__origin_reference", "status")) == {
        NUMBER: Status.LIVE, "2": Status.TRANSFERRED,
    }  # fmt: skip
    assert report.months_tie
    assert report.everything_is_explained


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"originalLoanAmount": "-5"}, "originalLoanAmount", "must not be negative"),
        ({"originalLoanAmount": "0"}, "originalLoanAmount", "above nought"),
        ({"originalLoanAmount": "99999999999"}, "originalLoanAmount", "absurdly large"),
        ({"loanMaturityDate": "01/2018"}, "loanMaturityDate", "before the first payment"),
        ({"loanMaturityDate": "13/2025"}, "loanMaturityDate", "is not a date that exists"),
        ({"originalInterestRatePercentage": "6.64"}, "originalInterestRatePercentage", "should be a fraction"),
        ({"reportingPeriodEndingDate": "02-31-2019"}, "reportingPeriodEndingDate", "is not a date that exists"),
        ({"currentDelinquencyStatus": "-3"}, "currentDelinquencyStatus", "is no number of days"),
        ({"currentDelinquencyStatus": "999999999"}, "currentDelinquencyStatus", "is no number of days"),
        ({"originationDate": "NA"}, "originationDate", "is needed and missing"),
        (
            {"reportingPeriodBeginningLoanBalanceAmount": "-1"},
            "reportingPeriodBeginningLoanBalanceAmount",
            "must not be negative",
        ),
        ({"loanMaturityDate": "02/2099"}, "loanMaturityDate", "from 1 to 600"),
    ],
)
def test_absurd_figures_are_rejected_with_column_and_reason(dollar_tapes: Tapes, change, column, reason):
    report = dollar_tapes.take_in([{**LOAN, **change}])
    assert counts(report) == (0, 0, 0, 1)
    [reject] = dollar_tapes.rejects()
    assert reason in reject["reject_reason"]
    assert reject["reject_line"] == "2"
    assert reject["reject_column"] == column or column == "number_of_instalments"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (month(NUMBER, "2019-09-31", "1", "1", "1"), "line 2 of the movements: is not a date that exists"),
        (month(NUMBER, "2019-08-31", "1", "1", "1"), "line 2 of the movements: is a second row for that month"),
        (month(NUMBER, "2019-07-31", "1", "1", "1"), "line 2 of the movements: is before the book's own month"),
        (month(NUMBER, "2019-09-30", "x", "1", "1"), "line 2 of the movements: is not an amount"),
    ],
)
def test_a_bad_movement_rejects_its_whole_agreement(dollar_tapes: Tapes, bad, reason):
    sound = {**LOAN, "assetNumber": "2"}
    report = dollar_tapes.take_in([LOAN, sound], [bad, month(NUMBER, "2019-10-31", "1", "1", "1")])
    assert counts(report) == (1, 0, 0, 1)
    assert only_agreement().origin_reference == "2"
    assert reason in dollar_tapes.rejects()[0]["reject_reason"]
    assert [row["reject_line"] for row in dollar_tapes.rejects("movements")] == ["2", "3"]


def test_an_esma_tape_of_two_cut_offs_and_both_ways_of_naming_its_columns(tapes: Tapes):
    first = {
        "AUTL2": "HB-1", "AUTL4": "K-9", "AUTL6": "2026-08-31", "AUTL23": "HIRP", "AUTL24": "2025-03-17",
        "AUTL25": "2029-03-17",
        "AUTL28": "GBP", "AUTL29": "12000.00", "AUTL30": "8500.00", "AUTL37": "298.05", "AUTL38": "ND5",
        "AUTL40": "8.9",
        "AUTL53": "AVERLEY", "AUTL54": "Finch", "AUTL56": "USED", "AUTL70": "PERF",
    }  # fmt: skip
    second = {
        "Original Underlying Exposure Identifier": "HB-1", "Data Cut-Off Date": "2026-09-30",
        "Current Principal Balance": "8265.00", "Account Status": "PERF",
    }  # fmt: skip
    report = tapes.take_in([first], [second], form="esma-annex5")
    assert counts(report) == (1, 0, 0, 0)
    assert report.everything_is_explained
    agreement = only_agreement()
    assert agreement.product == "HIRE_PURCHASE"
    assert Schedule.objects.get().due_day == 17
    assert account(agreement, chart.PRINCIPAL) == 8265_00
    assert Payment.objects.get().amount == 235_00


def test_a_row_in_another_currency_is_rejected(tapes: Tapes):
    row = {
        "AUTL2": "1", "AUTL6": "2026-08-31", "AUTL24": "2025-03-17", "AUTL25": "2029-03-17", "AUTL28": "EUR",
        "AUTL29": "12000",
        "AUTL30": "8500", "AUTL40": "8.9",
    }  # fmt: skip
    tapes.take_in([row], form="esma-annex5")
    [reject] = tapes.rejects()
    assert reject["reject_reason"] == "is not this lender's currency, GBP"


def test_days_past_due_at_the_last_month_say_since_when(dollar_tapes: Tapes):
    late = {**LOAN, "assetNumber": "2", "currentDelinquencyStatus": "41"}
    on_time = {**LOAN, "currentDelinquencyStatus": "0"}
    report = dollar_tapes.take_in([on_time, late])
    [standing] = Standing.objects.filter(arrears_since__lt=FOREVER)
    assert (standing.arrears_since, standing.agreement.origin_reference) == (date(2019, 7, 21), "2")
    assert (standing.due_total, standing.paid_total) == (0, 0), "how much is overdue is not on the tape"
    assert (report.in_arrears, report.arrears_balance, report.overdue) == (1, 13732_28, 0)
    said = "In arrears: 1, with balances of $13,732.28, since when is on the tape, and how much is overdue is not."
    assert said in reconcile.words(report)
    assert said in (dollar_tapes.folder / "book.report.html").read_text()


def test_days_past_due_of_a_month_before_the_last_say_nothing(dollar_tapes: Tapes):
    late = {**LOAN, "currentDelinquencyStatus": "41"}
    report = dollar_tapes.take_in([late], [month(NUMBER, "2019-09-30", "13384.87", "347.41", "491.74")])
    assert report.in_arrears == 0
    assert Standing.objects.get().arrears_since == FOREVER


def test_an_overview_of_a_loan_that_is_late_by_its_tape_invents_no_amount(dollar_tapes: Tapes):
    dollar_tapes.take_in([{**LOAN, "currentDelinquencyStatus": "41"}])
    [agreement] = Standing.objects.filter(arrears_since__lt=FOREVER).values_list("agreement_id", flat=True)
    user_id = Customer.objects.get().user_id
    view = overview(mine=(), agreement_id=agreement, user_id=user_id, last_sign_in="", on=date(2019, 9, 2))
    assert (view.overdue, view.overdue_count, view.arrears_since) == (0, 0, None)
