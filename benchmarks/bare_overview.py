"""The overview written bare, with FastAPI, SQLAlchemy and Jinja2: what the same page costs without Django.

The same statements in the same order, the same template, the same reading of the agreement; no CSRF check, no content
security policy, no messages, no middleware. Served by granian on its ASGI interface.
"""

# ruff: noqa: E402 (Django is set up before what needs it is imported)
import json
import os
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")

import django

django.setup()  # for the reading of an agreement, whose modules name tables; no request passes through it

from django.conf import settings
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import FileSystemLoader
from markupsafe import Markup
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

import milepost
from milepost.finance.calendars import months_between
from milepost.plumbing import formats, lender, references
from milepost.servicing.agreements import queries as agreements
from milepost.servicing.agreements.access import SEEN_BY, MyAgreement
from milepost.servicing.agreements.queries.loading import _loaded
from milepost.servicing.agreements.queries.reading import Reading
from milepost.servicing.agreements.queries.settlement_figures import read_from
from milepost.servicing.agreements.states import Status
from milepost.servicing.payments.queries.overview import RECENT, _facts, _switcher
from milepost.servicing.payments.queries.views import OverviewView, RecentPayment
from milepost.servicing.payments.queries.words import title
from milepost.servicing.payments.states import Method, PaymentState
from milepost.web.shared import jinja

SESSION = text("SELECT session_data FROM django_session WHERE session_key = :key AND expire_date > :at")
USER = text(
    """
    SELECT id, password, role, user_name, user_name_folded, full_name, is_active, joined_at, password_changed_at,
           session_epoch
    FROM identity_user WHERE id = :id AND is_active
    """
)
TODAY = text("SELECT date FROM business_days_businessday WHERE state <> 'CLOSED' ORDER BY date LIMIT 1")
MINE = text(
    """
    SELECT a.id, a.reference, a.product, s.status, coalesce(v.registration, ''), coalesce(v.make, ''),
           coalesce(v.model, '')
    FROM customers_customer c
    JOIN agreements_party p ON p.customer_id = c.id AND p.role = ANY(:roles)
    JOIN agreements_agreement a ON a.id = p.agreement_id
    JOIN agreements_standing s ON s.agreement_id = a.id
    LEFT JOIN agreements_vehicle v ON v.agreement_id = a.id
    WHERE c.user_id = :user_id
    ORDER BY s.status <> 'LIVE', a.agreed_on DESC, a.id DESC
    """
)
LOAD = text(
    """
    SELECT a.id, a.reference, a.product, CAST(a.terms AS text), a.agreed_on, a.ends_on, a.apr_percent,
           coalesce(v.registration, ''), coalesce(v.make, ''), coalesce(v.model, ''), coalesce(v.body, ''),
           v.is_new, v.first_registered, v.year, v.cash_price, v.annual_mileage, v.excess_mileage_tenths,
           s.status, s.paid_total, s.principal_outstanding, c.reason, c.effective_from, c.first_number,
           c.drawdown_date, c.first_due, c.due_day, c.advance, c.principal, c.interest, c.fees
    FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS wanted (id, place)
    JOIN agreements_agreement a ON a.id = wanted.id
    JOIN agreements_standing s ON s.agreement_id = a.id
    JOIN agreements_schedule c ON c.agreement_id = a.id AND c.version = s.schedule_version
    LEFT JOIN agreements_vehicle v ON v.agreement_id = a.id
    ORDER BY wanted.place
    """
)
PERSON_AND_MANDATE = text(
    """
    SELECT c.given_name, coalesce(m.account_ending, '') FROM customers_customer c
    LEFT JOIN payments_mandate m ON m.agreement_id = :agreement_id AND m.state = 'ACTIVE'
    WHERE c.user_id = :user_id
    """
)
LATEST = text(
    """
    SELECT id, received_on, amount, method, state FROM payments_payment
    WHERE agreement_id = :agreement_id AND received_on <= :on ORDER BY received_on DESC, id DESC LIMIT :limit
    """
)
BALANCES = text(
    """
    SELECT account, CAST(sum(amount) AS bigint) FROM (
        SELECT debit AS account, amount FROM ledger_transfer WHERE book = :book AND effective_on <= :on
        UNION ALL
        SELECT credit, -amount FROM ledger_transfer WHERE book = :book AND effective_on <= :on
    ) sides GROUP BY account HAVING sum(amount) <> 0 ORDER BY account
    """
)
LAST_SIGN_IN = text(
    """
    SELECT id, user_id, device_id, at, second_step, device_words, address FROM identity_signin
    WHERE user_id = :user_id ORDER BY at DESC OFFSET 1 LIMIT 1
    """
)


class NotSignedIn(Exception):
    """The cookie names no session that is still good."""


def _templates() -> Any:
    """The site's own template environment, with static files looked up in a dictionary."""
    web = Path(milepost.__file__).parent / "web"
    made = jinja.environment(
        loader=FileSystemLoader([web / "shared" / "templates", web / "portal" / "templates"]), auto_reload=False
    )
    manifest = json.loads((Path(settings.STATIC_ROOT) / "staticfiles.json").read_text())["paths"]
    made.globals["static"] = lambda path: settings.STATIC_URL + manifest[path]
    return made


engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1),
    pool_size=8, max_overflow=0, isolation_level="AUTOCOMMIT",
)  # fmt: skip
application = FastAPI()
templates = _templates()


@application.get("/health/live")
async def live() -> str:
    return "alive"


@application.get("/overview/", response_class=HTMLResponse)
async def overview(request: Request, agreement: str = "") -> str:
    """`?agreement=` chooses one of several; without it the first live one."""
    async with engine.connect() as connection:
        user = await _user(connection, request.cookies.get("__Host-session", ""))
        on: date = (await connection.execute(TODAY)).scalar_one()
        mine = [
            MyAgreement(row[0], row[1], row[2], Status(row[3]), *row[4:])
            for row in await connection.execute(MINE, {"roles": SEEN_BY, "user_id": user["id"]})
        ]
        wanted = references.tidy(agreement or mine[0].reference)
        chosen = next(item for item in mine if item.reference == wanted)
        row = (await connection.execute(LOAD, {"ids": [chosen.id]})).one()
        sums = await connection.execute(BALANCES, {"book": chosen.id, "on": on})
        reading = read_from(_loaded(tuple(row)), dict(map(tuple, sums)), on)
        person = (
            await connection.execute(PERSON_AND_MANDATE, {"agreement_id": chosen.id, "user_id": user["id"]})
        ).one()
        recent = await _recent(connection, chosen.id, on)
        visit = (await connection.execute(LAST_SIGN_IN, {"user_id": user["id"]})).one_or_none()
    last = f"{formats.moment(visit.at)}, on {visit.device_words}" if visit else ""
    view = _view(reading, mine, person[0], person[1], recent, last)
    token = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(secrets.token_urlsafe(48))
    drawn: str = templates.get_template("portal/overview.html").render(
        view=view, on=on, user=user, signed_in=True, csrf_input=token
    )
    return drawn


async def _user(connection: AsyncConnection, key: str) -> RowMapping:
    """Whose session it is, by the same checks: signed, not run out, not ended by a newer epoch."""
    at = datetime.now(UTC)
    stored = (await connection.execute(SESSION, {"key": key, "at": at})).scalar_one_or_none()
    if stored is None:
        raise NotSignedIn
    session = signing.loads(stored, salt="django.contrib.sessions.SessionStore", serializer=JSONSerializer)
    limits = lender.current().security
    second = int(at.timestamp())
    if second - session["signed_in_at"] >= timedelta(hours=limits.session_hours).total_seconds():
        raise NotSignedIn
    if second - session["seen_at"] >= timedelta(minutes=limits.idle_minutes).total_seconds():
        raise NotSignedIn
    user = (await connection.execute(USER, {"id": int(session["_auth_user_id"])})).mappings().one()
    words = f"{user['id']}:{user['session_epoch']}"
    expected = salted_hmac("milepost.identity.session", words, algorithm="sha256").hexdigest()
    if not constant_time_compare(session["_auth_user_hash"], expected):
        raise NotSignedIn
    return user


async def _recent(connection: AsyncConnection, agreement_id: int, on: date) -> tuple[RecentPayment, ...]:
    rows = await connection.execute(LATEST, {"agreement_id": agreement_id, "on": on, "limit": RECENT})
    return tuple(map(_payment, rows))


def _payment(row: Sequence[Any]) -> RecentPayment:
    payment_id, received_on, amount, method, state = row
    words = title(Method(method), amount, PaymentState(state))
    kind = "returned" if state != PaymentState.RECEIVED else "out" if amount < 0 else "ok"
    return RecentPayment(references.reference("PY", payment_id), words, received_on, amount, kind)


def _view(
    reading: Reading, mine: Sequence[MyAgreement], given_name: str, account_ending: str,
    recent: tuple[RecentPayment, ...], last_sign_in: str,
) -> OverviewView:  # fmt: skip
    loaded, on = reading.loaded, reading.on
    estimate, good_until, reason = agreements.estimate(reading)
    return OverviewView(
        given_name=given_name,
        head=reading.head(),
        others=tuple(_switcher(mine, loaded.id)) if len(mine) > 1 else (),
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
        recent=recent,
        last_sign_in=last_sign_in,
        as_of=on,
    )
