"""The agreements of the demo's people, as rows of a tape in Milepost's own format. Priya's is the printed one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from milepost.demo import cast
from milepost.finance.calendars import add_months
from milepost.plumbing.lender import working_days as lenders_working_days

COLUMNS = (
    "agreement", "currency", "product", "agreed_on", "drawdown_date", "first_due_date", "due_day", "amount_of_credit",
    "number_of_instalments", "advance_instalments", "rate_convention", "annual_percent", "apr_percent", "instalment",
    "final_instalment", "balloon", "balloon_month", "acceptance_fee", "option_fee", "deposit", "part_exchange",
    "settled_on", "principal_outstanding", "customer", "title", "given_name", "family_name", "birth_date", "email",
    "phone", "address_1", "address_2", "town", "postcode", "joint_customer", "joint_title", "joint_given_name",
    "joint_family_name", "joint_birth_date", "joint_email", "joint_phone", "registration", "vin", "make", "model",
    "body",
    "new", "first_registered", "cash_price", "annual_mileage", "excess_mileage_pence", "direct_debit_account_ending",
    "direct_debit_account_holder",
)  # fmt: skip

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of a row; minor units."""

    on: date
    amount: int
    method: str = "DIRECT_DEBIT"
    returned_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Agreement:
    row: Row
    instalment: int
    count: int
    """Instalments that have a date of their own, advance ones left out."""
    method: str = "DIRECT_DEBIT"
    change: Callable[[list[Payment]], list[Payment]] = lambda payments: payments


def rows(as_of: date) -> Iterator[tuple[Row, list[Payment]]]:
    """Each agreement of the cast that had begun by a day, with what was paid by then."""
    for agreement in _AGREEMENTS:
        if date.fromisoformat(agreement.row["agreed_on"]) <= as_of:
            yield dict(agreement.row), [payment for payment in _payments(agreement) if payment.on <= as_of]


def _payments(agreement: _Agreement) -> list[Payment]:
    """Every instalment on its day, or on the next working day; then what went otherwise."""
    first = date.fromisoformat(agreement.row["first_due_date"])
    due_day = int(agreement.row["due_day"])
    dues = [add_months(first, month, due_day) for month in range(agreement.count)]
    working_days = lenders_working_days()
    ordinary = [Payment(working_days.on_or_after(due), agreement.instalment, agreement.method) for due in dues]
    return agreement.change(ordinary)


def _priya(payments: list[Payment]) -> list[Payment]:
    """The Direct Debit of May 2026 came back and was paid by card four days later."""
    may = payments[14]
    back = Payment(may.on, may.amount, may.method, date(2026, 5, 15))
    return [*payments[:14], back, Payment(date(2026, 5, 18), may.amount, "CARD"), *payments[15:]]


def _tom(payments: list[Payment]) -> list[Payment]:
    """Nothing came in November 2026."""
    return [payment for payment in payments if (payment.on.year, payment.on.month) != (2026, 11)]


def _owen_settled(payments: list[Payment]) -> list[Payment]:
    """Paid off in March 2025, between two instalments."""
    settled_on = date(2025, 3, 24)
    return [payment for payment in payments if payment.on < settled_on] + [
        Payment(settled_on, 411_580, "BANK_TRANSFER")
    ]


def _owen_running(payments: list[Payment]) -> list[Payment]:
    """Three instalments on the day the car was handed over."""
    return [Payment(date(2025, 4, 8), 3 * 44_944, "CARD"), *payments]


def _person(number: str, name: str, birth_date: str, phone: str, prefix: str = "", *, address: str = "") -> Row:
    title, given, family = name.split(" ", 2)
    person = {
        "customer": number, "title": title, "given_name": given, "family_name": family, "birth_date": birth_date,
        "email": f"{given}.{family}@example.com".lower(), "phone": phone,
    }  # fmt: skip
    row = {f"{prefix}{field}": value for field, value in person.items()}
    if address:
        row |= dict(zip(("address_1", "town", "postcode"), address.split(", "), strict=True))
    return row


def _vehicle(words: str, *, new: bool, first_registered: str, price: str, mileage: str = "", excess: str = "") -> Row:
    plate, make, model, body = words.split(", ")
    return {
        "registration": plate, "make": make, "model": model, "body": body, "new": "yes" if new else "no",
        "first_registered": first_registered, "cash_price": price, "annual_mileage": mileage,
        "excess_mileage_pence": excess,
    }  # fmt: skip


def _contract(agreement: str, product: str, agreed_on: str, first_due: str, **more: str) -> Row:
    day = more.pop("due_day", str(int(first_due[-2:])))
    return {
        "agreement": agreement, "currency": "GBP", "product": product, "agreed_on": agreed_on,
        "drawdown_date": agreed_on,
        "first_due_date": first_due, "due_day": day, "rate_convention": "CONTRACT", **more,
    }  # fmt: skip


_AGREEMENTS = (
    _Agreement(
        _contract(
            cast.PRIYA,
            "PCP",
            "2025-02-14",
            "2025-03-14",
            amount_of_credit="21995.00",
            number_of_instalments="47",
            instalment="363.30",
            balloon="9850.00",
            balloon_month="48",
            option_fee="10.00",
            deposit="3000.00",
            apr_percent="7.9",
        )
        | _person(
            "C00000101", "Miss Priya Shah", "1991-06-03", "07700 900318", address="27 Brynteg Row, Cardiff, CF98 0ZZ"
        )
        | _vehicle(
            "LX25 KCD, Averley, Finch 1.2 S, Five-door hatchback",
            new=True,
            first_registered="2025-02-14",
            price="24995.00",
            mileage="8000",
            excess="8.0",
        )
        | {"direct_debit_account_ending": "4821", "direct_debit_account_holder": "Miss P Shah"},
        36_330,
        47,
        change=_priya,
    ),
    _Agreement(
        _contract(
            cast.TOM,
            "PCP",
            "2024-09-05",
            "2024-10-05",
            amount_of_credit="17450.00",
            number_of_instalments="47",
            instalment="315.83",
            balloon="7425.00",
            balloon_month="48",
            option_fee="10.00",
            deposit="2500.00",
            apr_percent="9.9",
        )
        | _person(
            "C00000102", "Mr Tom Whitcombe", "1986-11-19", "07700 900142", address="8 Ropewalk, Bristol, BS98 0ZZ"
        )
        | _vehicle(
            "BX24 NTO, Elsworth, Twenty, Five-door hatchback",
            new=True,
            first_registered="2024-09-05",
            price="19950.00",
            mileage="10000",
            excess="9.5",
        )
        | {"direct_debit_account_ending": "7306", "direct_debit_account_holder": "Mr T Whitcombe"},
        31_583,
        47,
        change=_tom,
    ),
    _Agreement(
        _contract(
            cast.GRACE,
            "HIRE_PURCHASE",
            "2023-10-18",
            "2023-11-18",
            amount_of_credit="12000.00",
            number_of_instalments="48",
            instalment="301.35",
            option_fee="10.00",
            deposit="1500.00",
            apr_percent="9.9",
        )
        | _person(
            "C00000103", "Mrs Grace Adeyemi", "1974-02-27", "07700 900655", address="41 Granary Street, Leeds, LS98 0ZZ"
        )
        | _vehicle("YK21 RVA, Dunmere, Tarn, Crossover", new=False, first_registered="2021-04-30", price="13500.00")
        | {"direct_debit_account_ending": "1198", "direct_debit_account_holder": "Mrs G Adeyemi"},
        30_135,
        48,
    ),
    _Agreement(
        _contract(
            cast.OWEN_RUNNING,
            "LEASE_PURCHASE",
            "2025-04-08",
            "2025-05-08",
            amount_of_credit="21500.00",
            number_of_instalments="36",
            advance_instalments="3",
            instalment="449.44",
            balloon="10250.00",
            balloon_month="34",
            deposit="4000.00",
            apr_percent="11.9",
        )
        | _person(
            "C00000104", "Mr Owen Prydderch", "1968-08-12", "07700 900271", address="3 Quarry View, Swansea, SA98 0ZZ"
        )
        | _vehicle("CU74 HDL, Halden, Skerry, Crossover", new=False, first_registered="2024-09-20", price="25500.00")
        | {"direct_debit_account_ending": "5540", "direct_debit_account_holder": "Mr O Prydderch"},
        44_944,
        33,
        change=_owen_running,
    ),
    _Agreement(
        _contract(
            cast.OWEN_SETTLED,
            "HIRE_PURCHASE",
            "2021-11-10",
            "2021-12-10",
            amount_of_credit="10800.00",
            number_of_instalments="60",
            instalment="219.47",
            option_fee="10.00",
            deposit="1200.00",
            apr_percent="8.4",
            settled_on="2025-03-24",
        )
        | _person(
            "C00000104", "Mr Owen Prydderch", "1968-08-12", "07700 900271", address="3 Quarry View, Swansea, SA98 0ZZ"
        )
        | _vehicle("CP69 WFG, Jorvik, Saga, People carrier", new=False, first_registered="2019-10-02", price="12000.00")
        | {"direct_debit_account_ending": "5540", "direct_debit_account_holder": "Mr O Prydderch"},
        21_947,
        60,
        change=_owen_settled,
    ),
    _Agreement(
        _contract(
            cast.HANA_AND_JO,
            "HIRE_PURCHASE",
            "2024-06-24",
            "2024-07-24",
            amount_of_credit="15600.00",
            number_of_instalments="60",
            instalment="310.08",
            option_fee="10.00",
            deposit="2000.00",
            apr_percent="7.4",
        )
        | _person(
            "C00000105", "Ms Hana Moriyama", "1989-05-16", "07700 900484", address="12 Lantern Court, York, YO98 0ZZ"
        )
        | _person("C00000106", "Mx Jo Fairbrother", "1987-12-01", "07700 900839", "joint_")
        | _vehicle(
            "VN73 ECK, Lowmoor, Beaver, People carrier", new=False, first_registered="2023-09-14", price="17600.00"
        )
        | {"direct_debit_account_ending": "8027", "direct_debit_account_holder": "Ms H Moriyama and Mx J Fairbrother"},
        31_008,
        60,
    ),
    _Agreement(
        _contract(
            cast.MAREK,
            "PERSONAL_LOAN",
            "2025-01-31",
            "2025-02-28",
            due_day="31",
            amount_of_credit="7500.00",
            number_of_instalments="36",
            instalment="230.52",
            apr_percent="6.9",
        )
        | _person(
            "C00000107", "Mr Marek Dudziak", "1995-03-08", "07700 900516", address="66 Kiln Terrace, Derby, DE98 0ZZ"
        )
        | _vehicle(
            "FD22 OLY, Corvane, Lumen 50, Five-door hatchback",
            new=False,
            first_registered="2022-06-11",
            price="9400.00",
        )
        | {"direct_debit_account_ending": "3364", "direct_debit_account_holder": "Mr M Dudziak"},
        23_052,
        36,
    ),
    _Agreement(
        _contract(
            cast.ADA,
            "HIRE_PURCHASE",
            "2025-08-11",
            "2025-09-11",
            amount_of_credit="9300.00",
            number_of_instalments="36",
            instalment="297.81",
            option_fee="10.00",
            deposit="700.00",
            apr_percent="9.9",
        )
        | _person(
            "C00000108", "Mrs Ada Lockyer", "1979-07-23", "07700 900907", address="5 Mill Leat, Torquay, TQ98 0ZZ"
        )
        | _vehicle(
            "WJ20 UPB, Averley, Wren Electric, City car", new=False, first_registered="2020-07-01", price="10000.00"
        )
        | {"direct_debit_account_ending": "6619", "direct_debit_account_holder": "Mrs A Lockyer"},
        29_781,
        36,
    ),
)
