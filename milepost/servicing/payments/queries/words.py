"""What a payment is called."""

from milepost.servicing.payments.states import Method

METHODS = {
    Method.DIRECT_DEBIT: "Direct Debit",
    Method.CARD: "Card",
    Method.BANK_TRANSFER: "Bank transfer",
    Method.CASH: "Cash",
    Method.UNKNOWN: "Payment",
}


def title(method: Method, amount: int, *, returned: bool) -> str:
    """Direct Debit, Card …; with what happened where it did not stay."""
    if returned:
        return f"{METHODS[method]} returned"
    return f"{METHODS[method]} taken back" if amount < 0 else METHODS[method]
