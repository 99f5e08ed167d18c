"""The breaks that the report lists, all of them, as a file."""

import csv

from milepost.servicing.tapes.operations import reconcile, write_report
from tests.support.tapes import LOAN, Tapes, month

BROKEN = [month(LOAN["assetNumber"], f"2019-{number:02}-28", "14000.00", "10.00", "54.86") for number in (9, 10, 11)]


def breaks(tapes: Tapes) -> list[dict[str, str]]:
    with (tapes.folder / "book.breaks.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_break_is_in_the_file_and_the_report_says_how_many_it_leaves_out(dollar_tapes: Tapes, monkeypatch):
    monkeypatch.setattr(write_report, "MOST_BREAKS", 1)
    monkeypatch.setattr(reconcile, "MOST_SHOWN", 1)
    report = dollar_tapes.take_in([LOAN], BROKEN)
    rows = breaks(dollar_tapes)
    assert [(row["date"], row["line"], row["amount"]) for row in rows] == [
        ("2019-09-28", "2", "277.72"), ("2019-10-28", "3", "10.00"), ("2019-11-28", "4", "10.00"),
    ]  # fmt: skip
    assert all(row["agreement"] == LOAN["assetNumber"] and row["reason"] for row in rows)
    words = reconcile.words(report)
    assert "and 2 more\n" in words
    assert f"All 3 breaks are in {dollar_tapes.folder / 'book.breaks.csv'}." in words
    page = (dollar_tapes.folder / "book.report.html").read_text()
    assert "The first 1 of 3: 2 more are not shown here." in page
    assert "All 3 are in <code>" in page


def test_a_dry_run_has_it_too(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], BROKEN, dry_run=True)
    assert len(breaks(dollar_tapes)) == 3


def test_without_breaks_there_is_no_such_file(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], BROKEN, dry_run=True)
    report = dollar_tapes.take_in([LOAN])
    assert not (dollar_tapes.folder / "book.breaks.csv").exists()
    assert "breaks are in" not in reconcile.words(report)


def test_a_number_that_is_a_formula_is_guarded(dollar_tapes: Tapes):
    number = "=HYPERLINK(A1)"
    dollar_tapes.take_in([{**LOAN, "assetNumber": number}], [{**row, "assetNumber": number} for row in BROKEN])
    assert breaks(dollar_tapes)[0]["agreement"] == "'" + number
