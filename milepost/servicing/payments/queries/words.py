"""What a payment is called."""

from milepost.servicing.payments.states import Method, PaymentState

METHODS = {
    Method.DIRECT_DEBIT: "Direct Debit",
    Method.CARD: "Card",
    Method.BANK_TRANSFER: "Bank transfer",
    Method.CASH: "Cash",
    Method.UNKNOWN: "Payment",
}


MISTAKE = "Recorded by mistake"


def title(method: Method, amount: int, state: PaymentState) -> str:
    """Direct Debit, Card …; with what happened where it did not stay."""
    if state is PaymentState.REVERSED:
        return MISTAKE
    if state is PaymentState.RETURNED:
        return f"{METHODS[method]} returned"
    return f"{METHODS[method]} taken back" if amount < 0 else METHODS[method]
