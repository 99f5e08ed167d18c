"""Tapes that are wrong as people and systems get them wrong: each row says what is the matter, none moves a date."""

import gzip
from datetime import date

import pytest

from milepost.cli import import_book as cli
from milepost.servicing.agreements.models import Standing
from milepost.servicing.agreements.states import Status
from milepost.servicing.tapes.formats import mapping, tables, values
from milepost.servicing.tapes.formats.source import Source, Unusable
from milepost.servicing.tapes.formats.values import Options, Unreadable
from milepost.servicing.tapes.operations import import_book, reconcile
from tests.support.tapes import LOAN, PRIYA, Tapes, as_csv, counts, month, payment

NUMBER = LOAN["assetNumber"]
OTHER = {**LOAN, "assetNumber": "2"}
SEPTEMBER = month(NUMBER, "2019-09-30", "13384.87", "347.41", "491.74")
BREAK = month(NUMBER, "2019-09-30", "14000.00", "0", "54.86")


@pytest.mark.parametrize("reader", ["rounded_money", "tenths", "percent", "fraction", "whole", "year"])
@pytest.mark.parametrize("cell", ["1e999999999", "-1e999999999", "1e-999999999", "9" * 40])
def test_no_number_is_too_large_to_be_refused(reader, cell):
    with pytest.raises(Unreadable):
        values.READERS[reader](cell, Options())


def test_a_number_beyond_reckoning_is_a_rejected_row(dollar_tapes: Tapes):
    bad = {**OTHER, "reportingPeriodScheduledPaymentAmount": "1e999999999"}
    assert counts(dollar_tapes.take_in([LOAN, bad])) == (1, 0, 0, 1)
    [reject] = dollar_tapes.rejects()
    assert reject["reject_column"] == "reportingPeriodScheduledPaymentAmount"
    assert "is absurd" in reject["reject_reason"]


def test_what_no_reader_foresaw_is_the_cells_fault(dollar_tapes: Tapes, monkeypatch):
    monkeypatch.setitem(values.READERS, "year", lambda cell, options: 1 // 0)
    assert counts(dollar_tapes.take_in([LOAN])) == (0, 0, 0, 1)
    assert dollar_tapes.rejects()[0]["reject_reason"] == "cannot be read"


def test_a_movement_of_no_agreement_moves_no_date(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([LOAN], [SEPTEMBER, month("404", "2019-12-31", "1.00", "1", "1")])
    assert (report.as_of, counts(report)) == (date(2019, 9, 30), (1, 0, 0, 0))
    assert Standing.objects.get().status == Status.LIVE


@pytest.mark.parametrize("day", ["2099-12-31", "2019-12-41", ""])
def test_a_movement_that_is_rejected_moves_no_date_and_no_other_agreement(dollar_tapes: Tapes, day):
    later = [month("2", "2019-10-31", "1", "1", "1"), month("2", day, "1", "1", "1")]
    report = dollar_tapes.take_in([LOAN, OTHER], [SEPTEMBER, *later])
    assert (report.as_of, counts(report)) == (date(2019, 9, 30), (1, 0, 0, 1))
    assert report.movement_rows == {"IMPORTED": 1, "REJECTED": 2}
    assert Standing.objects.get().status == Status.LIVE


def test_a_month_of_the_book_after_today_is_rejected(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([LOAN, {**OTHER, "reportingPeriodEndingDate": "12-31-2099"}])
    assert (report.as_of, counts(report)) == (date(2019, 8, 31), (1, 0, 0, 1))
    assert dollar_tapes.rejects()[0]["reject_reason"] == "is after today, 2026-11-22"


def test_a_payment_after_today_is_rejected_though_the_tape_ends_before(tapes: Tapes):
    tapes.take_in([PRIYA], [payment("7034118255", "2099-03-14", "363.30")], form="milepost", as_of=date(2025, 3, 20))
    assert tapes.rejects("movements")[0]["reject_reason"] == "is after today, 2026-11-22"


def test_the_report_of_the_same_tape_again_still_lists_its_breaks(dollar_tapes: Tapes):
    first = dollar_tapes.take_in([LOAN], [BREAK])
    again = dollar_tapes.take_in([LOAN], [BREAK])
    assert again.changed_nothing
    assert len(first.breaks) == 1
    assert again.breaks == first.breaks
    assert "The other 1 is corrected and listed" in reconcile.words(again)
    assert again.breaks[0].reason in (dollar_tapes.folder / "book.report.html").read_text()


def test_without_breaks_none_are_said_to_be_listed(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([LOAN], [SEPTEMBER])
    assert "The other 0" not in reconcile.words(report)
    assert "listed below" not in (dollar_tapes.folder / "book.report.html").read_text()


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (month(NUMBER, "2019-09-30", "13384.87", "347.41", "20000000"), "totalActualAmountPaid", "is absurd"),
        (month(NUMBER, "2019-09-30", "13384.87", "20000000", "1"), "actualPrincipalCollectedAmount", "is absurd"),
        (month(NUMBER, "2019-09-30", "-9999", "0", "0"), "reportingPeriodActualEndBalanceAmount", "far below nought"),
    ],
)
def test_absurd_money_is_rejected(dollar_tapes: Tapes, row, column, reason):
    assert counts(dollar_tapes.take_in([LOAN], [row])) == (0, 0, 0, 1)
    [reject] = dollar_tapes.rejects("movements")
    assert (reject["reject_line"], reject["reject_column"]) == ("2", column)
    assert reject["reject_value"]
    assert reason in reject["reject_reason"]


def test_an_overpayment_that_the_money_accounts_for_is_taken_in(dollar_tapes: Tapes):
    row = month(NUMBER, "2019-09-30", "-1000.00", "14732.28", "14800.00")
    assert counts(dollar_tapes.take_in([LOAN], [row])) == (1, 0, 0, 0)


def test_an_absurd_payment_on_terms_is_rejected(tapes: Tapes):
    tapes.take_in([PRIYA], [payment("7034118255", "2025-03-14", "363300.00")], form="milepost", as_of=date(2025, 3, 20))
    [reject] = tapes.rejects("movements")
    assert (reject["reject_value"], reject["reject_column"]) == ("363300.00", "amount")


def test_a_header_without_rows_is_unusable(dollar_tapes: Tapes):
    with pytest.raises(import_book.FileUnusable, match="has a header but no rows"):
        dollar_tapes.take_in(as_csv([LOAN]).splitlines()[0] + "\n")


def test_an_encoding_that_nobody_knows(dollar_tapes: Tapes):
    tape = '<?xml version="1.0" encoding="klingon"?><assetData/>'
    with pytest.raises(import_book.FileUnusable, match="in an encoding that is not known here"):
        dollar_tapes.take_in(tape, name="book.xml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('encoding = "klingon"', "encoding 'klingon' is none"),
        ('encoding = "utf-16"', "encoding 'utf-16' is none"),
        ('encoding = "base64"', "encoding 'base64' is none"),
        ("book = 5", "book must be a table"),
        ("dates = 5", "another kind of value"),
        ("[book]\nreference = 5", "must be a column"),
    ],
)
def test_a_mapping_of_the_wrong_kind_is_a_sentence(tmp_path, text, said):
    path = tmp_path / "mine.toml"
    path.write_text(f'based_on = "abs-ee"\n{text}\n')
    with pytest.raises(mapping.FormatWrong, match=said):
        mapping.read(path)


def test_a_file_that_is_named_as_gzip_and_is_none(tmp_path):
    path = tmp_path / "book.csv.gz"
    path.write_bytes(b"hello")
    with pytest.raises(Unusable, match="is named as a gzip archive and is none"):
        tables.read(Source(path))
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert next(tables.read(Source(path))[1]).cells == ["1", "2"]


@pytest.mark.parametrize("model", ["Wran\0gler", "x" * 70_000, 'Wran"gler', "x" * 300_000])
def test_a_row_that_cannot_be_read_keeps_its_cells(dollar_tapes: Tapes, model):
    header = list(LOAN)
    cells = [model if column == "vehicleModelName" else LOAN[column] for column in header]
    if '"' in model:
        cells[header.index("vehicleModelName")] = '"Wran"gler'
    dollar_tapes.take_in(",".join(header) + "\n" + ",".join(cells) + "\n")
    [reject] = dollar_tapes.rejects()
    assert reject["assetNumber"] == NUMBER
    assert reject["originalLoanAmount"] == "14529.55"
    assert len(reject["vehicleModelName"]) <= 2_000
    assert reject["reject_reason"]


def test_movements_of_a_number_that_stands_twice_are_counted_once(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([LOAN, LOAN], [SEPTEMBER])
    assert counts(report) == (1, 0, 0, 1)
    assert report.movement_rows == {"IMPORTED": 1}
    assert report.counts_tie


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as stopped:
        cli._folder(tmp_path / "book.csv", tmp_path / "file" / "out")
    assert stopped.value.code == 2
    assert "cannot be made: Not a directory. Name another with --out." in capsys.readouterr().err
