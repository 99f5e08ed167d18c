"""The names of payments, for pages that know them by their numbers alone."""

from datetime import date

from django.db import connection

from milepost.servicing.payments.queries.words import METHODS
from milepost.servicing.payments.states import Method


def titles(agreement_id: int, *, until: date) -> dict[int, str]:
    """By number, what each payment received by a day is called: Direct Debit, Card …"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, method FROM payments_payment WHERE agreement_id = %s AND received_on <= %s",
            [agreement_id, until],
        )
        return {payment_id: METHODS[Method(method)] for payment_id, method in cursor.fetchall()}
