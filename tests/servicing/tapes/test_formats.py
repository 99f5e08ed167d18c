"""Reading cells, files and headers: no database."""

import gzip
import re
from datetime import date
from pathlib import Path

import pytest

from milepost.servicing.tapes.formats import elements, mapping, tables, values
from milepost.servicing.tapes.formats.source import LONGEST_LINE, Source, Unusable
from milepost.servicing.tapes.formats.values import Options, Unreadable

DATES = Options(dates=("%m-%d-%Y", "%Y-%m-%d"), months=("%m/%Y", "%Y-%m"))


@pytest.mark.parametrize(
    ("reader", "cell", "expected"),
    [
        ("money", "1234.50", 123450),
        ("money", "1,234.5", 123450),
        ("money", "£12.00", 1200),
        ("money", "13732.28000000", 1373228),
        ("signed_money", "-1234.56", -123456),
        ("signed_money", "(1,234.56)", -123456),
        ("rounded_money", "239.365", 23937),
        ("fraction", "0.0664", "6.64"),
        ("fraction", "0", "0"),
        ("percent", "6.640%", "6.64"),
        ("whole", "73.0", 73),
        ("whole", "-3", -3),
        ("year", "2014", 2014),
        ("day", "08-31-2019", date(2019, 8, 31)),
        ("day", "2019-08-31", date(2019, 8, 31)),
        ("month", "02/2019", date(2019, 2, 1)),
        ("name", "MERCEDES-BENZ", "Mercedes-Benz"),
        ("name", "BMW", "BMW"),
        ("text", "Wrangler   Unlimited", "Wrangler Unlimited"),
        ("flag", "Yes", True),
        ("tenths", "14.9", 149),
        ("letters", "wvw zzz 1", "WVWZZZ1"),
        ("phone", "07700 900318", "07700 900318"),
        ("account_ending", "4821", "4821"),
    ],
)
def test_a_cell_is_read(reader, cell, expected):
    assert values.READERS[reader](cell, DATES) == expected


@pytest.mark.parametrize(
    ("reader", "cell", "reason"),
    [
        ("money", "-5", "must not be negative"),
        ("money", "12.345", "more than two decimals"),
        ("money", "abc", "is not an amount"),
        ("money", "1e5", "is not an amount"),
        ("money", "99999999999", "absurdly large"),
        ("signed_money", "NaN", "is not an amount"),
        ("rounded_money", "Infinity", "is not a number"),
        ("fraction", "6.64", "should be a fraction"),
        ("percent", "-1", "is not a rate"),
        ("whole", "72.5", "is not a whole number"),
        ("day", "02-31-2019", "is not a date that exists"),
        ("day", "01-01-0019", "is not between 1950 and 2100"),
        ("month", "13/2019", "is not a date that exists"),
        ("code", "X", "is not one of"),
        ("flag", "maybe", "neither yes nor no"),
        ("email", "nobody", "is not an e-mail"),
        ("phone", "ring me", "is not a telephone"),
        ("text", "a\x07b", "cannot be printed"),
        ("text", "x" * 121, "at most 120 fit"),
        ("account_ending", "12345678", "last four digits alone"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(reader, cell, reason):
    with pytest.raises(Unreadable, match=reason):
        values.READERS[reader](cell, DATES)


def test_an_excel_guard_and_our_own_are_taken_off():
    assert values.unguarded(' ="0001694010 - 029137" ') == "0001694010 - 029137"
    assert values.unguarded("'=1+1") == "=1+1"
    assert values.unguarded("O'Hara") == "O'Hara"


def test_the_first_of_several_codes_counts():
    assert values.first_code("2; 1", Options(codes={"1": "new", "2": "used"})) == "used"


def rows_of(path: Path) -> list[tables.Row]:
    return list(tables.read(Source(path))[1])


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_a_plain_file_with_or_without_its_mark(tmp_path, mark, ending):
    path = tmp_path / "book.csv"
    path.write_bytes(mark + ending.join([b"name,amount", b'"Lowe, Ada",5', "Zoë,6".encode(), b""]))
    header, rows = tables.read(Source(path))
    assert header.columns == ("name", "amount")
    assert [row.cells for row in rows] == [["Lowe, Ada", "5"], ["Zoë", "6"]]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "ZIP archive or a spreadsheet"),
        (b"a,b,a\n1,2,3\n", "the column 'a' twice"),
        (b"a,b\rc,d\re,f", "old Macintosh"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b'"a,b\n1,2\n', "no header"),
        (b"caf\xe9,b\n", "is not UTF-8"),
        (b"a,\x00b\n", "NUL"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(tmp_path, content, reason):
    path = tmp_path / "book.csv"
    path.write_bytes(content)
    with pytest.raises(Unusable, match=reason):
        rows_of(path)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"1\n", "the row has 1 columns, the header 2"),
        (b"1,2,3\n", "the row has 3 columns"),
        (b"1,\x002\n", "NUL"),
        (b"caf\xe9,2\n", r"not UTF-8 \(byte 0xE9 at place 4\)"),
        (b'1,"2\n', "never closed"),
        (b'1,"2"3\n', "middle of a cell"),
        (b"1," + b"x" * 70_000 + b"\n", "longer than 64,000 characters"),
        (b"1," + b"x" * 10_000_000 + b"\n", "the line is 10,000,003 bytes long"),
    ],
)
def test_a_bad_row_is_one_rejected_row_and_the_next_is_read(tmp_path, line, fault):
    path = tmp_path / "book.csv"
    path.write_bytes(b"a,b\n7,8\n" + line + b"9,10\n11,12\n")
    rows = rows_of(path)
    assert [row.cells for row in rows if not row.fault] == [["7", "8"], ["9", "10"], ["11", "12"]]
    [bad] = [row for row in rows if row.fault]
    assert bad.line == 3
    assert re.search(fault, bad.fault)


def test_a_row_that_is_cut_off_at_the_end_says_so(tmp_path):
    path = tmp_path / "book.csv"
    path.write_bytes(b"a,b,c\n1,2,3\n4,5")
    assert "cut off" in rows_of(path)[-1].fault


def test_a_cell_may_hold_a_line_end(tmp_path):
    path = tmp_path / "book.csv"
    path.write_bytes(b'a,b\n1,"two\nlines"\n3,4\n')
    assert [(row.line, row.cells[1]) for row in rows_of(path)] == [(2, "two\nlines"), (4, "4")]


def test_a_truncated_archive_is_refused(tmp_path):
    path = tmp_path / "movements.csv.gz"
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 50_000)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unusable, match="cut short"):
        rows_of(path)


def test_the_longest_line_is_bounded_by_the_reader_not_by_memory(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb") as file:
        file.write(b"a,b\n")
        for _ in range(200):
            file.write(b"0" * 1_000_000)
    [row] = rows_of(path)
    assert len(row.cells[0]) <= tables.LONGEST_KEPT
    assert f"{LONGEST_LINE:,}" in row.fault


def test_the_columns_that_a_rejects_file_adds_are_left_out(tmp_path):
    path = tmp_path / "book.rejects.csv"
    path.write_bytes(b"a,reject_line,b,reject_column,reject_value,reject_reason\n1,9,2,x,y,z\n")
    header, rows = tables.read(Source(path))
    assert header.columns == ("a", "b")
    assert next(rows).cells == ["1", "2"]


def test_missing_columns_are_named_with_those_that_are_close(tmp_path):
    path = tmp_path / "book.csv"
    path.write_bytes(b"assetNumbr,originationDate\n1,02/2019\n")
    form = mapping.named("abs-ee")
    with pytest.raises(Unusable, match=r"assetNumber \(is 'assetNumbr' meant\?\).*Its header begins"):
        mapping.bind(form.book, tables.read(Source(path))[0], form.missing, path.name)


@pytest.mark.parametrize("name", mapping.names())
def test_every_format_that_comes_with_milepost_is_whole(name):
    form = mapping.named(name)
    assert form.title
    assert form.book
    assert form.movements
    assert form.assumptions


def test_a_format_of_ones_own_builds_on_another(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'based_on = "milepost"\n[book]\nreference = { columns = "KEY", read = "reference", required = true }\n'
    )
    form = mapping.read(path)
    assert form.book[0].columns == ("KEY",)
    assert len(form.book) == len(mapping.named("milepost").book)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("meaning = 3", "meaning must be one of"),
        ('meaning = "TERMS"\n[book]\nrefrence = "KEY"', "is reference meant"),
        ('meaning = "TERMS"\ncolour = "blue"', "no setting 'colour'"),
        (
            'meaning = "TERMS"\n[book]\nreference = { columns = "K", read = "words", required = true }',
            "read must be one of",
        ),
        ('meaning = "TERMS"\n[book]\nproduct = "P"', "book.reference is missing"),
        ("not toml [", "cannot be read"),
        ('based_on = "excel"', "names 'excel'"),
    ],
)
def test_a_format_with_a_fault_names_it(tmp_path, text, reason):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(mapping.FormatWrong, match=reason):
        mapping.read(path)


LOANS = """<?xml version="1.0"?><assetData xmlns="http://www.sec.gov/edgar/document/absee/autoloan/assetdata">
<assets><assetNumber>1</assetNumber><subvented>2</subvented><subvented>1</subvented><unknown>x</unknown></assets>
<assets><assetNumber>2</assetNumber></assets></assetData>"""


def loans_of(path: Path) -> list[tables.Row]:
    return list(elements.read(Source(path), ["assetNumber", "subvented"])[1])


def test_an_xml_file_is_read_loan_by_loan(tmp_path):
    path = tmp_path / "ex102.xml"
    path.write_text(LOANS)
    assert [(row.line, row.cells) for row in loans_of(path)] == [(2, ["1", "2; 1"]), (3, ["2", ""])]


LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><assetData><assets><assetNumber>&c;</assetNumber></assets></assetData>"""
QUADRATIC = f'<!DOCTYPE q [<!ENTITY a "{"a" * 50_000}">]><assetData><assets>{"&a;" * 5_000}</assets></assetData>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><assetData><assets>&f;</assets></assetData>'


@pytest.mark.parametrize("bomb", [LAUGHS, QUADRATIC, OUTSIDE])
def test_entity_bombs_are_refused(tmp_path, bomb):
    path = tmp_path / "bomb.xml"
    path.write_text(bomb)
    with pytest.raises(Unusable, match="which no loan file needs and attacks use"):
        loans_of(path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LOANS[:-40], "is not whole XML"),
        ("<a>" * 50, "nested more than"),
        ("<assetData/>", "has no <assets> element"),
        ("assetNumber,x\n1,2\n", "is not whole XML"),
    ],
)
def test_an_xml_file_that_cannot_be_used_says_why(tmp_path, text, reason):
    path = tmp_path / "ex102.xml"
    path.write_text(text)
    with pytest.raises(Unusable, match=reason):
        loans_of(path)


def test_a_huge_element_is_a_fault_of_its_loan_alone(tmp_path):
    path = tmp_path / "ex102.xml"
    path.write_text(LOANS.replace("<subvented>1<", f"<subvented>{'9' * 10_000_000}<"))
    first, second = loans_of(path)
    assert "longer than 64,000" in first.fault
    assert not second.fault
