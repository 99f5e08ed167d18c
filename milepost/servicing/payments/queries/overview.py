"""The overview: what is next, what is owed two ways, how it falls, what came lately."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import connection

from milepost.finance.calendars import months_between
from milepost.plumbing import formats, references
from milepost.servicing.agreements import queries as agreements
from milepost.servicing.agreements.access import MyAgreement
from milepost.servicing.agreements.queries.reading import Reading, product_name
from milepost.servicing.agreements.queries.views import SwitcherItem
from milepost.servicing.payments.queries.views import OverviewView, RecentPayment
from milepost.servicing.payments.queries.words import title
from milepost.servicing.payments.states import Method, PaymentState

RECENT = 3


def overview(
    *, mine: Sequence[MyAgreement], agreement_id: int, user_id: int, last_sign_in: str, on: date
) -> OverviewView:
    """The overview of one of a person's agreements. Four statements, however many agreements the book holds."""
    reading = agreements.read(agreement_id, on=on)
    loaded = reading.loaded
    given_name, account_ending = _person_and_mandate(user_id, agreement_id)
    estimate, good_until, reason = agreements.estimate(reading)
    return OverviewView(
        given_name=given_name,
        head=reading.head(),
        others=tuple(_switcher(mine, agreement_id)) if len(mine) > 1 else (),
        next=reading.next_payment(account_ending=account_ending),
        overdue=reading.position.overdue if reading.is_live else 0,
        overdue_count=reading.position.instalments_overdue if reading.is_live else 0,
        arrears_since=reading.arrears_since if reading.is_live else None,
        left_to_pay=reading.left_to_pay,
        left_words=reading.left_words() if reading.left_to_pay else "",
        ends_on=loaded.ends_on,
        settlement_estimate=estimate,
        settlement_good_until=good_until,
        settlement_reason=reason,
        plot=agreements.plot(reading),
        payments_made=reading.instalments_made,
        payments_count=reading.instalments_in_all,
        months_left=max(0, months_between(on, loaded.ends_on)) if loaded.ends_on > on and reading.is_live else 0,
        facts=tuple(_facts(reading)),
        recent=tuple(_recent(agreement_id, on)),
        last_sign_in=last_sign_in,
        as_of=on,
    )


def _person_and_mandate(user_id: int, agreement_id: int) -> tuple[str, str]:
    """Her given name, and the last digits of the account that a Direct Debit is taken from (or nothing)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.given_name, coalesce(m.account_ending, '') FROM customers_customer c
            LEFT JOIN payments_mandate m ON m.agreement_id = %s AND m.state = 'ACTIVE'
            WHERE c.user_id = %s
            """,
            [agreement_id, user_id],
        )
        given_name, account_ending = cursor.fetchone()
    return given_name, account_ending


def _switcher(mine: Sequence[MyAgreement], current: int) -> Iterator[SwitcherItem]:
    for item in mine:
        yield SwitcherItem(
            reference=item.reference,
            grouped=references.grouped(item.reference),
            vehicle=agreements.vehicle(item.registration, item.make, item.model),
            product_name=product_name(item.product),
            status_text=agreements.STATUS_TEXTS.get(item.status, "Live"),
            is_current=item.id == current,
        )


def _facts(reading: Reading) -> Iterator[tuple[str, str]]:
    loaded = reading.loaded
    yield "Type", product_name(loaded.product)
    yield "Agreement number", references.grouped(loaded.reference)
    if loaded.apr_percent:
        yield "Interest rate (APR)", f"{loaded.apr_percent}% fixed"
    yield "Ends" if reading.is_live else "Term as signed, until", formats.day(loaded.ends_on)
    if loaded.annual_mileage:
        yield "Mileage allowance", f"{loaded.annual_mileage:,} a year"


def _recent(agreement_id: int, on: date) -> Iterator[RecentPayment]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, received_on, amount, method, state FROM payments_payment
            WHERE agreement_id = %s AND received_on <= %s ORDER BY received_on DESC, id DESC LIMIT %s
            """,
            [agreement_id, on, RECENT],
        )
        rows = cursor.fetchall()
    for payment_id, received_on, amount, method, state in rows:
        stayed = state == PaymentState.RECEIVED
        yield RecentPayment(
            reference=references.reference("PY", payment_id),
            title=title(Method(method), amount, PaymentState(state)),
            on=received_on,
            amount=amount,
            kind="returned" if not stayed else "out" if amount < 0 else "ok",
        )
