"""Payments and Direct Debit mandates from a tape, many at once."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from milepost.finance.calendars import FOREVER
from milepost.plumbing.copying import copy_rows, reserve_ids
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.payments.states import MandateState, Method, PaymentState, Scheme


class NewPayment(NamedTuple):
    """A payment as a tape gives it; minor units, negative where the old system took one back."""

    agreement_id: int
    received_on: date
    amount: int
    method: Method
    returned_on: date = FOREVER


class NewMandate(NamedTuple):
    """A customer's permission to collect, as far as a tape may carry it: the account's last four digits."""

    agreement_id: int
    account_ending: str
    holder: str
    valid_from: date


PAYMENT = ("id", "agreement_id", "received_on", "amount", "method", "state", "returned_on", "imported")
MANDATE = ("agreement_id", "scheme", "state", "holder", "account_ending", "valid_from", "valid_to")


@in_transaction
def take_in_payments(*, payments: Sequence[NewPayment]) -> range:
    """Write many imported payments (not their transfers). Answers their ids, in the order given."""
    ids = reserve_ids("payments_payment_id_seq", len(payments))
    received, returned = PaymentState.RECEIVED.value, PaymentState.RETURNED.value
    copy_rows(
        "payments_payment",
        PAYMENT,
        (
            (row_id, agreement, on, amount, method, received if back == FOREVER else returned, back, True)
            for row_id, (agreement, on, amount, method, back) in zip(ids, payments, strict=True)
        ),
    )
    return ids


@in_transaction
def take_in_mandates(*, mandates: Sequence[NewMandate]) -> int:
    """Write many active Bacs mandates. Answers how many. Raises IntegrityError where an agreement has one already."""
    return copy_rows(
        "payments_mandate",
        MANDATE,
        (
            (new.agreement_id, Scheme.BACS.value, MandateState.ACTIVE.value, new.holder, new.account_ending,
             new.valid_from, FOREVER)
            for new in mandates
        ),
    )  # fmt: skip
