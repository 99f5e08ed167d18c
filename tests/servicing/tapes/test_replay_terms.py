"""Milepost's own format: terms and payments come to the same as if Milepost had run the agreement all along."""

from datetime import date

import pytest

from milepost.demo import cast_agreements
from milepost.finance import chart_of_accounts as chart
from milepost.servicing.agreements.models import Agreement, Schedule, Standing
from milepost.servicing.agreements.states import PartyRole, ScheduleReason, Status
from milepost.servicing.customers.models import Customer
from milepost.servicing.identity.models import ContactPoint
from milepost.servicing.payments.models import Mandate, Payment
from milepost.servicing.payments.states import PaymentState
from tests.support.tapes import PRIYA, TODAY, Tapes, account, counts, only_agreement, payment

NUMBER = PRIYA["agreement"]
HIRE_PURCHASE = {
    **PRIYA, "product": "HIRE_PURCHASE", "amount_of_credit": "12000.00", "number_of_instalments": "48",
    "instalment": "298.05",
    "balloon": "", "balloon_month": "",
}  # fmt: skip


def paid(count: int, amount: str = "298.05") -> list[dict[str, str]]:
    """The first instalments of an agreement that began on 14 February 2025, each on its day."""
    months = [(2025 + (month - 1) // 12, (month - 1) % 12 + 1) for month in range(3, 3 + count)]
    return [payment(NUMBER, f"{year}-{month:02d}-14", amount) for year, month in months]


def test_priya_shah_as_her_documents_print_it(tapes: Tapes):
    row, payments = next(cast_agreements.rows(TODAY))
    movements = [
        payment(row["agreement"], one.on.isoformat(), f"{one.amount / 100:.2f}", one.method,
                one.returned_on.isoformat() if one.returned_on else "")
        for one in payments
    ]  # fmt: skip
    report = tapes.take_in([row], movements, form="milepost", as_of=TODAY)
    assert counts(report) == (1, 0, 0, 0)
    agreement, standing = Agreement.objects.get(reference="7034118255"), Standing.objects.get()
    assert (standing.next_number, standing.next_due, standing.next_amount) == (22, date(2026, 12, 14), 363_30)
    assert standing.principal_outstanding == 1698608 == account(agreement, chart.PRINCIPAL)
    assert standing.due_total == standing.paid_total == 21 * 363_30
    assert standing.arrears_since == date(9999, 12, 31)
    assert standing.status == Status.LIVE
    assert account(agreement, chart.DUE_FROM_CUSTOMER) == 0 == account(agreement, chart.CUSTOMER_CREDIT)
    schedule = Schedule.objects.get()
    assert (schedule.reason, len(schedule.principal), schedule.fees[-1]) == (ScheduleReason.AS_SIGNED, 48, 10_00)
    returned = Payment.objects.get(state=PaymentState.RETURNED)
    assert (returned.received_on, returned.returned_on) == (date(2026, 5, 14), date(2026, 5, 15))
    assert Mandate.objects.get().account_ending == "4821"
    assert agreement.vehicle.registration == "LX25 KCD"


def test_what_is_not_paid_is_in_arrears_since_the_oldest(tapes: Tapes):
    tapes.take_in([HIRE_PURCHASE], paid(3), form="milepost", as_of=date(2025, 8, 20))
    standing = Standing.objects.get()
    assert (standing.due_total, standing.paid_total) == (6 * 298_05, 3 * 298_05)
    assert standing.arrears_since == date(2025, 6, 14)
    assert account(only_agreement(), chart.DUE_FROM_CUSTOMER, date(2025, 8, 20)) == 3 * 298_05


def test_an_overpayment_is_credit_and_covers_the_next_instalment(tapes: Tapes):
    tapes.take_in([HIRE_PURCHASE], [payment(NUMBER, "2025-03-14", "400.00")], form="milepost", as_of=date(2025, 4, 14))
    agreement = only_agreement()
    assert account(agreement, chart.CUSTOMER_CREDIT, date(2025, 3, 20)) == -(400_00 - 298_05)
    assert account(agreement, chart.CUSTOMER_CREDIT) == 0
    assert account(agreement, chart.DUE_FROM_CUSTOMER) == 2 * 298_05 - 400_00


def test_a_returned_payment_is_owed_again_and_one_that_was_credit_takes_it_back(tapes: Tapes):
    movements = [payment(NUMBER, "2025-03-10", "298.05", returned_on="2025-03-17")]
    tapes.take_in([HIRE_PURCHASE], movements, form="milepost", as_of=date(2025, 3, 20))
    agreement = only_agreement()
    assert account(agreement, chart.DUE_FROM_CUSTOMER) == 298_05
    assert account(agreement, chart.CUSTOMER_CREDIT) == 0 == Standing.objects.get().paid_total


def test_an_agreement_settled_early(tapes: Tapes):
    row = {**HIRE_PURCHASE, "settled_on": "2025-06-20"}
    movements = [*paid(4), payment(NUMBER, "2025-06-20", "11300.00", "BANK_TRANSFER")]
    tapes.take_in([row], movements, form="milepost", as_of=TODAY)
    agreement, standing = only_agreement(), Standing.objects.get()
    assert (standing.status, standing.principal_outstanding) == (Status.SETTLED, 0)
    assert standing.due_total == standing.paid_total == 4 * 298_05
    for code in (chart.PRINCIPAL, chart.DUE_FROM_CUSTOMER, chart.CUSTOMER_CREDIT, chart.FEES_RECEIVABLE):
        assert account(agreement, code) == 0
    assert account(agreement, chart.EARLY_SETTLEMENT_INTEREST) < 0


def test_a_settlement_that_does_not_pay_the_principal_is_rejected(tapes: Tapes):
    tapes.take_in([{**HIRE_PURCHASE, "settled_on": "2025-06-20"}], paid(4), form="milepost", as_of=TODAY)
    assert "the payments leave" in tapes.rejects()[0]["reject_reason"]
    assert not Agreement.objects.exists()


def test_an_agreement_that_ran_to_term_is_completed(tapes: Tapes):
    row = {**HIRE_PURCHASE, "number_of_instalments": "12", "instalment": "1050.00"}
    movements = [*paid(11, "1050.00"), payment(NUMBER, "2026-02-14", "1060.00")]
    tapes.take_in([row], movements, form="milepost", as_of=TODAY)
    assert Standing.objects.get().status == Status.COMPLETED
    assert account(only_agreement(), chart.PRINCIPAL) == 0


def test_advance_instalments_and_a_balloon_of_its_own(tapes: Tapes):
    row = {
        **PRIYA, "product": "LEASE_PURCHASE", "number_of_instalments": "36", "advance_instalments": "3",
        "instalment": "449.44",
        "amount_of_credit": "21500.00", "balloon": "10250.00", "balloon_month": "34", "option_fee": "",
    }  # fmt: skip
    tapes.take_in([row], [payment(NUMBER, "2025-02-14", "1348.32")], form="milepost", as_of=date(2025, 2, 20))
    schedule, standing = Schedule.objects.get(), Standing.objects.get()
    assert (schedule.advance, len(schedule.principal), standing.next_number) == (3, 37, 4)
    assert standing.principal_outstanding == 21500_00 - 1348_32
    assert standing.paid_total == 1348_32


def test_a_due_day_of_31_returns_after_a_shorter_month(tapes: Tapes):
    row = {
        **HIRE_PURCHASE, "product": "PERSONAL_LOAN", "agreed_on": "2025-01-31", "drawdown_date": "2025-01-31",
        "first_due_date": "2025-02-28", "due_day": "31", "option_fee": "",
    }  # fmt: skip
    tapes.take_in([row], [payment(NUMBER, "2025-02-28", "298.05")], form="milepost", as_of=date(2025, 3, 1))
    assert Standing.objects.get().next_due == date(2025, 3, 31)
    assert only_agreement().id // 10**8 == 31


def test_a_joint_agreement_has_two_people_at_one_address(tapes: Tapes):
    joint = {
        "joint_customer": "C102", "joint_title": "Mr", "joint_given_name": "Jo", "joint_family_name": "Fairbrother",
        "joint_birth_date": "1987-12-01", "joint_email": "jo.fairbrother@example.com", "joint_phone": "07700 900839",
    }  # fmt: skip
    tapes.take_in([{**PRIYA, **joint}], form="milepost", as_of=date(2025, 2, 20))
    parties = only_agreement().parties.order_by("role")
    assert [(party.role, party.customer.name) for party in parties] == [
        (PartyRole.BORROWER, "Priya Shah"), (PartyRole.JOINT, "Jo Fairbrother"),
    ]  # fmt: skip
    assert {party.customer.postal_addresses.get().postcode for party in parties} == {"CF98 0ZZ"}
    assert ContactPoint.objects.filter(verified_at=None).count() == 4


def test_two_agreements_of_one_person_are_one_customer_unless_her_name_differs(tapes: Tapes):
    second = {**PRIYA, "agreement": "7034121007"}
    third = {**PRIYA, "agreement": "7034121082", "family_name": "Sharma"}
    report = tapes.take_in([PRIYA, second, third], form="milepost", as_of=date(2025, 2, 20))
    assert counts(report) == (2, 0, 0, 1)
    assert Customer.objects.count() == 1
    assert "another name or birth date" in tapes.rejects()[0]["reject_reason"]


def test_a_number_that_is_not_ours_is_kept_beside_a_new_one(tapes: Tapes):
    tapes.take_in([{**PRIYA, "agreement": "HB-0048817"}], form="milepost", as_of=date(2025, 2, 20))
    agreement = only_agreement()
    assert agreement.origin_reference == "HB-0048817"
    assert len(agreement.reference) == 10


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"balloon_month": ""}, "balloon_month", "the month of the final payment is the contract's"),
        ({"balloon_month": "52"}, "balloon_month", "must be the last instalment's month or the next"),
        ({"first_due_date": "2025-02-10"}, "first_due_date", "must be after the drawdown date"),
        ({"due_day": "40"}, "due_day", "must be from 1 to 31"),
        ({"instalment": "10.00"}, "instalment", "do not repay the credit"),
        ({"product": "HIRE_PURCHASE"}, "balloon", "has no balloon"),
        ({"product": "SKATEBOARD"}, "product", "is not one of"),
        ({"currency": "USD"}, "currency", "is not this lender's currency, GBP"),
        ({"email": "priya at example"}, "email", "is not an e-mail address"),
        ({"phone": "0000"}, "phone", "is not a telephone number"),
        ({"direct_debit_account_ending": "12345678"}, "direct_debit_account_ending", "last four digits alone"),
        ({"birth_date": "1991-02-30"}, "birth_date", "is not a date that exists"),
        (
            {"drawdown_date": "2027-02-14", "first_due_date": "2027-03-14"},
            "drawdown_date",
            "is after",
        ),
        ({"number_of_instalments": "100000"}, "number_of_instalments", "from 1 to 600"),
        (
            {"given_name": "", "family_name": "", "joint_given_name": "Jo"},
            "family_name",
            "although a joint customer is named",
        ),
    ],
)
def test_terms_that_cannot_be_are_rejected_with_column_and_reason(tapes: Tapes, change, column, reason):
    report = tapes.take_in([{**PRIYA, **change}], form="milepost", as_of=TODAY)
    assert counts(report) == (0, 0, 0, 1)
    assert not Agreement.objects.exists()
    [reject] = tapes.rejects()
    assert reason in reject["reject_reason"]
    assert reject["reject_column"] == column


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (payment(NUMBER, "2025-01-01", "363.30"), "is before the pay-out"),
        (payment(NUMBER, "2025-03-14", "0"), "is nothing at all"),
        (payment(NUMBER, "2025-03-14", "-5"), "must not be negative"),
        (payment(NUMBER, "2025-03-14", "363.30", "CHEQUE"), "is not one of"),
        (payment(NUMBER, "2025-03-14", "363.30", returned_on="2025-03-01"), "is before it was paid"),
    ],
)
def test_a_payment_that_cannot_be_rejects_its_agreement(tapes: Tapes, bad, reason):
    tapes.take_in([PRIYA], [bad], form="milepost", as_of=TODAY)
    assert reason in tapes.rejects()[0]["reject_reason"]
    assert not Agreement.objects.exists()


def test_a_balance_of_the_old_system_that_differs_is_listed(tapes: Tapes):
    report = tapes.take_in([{**PRIYA, "principal_outstanding": "21995.01"}], form="milepost", as_of=date(2025, 2, 20))
    [line] = report.breaks
    assert line.amount == -1
    assert "principal_outstanding" in line.reason
    assert report.everything_is_explained
