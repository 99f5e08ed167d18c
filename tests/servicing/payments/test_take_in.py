"""Payments and mandates from a tape."""

from datetime import date

import pytest
from django.db import IntegrityError

from milepost.plumbing.transactions import transaction
from milepost.servicing.payments import operations
from milepost.servicing.payments.models import Mandate, Payment
from milepost.servicing.payments.operations import NewMandate, NewPayment
from milepost.servicing.payments.states import MandateState, Method, PaymentState
from tests.support import agreements

pytestmark = pytest.mark.django_db


def test_payments_keep_their_order_their_method_and_what_became_of_them():
    made = agreements.make(agreements.priya_terms(), product="PCP", paid=[])
    with transaction():
        ids = operations.take_in_payments(
            payments=[
                NewPayment(made.id, date(2025, 3, 14), 363_30, Method.DIRECT_DEBIT, date(2025, 3, 17)),
                NewPayment(made.id, date(2025, 3, 18), -5_00, Method.UNKNOWN),
            ]
        )
    first, second = (Payment.objects.get(id=row_id) for row_id in ids)
    assert (first.state, first.returned_on, first.imported) == (PaymentState.RETURNED, date(2025, 3, 17), True)
    assert (second.state, second.amount, second.method) == (PaymentState.RECEIVED, -5_00, Method.UNKNOWN)


def test_an_agreement_has_one_active_mandate():
    made = agreements.make(agreements.priya_terms(), product="PCP")
    new = NewMandate(made.id, "4821", "Miss P Shah", date(2025, 2, 14))
    with transaction():
        assert operations.take_in_mandates(mandates=[new]) == 1
    with pytest.raises(IntegrityError), transaction():
        operations.take_in_mandates(mandates=[new])


def test_another_account_ends_the_mandate_before():
    made = agreements.make(agreements.priya_terms(), product="PCP")
    old = NewMandate(made.id, "4821", "Miss P Shah", date(2025, 2, 14))
    with transaction():
        operations.take_in_mandates(mandates=[old])
        operations.replace_mandate(new=old, on=date(2026, 1, 5))
        operations.replace_mandate(new=old._replace(account_ending="9317"), on=date(2026, 1, 6))
    ended, active = Mandate.objects.order_by("id")
    assert (ended.state, ended.valid_to) == (MandateState.CANCELLED, date(2026, 1, 6))
    assert (active.state, active.account_ending) == (MandateState.ACTIVE, "9317")
