"""Tapes for tests: rows as dictionaries, written as a lender's system would write them, and imported."""

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from milepost.plumbing.actor import Actor
from milepost.servicing.agreements.models import Agreement
from milepost.servicing.ledger import queries as ledger
from milepost.servicing.tapes.formats import mapping
from milepost.servicing.tapes.operations import import_book
from milepost.servicing.tapes.operations.order import Order
from milepost.servicing.tapes.operations.reconcile import Report
from milepost.servicing.tapes.states import Outcome

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)

LOAN = {
    "assetNumber": "23557456", "reportingPeriodBeginningDate": "08-01-2019", "reportingPeriodEndingDate": "08-31-2019",
    "originationDate": "02/2019", "originalLoanAmount": "14529.55", "originalLoanTerm": "73",
    "loanMaturityDate": "02/2025",
    "originalInterestRatePercentage": "0.0664", "originalFirstPaymentDate": "03/2019",
    "vehicleManufacturerName": "JEEP",
    "vehicleModelName": "Wrangler Unlimited", "vehicleNewUsedCode": "2", "vehicleModelYear": "2014",
    "obligorEmployementVerificationCode": "NA", "remainingTermtoMaturityNumber": "67",
    "reportingPeriodBeginningLoanBalanceAmount": "13732.28", "scheduleInterestAmount": "NA",
    "reportingPeriodActualEndBalanceAmount": "13732.28", "reportingPeriodScheduledPaymentAmount": "245.87",
    "totalActualAmountPaid": "0", "actualInterestCollectAmount": "NA", "actualPrincipalCollectedAmount": "0",
    "interestPaidThroughDate": "07-30-2019", "currentDelinquencyStatus": "1", "recoveredAmount": "NA",
    "repossessedProceedsAmount": "0",
}  # fmt: skip

PRIYA = {
    "agreement": "7034118255", "currency": "GBP", "product": "PCP", "agreed_on": "2025-02-14",
    "drawdown_date": "2025-02-14",
    "first_due_date": "2025-03-14", "due_day": "14", "amount_of_credit": "21995.00", "number_of_instalments": "47",
    "rate_convention": "CONTRACT", "apr_percent": "7.9", "instalment": "363.30", "balloon": "9850.00",
    "balloon_month": "48", "option_fee": "10.00", "deposit": "3000.00", "customer": "C101", "title": "Miss",
    "given_name": "Priya", "family_name": "Shah", "birth_date": "1991-06-03", "email": "priya.shah@example.com",
    "phone": "07700 900318", "address_1": "27 Brynteg Row", "town": "Cardiff", "postcode": "CF98 0ZZ",
    "registration": "LX25 KCD", "make": "Averley", "model": "Finch 1.2 S", "new": "yes", "cash_price": "24995.00",
    "direct_debit_account_ending": "4821", "direct_debit_account_holder": "Miss P Shah",
}  # fmt: skip


def month(number: str, end: str, balance: str, principal: str, total: str, **more: str) -> dict[str, str]:
    """One row of a history of balances."""
    return {
        "assetNumber": number, "reportingPeriodEndingDate": end, "reportingPeriodActualEndBalanceAmount": balance,
        "actualPrincipalCollectedAmount": principal, "totalActualAmountPaid": total,
        "recoveredAmount": more.pop("recovered", ""), "repossessedProceedsAmount": more.pop("proceeds", "0"), **more,
    }  # fmt: skip


def payment(number: str, on: str, amount: str, method: str = "DIRECT_DEBIT", returned_on: str = "") -> dict[str, str]:
    """One row of a history of payments."""
    return {"agreement": number, "paid_on": on, "amount": amount, "method": method, "returned_on": returned_on}


def as_csv(rows: list[dict[str, str]]) -> str:
    """Rows as a CSV file; the first row's keys are the header."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@dataclass
class Tapes:
    """Writes and imports tapes in a folder of the test's own."""

    folder: Path
    watched: list[str] = field(default_factory=list)

    def take_in(
        self,
        book: str | bytes | list[dict[str, str]] | Path,
        movements: str | list[dict[str, str]] | Path | None = None,
        *,
        form: str | Path = "abs-ee",
        as_of: date | None = None,
        dry_run: bool = False,
        name: str = "book.csv",
    ) -> Report:
        chosen = mapping.read(form) if isinstance(form, Path) else mapping.named(form)
        order = Order(
            self.written(name, book), chosen, None if movements is None else self.written("movements.csv", movements),
            as_of, dry_run, self.folder,
        )  # fmt: skip
        return import_book.import_book(
            order=order, actor=Actor.system("import"), at=AT, on=TODAY,
            watch=lambda *said: self.watched.append(said[0]),
            clock=lambda: AT,
        )  # fmt: skip

    def written(self, name: str, content: str | bytes | list[dict[str, str]] | Path) -> Path:
        if isinstance(content, Path):
            return content
        path = self.folder / name
        raw = (
            as_csv(content).encode()
            if isinstance(content, list)
            else content.encode()
            if isinstance(content, str)
            else content
        )
        path.write_bytes(raw)
        return path

    def rejects(self, name: str = "book") -> list[dict[str, str]]:
        path = self.folder / f"{name}.rejects.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


def counts(report: Report) -> tuple[int, int, int, int]:
    """Imported, updated, unchanged, rejected rows of the book."""
    return tuple(report.rows[outcome] for outcome in Outcome)  # type: ignore[return-value]


def only_agreement() -> Agreement:
    return Agreement.objects.get()


def account(agreement: Agreement, code: int, on: date = TODAY) -> int:
    """The balance of a ledger account in one agreement's book."""
    return ledger.balances(agreement.id, on=on).get(code, 0)
