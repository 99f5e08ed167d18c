"""An invented book of any size in Milepost's own format, the same for the same seed. The cast comes first."""

import csv
import gzip
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from milepost.demo import cast_agreements
from milepost.demo.cast_agreements import Payment, Row
from milepost.demo.invention import CARS, FAMILY, GIVEN, MOBILES, PLATE_LETTERS, STREETS, TOWNS, Car
from milepost.finance.calendars import add_months
from milepost.finance.schedule import Balloon, RateConvention, Terms, build
from milepost.plumbing import clock, references
from milepost.plumbing.actor import Actor
from milepost.plumbing.lender import current as lender, working_days
from milepost.servicing.business_days import queries as business_days
from milepost.servicing.customers import queries as customers
from milepost.servicing.customers.operations import name_the_nameless
from milepost.servicing.customers.queries import Nameless

FIRST_SERIAL = 710_000_000
"""Nine digits: the cast's numbers are below."""
RATES = tuple(
    Decimal(rate) for rate in ("4.9", "5.9", "6.9", "7.4", "7.9", "8.4", "8.9", "9.9", "10.9", "11.9", "13.9", "16.9")
)
PRODUCTS = ("HIRE_PURCHASE",) * 40 + ("PCP",) * 45 + ("LEASE_PURCHASE",) * 5 + ("PERSONAL_LOAN",) * 10
BOOK_COLUMNS = cast_agreements.COLUMNS
MOVEMENT_COLUMNS = ("agreement", "paid_on", "amount", "method", "returned_on")

Watch = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Files:
    """What was written."""

    book: Path
    movements: Path
    agreements: int
    payments: int


def write(folder: Path, *, agreements: int, seed: int, as_of: date) -> tuple[Path, Path]:
    """Write an invented book with the cast in it; answer where the book and its movements are."""
    files = invent(folder, agreements=agreements, seed=seed, as_of=as_of)
    return files.book, files.movements


def invent(
    folder: Path, *, agreements: int, seed: int, as_of: date, cast: bool = True, watch: Watch = lambda *_: None
) -> Files:
    """Write book.csv and movements.csv.gz of an invented book into a folder. Memory does not grow with the book."""
    folder.mkdir(parents=True, exist_ok=True)
    files = folder / "book.csv", folder / "movements.csv.gz"
    written = paid = 0
    with (
        files[0].open("w", encoding="utf-8", newline="") as plain,
        files[1].open("wb") as packed,
        _archive(packed) as archive,
    ):
        book = csv.DictWriter(plain, BOOK_COLUMNS, restval="", lineterminator="\r\n")
        book.writeheader()
        archive.write(",".join(MOVEMENT_COLUMNS).encode() + b"\r\n")
        for row, payments in _agreements(agreements, seed, as_of, cast):
            book.writerow(row)
            number = row["agreement"]
            archive.write("".join(f"{number},{payment}\r\n" for payment in payments).encode())
            written, paid = written + 1, paid + len(payments)
            if written % 1000 == 0:
                watch("Inventing agreements", written, agreements)
    watch("Inventing agreements", agreements, agreements)
    return Files(*files, written, paid)


def _archive(packed: IO[bytes]) -> gzip.GzipFile:
    """Without a time in its head, which would make two equal books differ."""
    return gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=4, mtime=0, filename="")


def _agreements(count: int, seed: int, as_of: date, cast: bool) -> Iterator[tuple[Row, list[str]]]:
    left = count
    if cast:
        for row, payments in cast_agreements.rows(as_of):
            if not left:
                return
            yield row, [_line(payment) for payment in payments]
            left -= 1
    chance = random.Random(seed)  # noqa: S311 (the same seed must give the same book)
    for number in range(left):
        yield _Invented(chance, number, as_of).agreement()


def _line(payment: Payment) -> str:
    back = "" if payment.returned_on is None else payment.returned_on.isoformat()
    return f"{payment.on.isoformat()},{_pounds(payment.amount)},{payment.method},{back}"


def _pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02d}"


@lru_cache(maxsize=4096)
def _annuity(rate: Decimal, months: int, balloon_month: int) -> tuple[Decimal, Decimal]:
    """What one unit a month is worth over so many months, and one unit at the balloon's month."""
    monthly = (1 + rate / 100) ** (Decimal(1) / 12) - 1
    discount = 1 / (1 + monthly)
    return (1 - discount**months) / monthly, discount**balloon_month if balloon_month else Decimal(0)


@lru_cache(maxsize=65_536)
def _collected(due: date) -> date:
    return working_days().on_or_after(due)


@dataclass(slots=True)
class _Invented:
    """One agreement, drawn in a fixed order from the seed's numbers."""

    chance: random.Random
    number: int
    as_of: date
    row: Row = field(default_factory=dict)

    def agreement(self) -> tuple[Row, list[str]]:
        draw = self.chance.random
        product = PRODUCTS[int(draw() * 100)]
        car = CARS[int(draw() * len(CARS))]
        months = (24, 36, 36, 48, 48, 48, 48, 60)[int(draw() * 8)]
        drawdown = self._drawdown(months)
        self._person("", drawdown)
        if draw() < 0.06 and product != "PERSONAL_LOAN":
            self._person("joint_", drawdown)
        self._car(car, product, drawdown)
        instalment, balloon, dues = self._terms(product, car, months, drawdown)
        return self.row, self._payments(instalment, balloon, dues, months, drawdown)

    def _drawdown(self, months: int) -> date:
        """So that the book is of every age; the due day is the drawdown's, and 29 to 31 in one agreement of forty."""
        age = 1 + int(self.chance.random() * (months + 2))
        day = 29 + int(self.chance.random() * 3) if self.chance.random() < 0.025 else 1 + int(self.chance.random() * 28)
        month = add_months(self.as_of.replace(day=1), -age)
        drawdown = add_months(month, 0, day)
        last = add_months(self.as_of.replace(day=1), 0, day)
        if last <= self.as_of < _collected(last):  # the bank would pay after the book's day: nobody is late for that
            day = 12
            drawdown = add_months(month, 0, day)
        self.row["due_day"] = str(day)
        return drawdown

    def _person(self, prefix: str, on: date) -> None:
        draw, row = self.chance.random, self.row
        given, family = GIVEN[int(draw() * len(GIVEN))], FAMILY[int(draw() * len(FAMILY))]
        serial = self.number * 2 + bool(prefix)
        row[f"{prefix}customer"] = f"C{serial + 100_000:08d}"
        row[f"{prefix}given_name"], row[f"{prefix}family_name"] = given, family
        row[f"{prefix}title"] = ("Ms", "Mr", "Mrs", "Miss", "Mx", "Dr")[int(draw() * 6)]
        row[f"{prefix}birth_date"] = (on - timedelta(days=int(6_900 + draw() * 17_000))).isoformat()
        row[f"{prefix}email"] = f"{given}.{family}.{serial}@example.com".lower()
        row[f"{prefix}phone"] = f"{MOBILES}{int(draw() * 1000):03d}"
        if not prefix:
            town, district = TOWNS[int(draw() * len(TOWNS))]
            row["address_1"] = f"{1 + int(draw() * 180)} {STREETS[int(draw() * len(STREETS))]}"
            row["town"], row["postcode"] = town, f"{district} 0ZZ"

    def _car(self, car: Car, product: str, drawdown: date) -> None:
        draw, row = self.chance.random, self.row
        row.update(make=car.make, model=car.model, body=car.body)
        letters = [PLATE_LETTERS[int(draw() * len(PLATE_LETTERS))] for _ in range(5)]
        used = draw() < 0.5
        first = drawdown if not used else drawdown - timedelta(days=int(400 + draw() * 1500))
        age = first.year % 100 + (50 if first.month >= 9 or first.month < 3 else 0) - (first.month < 3)
        row["registration"] = f"{letters[0]}{letters[1]}{age % 100:02d} {''.join(letters[2:])}"
        row["new"], row["first_registered"] = "no" if used else "yes", first.isoformat()
        share = 0.45 + draw() * 0.3 if used else 0.9 + draw() * 0.15
        row["cash_price"] = f"{int(car.price * share / 5) * 5}.00"
        if product == "PCP":
            row["annual_mileage"] = str((6, 8, 10, 12, 15)[int(draw() * 5)] * 1000)
            row["excess_mileage_pence"] = ("6.0", "8.0", "9.5", "14.9")[int(draw() * 4)]

    def _terms(self, product: str, car: Car, months: int, drawdown: date) -> tuple[int, int, list[date]]:
        draw, row = self.chance.random, self.row
        price = int(row["cash_price"][:-3]) * 100
        deposit = int(price * draw() * 0.2 / 5_000) * 5_000
        credit = price - deposit
        rate = RATES[int(draw() * len(RATES))]
        count, balloon, balloon_month = months, 0, 0
        if product in ("PCP", "LEASE_PURCHASE"):
            balloon = int(price * (0.3 + draw() * 0.15) / 100) * 100
            count, balloon_month = months - 1, months
        annuity, worth = _annuity(rate, count, balloon_month)
        instalment = int(((credit - balloon * worth) / annuity).to_integral_value(ROUND_HALF_UP))
        due_day = int(row["due_day"])
        serial = FIRST_SERIAL + self.number
        row.update(
            agreement=references.agreement_number(serial), currency="GBP", product=product,
            agreed_on=drawdown.isoformat(),
            drawdown_date=drawdown.isoformat(), first_due_date=add_months(drawdown, 1, due_day).isoformat(),
            amount_of_credit=_pounds(credit), number_of_instalments=str(count), rate_convention="CONTRACT",
            instalment=_pounds(instalment), deposit=_pounds(deposit), apr_percent=str(rate),
        )  # fmt: skip
        if balloon:
            row.update(balloon=_pounds(balloon), balloon_month=str(balloon_month))
        if product in ("PCP", "HIRE_PURCHASE"):
            row["option_fee"] = "10.00"
        if draw() < 0.93:
            row["direct_debit_account_ending"] = f"{int(draw() * 10_000):04d}"
            row["direct_debit_account_holder"] = f"{row['title']} {row['given_name'][0]} {row['family_name']}"
        return instalment, balloon, [add_months(drawdown, month, due_day) for month in range(1, months + 1)]

    def _payments(self, instalment: int, balloon: int, dues: list[date], months: int, drawdown: date) -> list[str]:
        draw, row = self.chance.random, self.row
        method = "DIRECT_DEBIT" if "direct_debit_account_ending" in row else "BANK_TRANSFER"
        luck, behind = draw(), int(1 + draw() * 4)
        past = [due for due in dues if due <= self.as_of]
        fee = 1_000 if row.get("option_fee") else 0
        amounts = [instalment] * (months - 1) + [(balloon or instalment) + fee]
        if luck < 0.03:
            past = past[: max(0, len(past) - behind)]
        elif luck < 0.07 and 6 < len(past) < months - 3:
            return self._settle_early(past[: 4 + int(draw() * (len(past) - 5))], instalment, method, drawdown)
        lines = []
        for due, amount in zip(past, amounts, strict=False):
            paid_on = _collected(due)
            if luck > 0.9 and draw() < 0.02:
                back = paid_on + timedelta(days=1)
                by_card = paid_on + timedelta(days=4)
                if by_card <= self.as_of:
                    lines.append(f"{paid_on},{_pounds(amount)},{method},{back}")
                    lines.append(f"{by_card},{_pounds(amount)},CARD,")
                    continue
            lines.append(f"{paid_on},{_pounds(amount)},{method},")
        return lines

    def _settle_early(self, past: list[date], instalment: int, method: str, drawdown: date) -> list[str]:
        """Paid off ten days after an instalment: the principal, half a month's interest and the fee."""
        row = self.row
        balloon = Balloon(_pence(row["balloon"]), int(row["balloon_month"])) if row.get("balloon") else None
        schedule = build(
            Terms(
                amount_of_credit=_pence(row["amount_of_credit"]),
                number_of_instalments=int(row["number_of_instalments"]),
                rate_convention=RateConvention.CONTRACT, drawdown_date=drawdown,
                first_due_date=date.fromisoformat(row["first_due_date"]), due_day=int(row["due_day"]), balloon=balloon,
                instalment=instalment,
            )
        )  # fmt: skip
        settled_on = _collected(past[-1] + timedelta(days=10))
        amount = schedule.balance_after(len(past) - 1) + schedule.interest[len(past)] // 2
        amount += _pence(row["option_fee"]) if row.get("option_fee") else 0
        row["settled_on"] = settled_on.isoformat()
        lines = [f"{_collected(due)},{_pounds(instalment)},{method}," for due in past]
        return [*lines, f"{settled_on},{_pounds(amount)},BANK_TRANSFER,"]


def _pence(pounds: str) -> int:
    return int(pounds.replace(".", ""))


def people_for_nameless(seed: int) -> list[Nameless]:
    """Give every nameless customer of a tape an invented name, e-mail and phone: the same for the same seed and number.

    Answers those that were named, with the user of each, so that the demo can let one of them sign in.
    """
    actor, on = Actor.system("demo"), business_days.today()
    named: list[Nameless] = []
    while batch := customers.nameless(after=named[-1].customer_id if named else 0, limit=500):
        people = [_invented_person(seed, who) for who in batch]
        name_the_nameless(people=people, on=on, actor=actor, at=clock.now(), country=lender().country)
        named += people
    return named


def _invented_person(seed: int, who: Nameless) -> Nameless:
    chance: Any = random.Random(f"{seed}:{who.origin_reference}")  # noqa: S311 (the same seed, the same people)
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    phone = (
        f"+1 202-555-{100 + who.customer_id % 100:04d}"
        if lender().country == "US"
        else f"{MOBILES}{chance.randrange(1000):03d}"
    )
    return Nameless(
        who.customer_id, who.user_id, who.origin_reference, given, family,
        f"{given}.{family}.{who.customer_id}@example.com".lower(), phone,
        date(1950 + chance.randrange(50), 1 + chance.randrange(12), 1 + chance.randrange(28)),
    )  # fmt: skip
