"""The books of the overview's benchmark: a small one written by the real operations, then the same many times over."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql

TODAY = date(2026, 11, 22)
RECORDED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FIRST_QUARTER = date(2025, 7, 1)
LONGEST_AGE = 15
"""Months: with ages from 0 to 15 the histories are about eight months long."""
A_CHUNK = 500
BEHIND, MANDATED, JOINT, SECOND_AGREEMENT = 0.06, 0.85, 0.05, 0.08
"""Shares of the agreements."""
COPIES_AT_ONCE = 4

GIVEN = ("Ada", "Bryn", "Cerys", "Dev", "Elin", "Farah", "Gwen", "Hugo", "Isla", "Jonas", "Kofi", "Leila", "Mina")
FAMILY = ("Abbot", "Barlow", "Chandra", "Dunne", "Ellery", "Farrow", "Garside", "Hollis", "Ingham", "Jessop", "Kumar")
CARS = (("Averley", "Finch 1.2 S", "Hatchback"), ("Corrin", "Vale Estate", "Estate"), ("Tamsel", "E4 Touring", "SUV"))
DEVICES = ("Chrome on Android", "Safari on iPhone or iPad", "Firefox on Linux", "Edge on Windows")


@dataclass(frozen=True)
class Person:
    """Somebody new, or the one who takes a second agreement."""

    user_id: int
    customer_id: int


def fill(count: int, seed: int, tell: Callable[[int], None]) -> None:
    """Write `count` agreements on the database that Django is connected to; `tell` hears how many were written."""
    from milepost.plumbing.actor import Actor
    from milepost.plumbing.transactions import transaction
    from milepost.servicing.business_days import operations as business_days
    from milepost.servicing.ledger import operations as ledger

    business_days.open_first_day(on=TODAY, actor=Actor.system("benchmark"), at=RECORDED)
    with transaction():
        ledger.ensure_quarters(first=FIRST_QUARTER, last=TODAY)
    chance = random.Random(seed)
    for begin in range(0, count, A_CHUNK):
        size = min(A_CHUNK, count - begin)
        with transaction():
            _write(size, chance)
        tell(size)


def _write(count: int, chance: random.Random) -> None:
    """One chunk: people, agreements, mandates, payments, transfers and past sign-ins, in one transaction."""
    from milepost.servicing.agreements import operations
    from milepost.servicing.agreements.operations import NewParty
    from milepost.servicing.agreements.states import PartyRole

    people = _people(count, chance)
    spare = iter(people[count:])
    owners = people[:count]
    new, paid = [], []
    for place in range(count):
        if place and chance.random() < SECOND_AGREEMENT:
            owners[place] = owners[place - 1]
        parties = [NewParty(owners[place].customer_id)]
        if chance.random() < JOINT:
            parties.append(NewParty(next(spare).customer_id, PartyRole.JOINT))
        agreement, payments = _agreement(tuple(parties), chance)
        new.append(agreement)
        paid.append(payments)
    ids = operations.take_in(agreements=new)
    books = sorted(zip(ids, new, paid, strict=True), key=lambda book: book[0])
    _post(books)
    _mandates([(book, agreement.agreed_on) for book, agreement, _ in books if chance.random() < MANDATED], chance)


def _people(count: int, chance: random.Random) -> list[Person]:
    from milepost.plumbing.copying import copy_rows
    from milepost.servicing.customers import operations as customers
    from milepost.servicing.identity import operations as identity

    names = [(chance.choice(GIVEN), chance.choice(FAMILY)) for _ in range(count + count // 8)]
    users = identity.take_in(users=[identity.NewUser(f"{given} {family}") for given, family in names], valid_from=TODAY)
    ids = customers.take_in(
        customers=[
            customers.NewCustomer(user, "", given, family, date(1960 + chance.randrange(40), 5, 4))
            for user, (given, family) in zip(users, names, strict=True)
        ],
        valid_from=TODAY,
    )
    visits = (
        (user, RECORDED - timedelta(days=days, minutes=chance.randrange(700)), "TEXT", chance.choice(DEVICES))
        for user in users
        for days in (31, 3)
    )
    copy_rows("identity_signin", ("user_id", "at", "second_step", "device_words"), visits)
    return [Person(user, customer) for user, customer in zip(users, ids, strict=True)]


def _agreement(parties: tuple[Any, ...], chance: random.Random) -> tuple[Any, list[tuple[date, int]]]:
    """An agreement as its operation takes it, and what was paid on it when."""
    from milepost.finance.arrears import position
    from milepost.finance.products import PRODUCTS
    from milepost.servicing.agreements.operations import NewAgreement, NewStanding, NewVehicle
    from milepost.servicing.agreements.states import ScheduleReason, Status

    product = chance.choices(("HIRE_PURCHASE", "PCP", "PERSONAL_LOAN"), (5, 4, 1))[0]
    terms = _terms(product, chance)
    schedule = PRODUCTS[product].schedule(terms)
    due = schedule.rows_due_by(TODAY)
    missed = 1 if due and chance.random() < BEHIND else 0
    paid = [(schedule.due(row), schedule.amount_due(row)) for row in range(due - missed)]
    total = sum(amount for _, amount in paid)
    stands = position(schedule, total, TODAY)
    make, model, body = chance.choice(CARS)
    registration = f"L{chance.choice('ABDGKV')}{chance.randrange(10, 27)} {''.join(chance.choices('ABCDEFGHJK', k=3))}"
    standing = NewStanding(
        status=Status.LIVE, next_number=stands.next_number, next_due=stands.next_due, next_amount=stands.next_amount,
        next_interest=schedule.interest[stands.next_number - 1] if stands.next_number else 0,
        due_total=stands.due_total, paid_total=total, principal_outstanding=schedule.balance_after(due - 1),
        arrears_since=stands.arrears_since,
    )  # fmt: skip
    assert terms.drawdown_date is not None
    return NewAgreement(
        product=product, terms=terms.to_json(), agreed_on=terms.drawdown_date, ends_on=schedule.due(len(schedule) - 1),
        apr_percent=str(terms.apr_percent), parties=parties, schedule=schedule,
        schedule_reason=ScheduleReason.AS_SIGNED, effective_from=terms.drawdown_date, standing=standing,
        vehicle=NewVehicle(
            registration=registration, make=make, model=model, body=body, is_new=chance.random() < 0.3,
            cash_price=terms.amount_of_credit + terms.deposit, annual_mileage=chance.choice((8_000, 10_000, 12_000)),
            excess_mileage_tenths=149,
        ),
    ), paid  # fmt: skip


def _terms(product: str, chance: random.Random) -> Any:
    from milepost.finance.calendars import add_months
    from milepost.finance.terms import Balloon, Fee, FeeKind, RateConvention, Terms, Timing

    credit = chance.randrange(6_000_00, 28_000_00, 500)
    number = chance.choice((24, 36, 48, 60))
    percent = Decimal(chance.randrange(49, 149)) / 10
    begun = add_months(date(TODAY.year, TODAY.month, chance.randrange(1, 29)), -chance.randrange(LONGEST_AGE + 1))
    hire = product != "PERSONAL_LOAN"
    return Terms(
        amount_of_credit=credit,
        number_of_instalments=number - 1 if product == "PCP" else number,
        rate_convention=RateConvention.EFFECTIVE,
        annual_percent=percent,
        drawdown_date=min(begun, TODAY),
        balloon=Balloon(credit * 2 // 5, number) if product == "PCP" else None,
        fees=(Fee(FeeKind.OPTION_TO_PURCHASE, 10_00, Timing.LAST),) if hire else (),
        deposit=chance.randrange(0, 4_000_00, 25_000) if hire else 0,
        apr_percent=percent,
    )


def _post(books: Sequence[tuple[int, Any, list[tuple[date, int]]]]) -> None:
    """The payments and the transfers of these agreements, as a replayed tape posts them."""
    from milepost.finance import entries
    from milepost.finance.chart_of_accounts import Channel
    from milepost.plumbing.copying import copy_rows, reserve_ids
    from milepost.servicing.ledger import operations as ledger

    numbers = iter(reserve_ids("payments_payment_id_seq", sum(len(paid) for *_, paid in books)))
    payments: list[tuple[object, ...]] = []
    transfers: list[ledger.Row] = []

    def post(book: int, entry: entries.Entry, source: int, day: date) -> None:
        transfers.extend(
            ledger.rows(book=book, entry=entry, source=source, effective_on=day, recorded_at=RECORDED, policy_version=1)
        )

    for book, agreement, paid in books:
        schedule = agreement.schedule
        post(book, entries.paid_out(amount=schedule.opening), 0, schedule.drawdown_date)
        for row in range(schedule.rows_due_by(TODAY)):
            entry = entries.instalment_due(
                principal=schedule.principal[row], interest=schedule.interest[row], fee=schedule.fees[row]
            )
            post(book, entry, row + 1, schedule.due(row))
        for (day, amount), number in zip(paid, numbers, strict=False):
            post(book, entries.payment_received(channel=Channel.DIRECT_DEBIT, due=amount), number, day)
            payments.append((number, book, day, amount, "DIRECT_DEBIT", "RECEIVED", date(9999, 12, 31), True))
    columns = ("id", "agreement_id", "received_on", "amount", "method", "state", "returned_on", "imported")
    copy_rows("payments_payment", columns, payments)
    ledger.copy_transfers(transfers=transfers)


def _mandates(books: Sequence[tuple[int, date]], chance: random.Random) -> None:
    from milepost.plumbing.copying import copy_rows

    columns = ("agreement_id", "scheme", "state", "holder", "account_ending", "valid_from", "valid_to")
    forever = date(9999, 12, 31)
    rows = ((book, "BACS", "ACTIVE", "", f"{chance.randrange(10_000):04d}", since, forever) for book, since in books)
    copy_rows("payments_mandate", columns, rows)


# --- the large book: every row of the small one again and again, under new numbers ---


@dataclass(frozen=True)
class Table:
    """A table to repeat. `shifted`: columns whose numbers move on by so many with every copy, and by which count."""

    name: str
    shifted: dict[str, str]
    key: str


TABLES = (
    Table("identity_user", {"id": "users"}, "id"),
    Table("identity_signin", {"id": "visits", "user_id": "users"}, "id"),
    Table("customers_customer", {"id": "customers", "user_id": "users"}, "id"),
    Table("agreements_agreement", {"id": "agreements"}, "id"),
    Table("agreements_party", {"agreement_id": "agreements", "customer_id": "customers"}, "agreement_id"),
    Table("agreements_vehicle", {"agreement_id": "agreements"}, "agreement_id"),
    Table("agreements_schedule", {"agreement_id": "agreements"}, "agreement_id"),
    Table("agreements_standing", {"agreement_id": "agreements"}, "agreement_id"),
    Table("payments_mandate", {"id": "mandates", "agreement_id": "agreements"}, "id"),
    Table("payments_payment", {"id": "payments", "agreement_id": "agreements"}, "id"),
    Table("ledger_transfer", {"book": "agreements"}, "book"),
)
COUNTS = {
    "users": "SELECT max(id) FROM identity_user",
    "visits": "SELECT max(id) FROM identity_signin",
    "customers": "SELECT max(id) FROM customers_customer",
    "agreements": "SELECT max(id % 100000000) FROM agreements_agreement",
    "mandates": "SELECT max(id) FROM payments_mandate",
    "payments": "SELECT max(id) FROM payments_payment",
}


def multiply(address: str, copies: int, tell: Callable[[int], None]) -> None:
    """Repeat the book in this database until there are `copies` of it, as the application's role."""
    with psycopg.connect(address) as connection:
        connection.execute("SET synchronous_commit = off; SET work_mem = '192MB'; SET temp_buffers = '64MB'")
        steps = {name: _number(connection, query) for name, query in COUNTS.items()}
        for table in TABLES:
            connection.execute(
                sql.SQL("CREATE TEMPORARY TABLE {} AS SELECT * FROM {} ORDER BY {}").format(
                    sql.Identifier(f"once_{table.name}"), sql.Identifier(table.name), sql.Identifier(table.key)
                )
            )
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(f"once_{table.name}")))
        connection.execute("CREATE TEMPORARY TABLE numbers (running bigint PRIMARY KEY, reference text)")
        connection.commit()
        for first in range(1, copies, COPIES_AT_ONCE):
            last = min(first + COPIES_AT_ONCE, copies) - 1
            _new_references(connection, first, last, steps["agreements"])
            for table in TABLES:
                connection.execute(_repeated(connection, table, steps), {"first": first, "last": last})
            connection.commit()
            tell(last - first + 1)


def settle_down(address: str) -> None:
    """What the server does by itself after so much was written, now rather than while we measure. As the owner."""
    names = [*(table.name for table in TABLES), "django_session", "business_days_businessday"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '256MB'")
        for name in names:
            connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(name)))


def sizes(address: str) -> dict[str, int]:
    """How many agreements, payments and transfers a book has, and the bytes of its database."""
    with psycopg.connect(address) as connection:
        return {
            "agreements": _number(connection, "SELECT count(*) FROM agreements_agreement"),
            "payments": _number(connection, "SELECT count(*) FROM payments_payment"),
            "transfers": _number(connection, "SELECT count(*) FROM ledger_transfer"),
            "bytes": _number(connection, "SELECT pg_database_size(current_database())"),
        }


def _number(connection: psycopg.Connection[Any], query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def _new_references(connection: psycopg.Connection[Any], first: int, last: int, step: int) -> None:
    from milepost.plumbing import lender, references

    prefix = lender.current().new_number_prefix
    connection.execute("TRUNCATE numbers")
    with connection.cursor() as cursor, cursor.copy("COPY numbers FROM STDIN") as copy:
        for running in range(first * step + 1, (last + 1) * step + 1):
            serial = int(f"{prefix}{50_000_000 + running:0{9 - len(prefix)}d}")
            copy.write_row((running, references.agreement_number(serial)))
    connection.execute("ANALYZE numbers")


def _repeated(connection: psycopg.Connection[Any], table: Table, steps: dict[str, int]) -> sql.Composed:
    """INSERT … SELECT of some copies of a table, in the order of its key."""
    names = _columns(connection, table.name)
    tail: sql.Composable = sql.SQL("")
    if table.name == "agreements_agreement":
        tail = sql.SQL("JOIN numbers ON numbers.running = mod(once.id, 100000000) + copy * {}").format(
            steps["agreements"]
        )
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM {once} once "
        "CROSS JOIN generate_series(%(first)s::bigint, %(last)s::bigint) copy {tail} ORDER BY {order}"
    ).format(
        table=sql.Identifier(table.name),
        columns=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=sql.SQL(", ").join(_values(table, names, steps)),
        once=sql.Identifier(f"once_{table.name}"),
        tail=tail,
        order=sql.SQL("{} + copy * {}").format(sql.Identifier("once", table.key), steps[table.shifted[table.key]]),
    )


def _values(table: Table, names: Sequence[str], steps: dict[str, int]) -> Iterator[sql.Composable]:
    from milepost.finance.entries import Event

    for name in names:
        column = sql.Identifier("once", name)
        if name in table.shifted:
            yield sql.SQL("{} + copy * {}").format(column, steps[table.shifted[name]])
        elif (table.name, name) == ("agreements_agreement", "reference"):
            yield sql.SQL("numbers.reference")
        elif (table.name, name) == ("ledger_transfer", "source"):
            # Of a payment's transfers the source is the payment; of the others it is an instalment's number or nothing.
            yield sql.SQL("CASE WHEN once.event = {} THEN {} + copy * {} ELSE {} END").format(
                Event.PAYMENT_RECEIVED.value, column, steps["payments"], column
            )
        else:
            yield column


def _columns(connection: psycopg.Connection[Any], table: str) -> list[str]:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
        "ORDER BY ordinal_position",
        [table],
    ).fetchall()
    return [str(name) for (name,) in rows]
