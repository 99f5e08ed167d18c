"""The invented book, and the two commands: what a newcomer types."""

import csv
import gzip
import os
import subprocess
import sys
from datetime import date

import pytest

from milepost.demo import book as invention, cast, cast_agreements
from milepost.finance import chart_of_accounts as chart
from milepost.plumbing import references
from milepost.servicing.agreements.models import Agreement, Standing
from milepost.servicing.agreements.states import Status
from milepost.servicing.business_days.models import BusinessDay
from milepost.servicing.customers.models import Customer
from milepost.servicing.identity.models import ContactPoint
from tests.support.tapes import AT, LOAN, TODAY, Tapes, account, as_csv, counts


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return invention.invent(tmp_path_factory.mktemp("book"), agreements=120, seed=7, as_of=TODAY)


def rows_of(files: invention.Files) -> list[dict[str, str]]:
    with files.book.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_book_and_another_gives_another(files, tmp_path):
    again = invention.invent(tmp_path / "a", agreements=120, seed=7, as_of=TODAY)
    other = invention.invent(tmp_path / "b", agreements=120, seed=8, as_of=TODAY)
    assert again.book.read_bytes() == files.book.read_bytes()
    assert again.movements.read_bytes() == files.movements.read_bytes()
    assert other.book.read_bytes() != files.book.read_bytes()


def test_the_cast_comes_first_with_numbers_that_check(files):
    rows = rows_of(files)
    assert len(rows) == 120
    assert rows[0]["agreement"] == cast.PRIYA == "7034118255"
    assert all(references.is_agreement_number(row["agreement"]) for row in rows)
    printed = {number for person in cast.PEOPLE for number in person.agreements}
    assert printed == {row["agreement"] for row in rows[: len(printed)]}


def test_nobody_in_it_can_be_reached(files):
    for row in rows_of(files):
        assert row["email"].endswith("@example.com")
        assert row["phone"].startswith("07700 900")
        assert row["postcode"].endswith("98 0ZZ")


def test_the_book_has_every_kind_of_agreement_and_goes_in_whole(files, tapes: Tapes):
    report = tapes.take_in(files.book, files.movements, form="milepost", as_of=TODAY)
    assert counts(report) == (120, 0, 0, 0)
    assert report.everything_is_explained
    assert set(Agreement.objects.values_list("product", flat=True)) == {
        "HIRE_PURCHASE", "PCP", "LEASE_PURCHASE", "PERSONAL_LOAN",
    }  # fmt: skip
    assert Standing.objects.filter(arrears_since__lte=TODAY).exists()
    assert Standing.objects.filter(status=Status.SETTLED).exists()
    assert Customer.objects.get(given_name="Owen").parties.count() == 2
    assert Agreement.objects.get(reference=cast.HANA_AND_JO).parties.count() == 2
    tom = Standing.objects.get(agreement__reference=cast.TOM)
    assert (tom.due_total - tom.paid_total, tom.arrears_since) == (315_83, date(2026, 11, 5))
    owen = Agreement.objects.get(reference=cast.OWEN_SETTLED)
    assert (owen.standing.status, account(owen, chart.PRINCIPAL)) == (Status.SETTLED, 0)
    marek = Standing.objects.get(agreement__reference=cast.MAREK)
    assert (marek.next_due, marek.due_day) == (date(2026, 11, 30), 31)


def test_a_book_of_an_earlier_day_leaves_later_agreements_and_payments_out():
    rows = list(cast_agreements.rows(date(2024, 10, 1)))
    assert cast.PRIYA not in {row["agreement"] for row, _ in rows}
    assert all(payment.on <= date(2024, 10, 1) for _, payments in rows for payment in payments)


def test_nameless_customers_get_the_same_invented_names_every_time(dollar_tapes: Tapes):
    BusinessDay.objects.create(date=TODAY, state="OPEN", opened_at=AT)
    dollar_tapes.take_in([LOAN, {**LOAN, "assetNumber": "2"}])
    named = invention.people_for_nameless(seed=5)
    assert len(named) == 2
    assert not Customer.objects.filter(given_name="").exists()
    assert ContactPoint.objects.filter(user_id=named[0].user_id).count() == 2
    assert not invention.people_for_nameless(seed=5)
    assert invention._invented_person(5, named[0]) == named[0]


def run(clone, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **clone.environment(), "MILEPOST_MODE": "test"}
    command = [sys.executable, "-m", "milepost", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_commands_and_their_exit_statuses(database_clone, tmp_path):
    made = run(database_clone, "generate-book", "--agreements", "12", "--out", str(tmp_path))
    assert made.returncode == 0, made.stderr
    book, movements = tmp_path / "book.csv", tmp_path / "movements.csv.gz"
    words = ("import", str(book), "--format", "milepost", "--movements", str(movements), "--as-of", "2026-11-22")
    taken = run(database_clone, *words)
    assert taken.returncode == 0, taken.stderr
    assert "difference £0.00" in taken.stdout
    with gzip.open(movements, "rb") as packed:
        movements.write_bytes(gzip.compress(packed.read())[:200])
    cut = run(database_clone, *words)
    assert cut.returncode == 2
    assert "cut short" in cut.stderr
    assert "Traceback" not in cut.stderr

    wrong = tmp_path / "wrong.csv"
    wrong.write_text(
        as_csv([{**rows_of(invention.Files(book, movements, 0, 0))[0], "agreement": "X-1", "product": "?"}])
    )
    rejected = run(database_clone, "import", str(wrong), "--format", "milepost")
    assert rejected.returncode == 3
    assert "wrong.rejects.csv" in rejected.stdout
    refused = run(database_clone, "import", str(wrong), "--format", "abs-ee")
    assert refused.returncode == 2
    assert "this lender's books are in GBP" in refused.stderr
    assert run(database_clone, "import", str(wrong)).returncode == 2
