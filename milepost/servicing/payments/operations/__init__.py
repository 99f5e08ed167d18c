"""What is done to payments and mandates. `take_in` writes those that come from a tape."""

from milepost.servicing.payments.operations.record_receipt import Received, record_receipt
from milepost.servicing.payments.operations.record_return import record_return
from milepost.servicing.payments.operations.replace_mandate import replace_mandate
from milepost.servicing.payments.operations.reverse_receipt import reverse_receipt
from milepost.servicing.payments.operations.reverse_return import reverse_return
from milepost.servicing.payments.operations.take_in import NewMandate, NewPayment, take_in_mandates, take_in_payments

__all__ = [
    "NewMandate", "NewPayment", "Received", "record_receipt", "record_return", "replace_mandate", "reverse_receipt",
    "reverse_return", "take_in_mandates", "take_in_payments",
]  # fmt: skip
