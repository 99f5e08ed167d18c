"""Good tapes, spoiled at random: the answer is a report in which every row ends somewhere, or one clear sentence."""

import random

import pytest
from django.db import transaction

from milepost.servicing.tapes.operations.import_book import FileUnusable
from milepost.servicing.tapes.operations.reconcile import Report
from milepost.servicing.tapes.states import Outcome
from tests.support.tapes import LOAN, PRIYA, TODAY, Tapes, as_csv, month, payment

TIMES = 8
AGREEMENTS = 4

EXPOSURE = {
    "AUTL2": "HB-1", "AUTL4": "K-9", "AUTL6": "2026-08-31", "AUTL23": "HIRP", "AUTL24": "2025-03-17",
    "AUTL25": "2029-03-17", "AUTL28": "GBP", "AUTL29": "12000.00", "AUTL30": "8500.00", "AUTL37": "298.05",
    "AUTL38": "ND5", "AUTL40": "8.9", "AUTL53": "AVERLEY", "AUTL54": "Finch", "AUTL56": "USED", "AUTL69": "0",
    "AUTL70": "PERF",
}  # fmt: skip
CUT_OFF = {"AUTL2": "HB-1", "AUTL6": "2026-09-30", "AUTL30": "8265.00", "AUTL69": "3", "AUTL70": "PERF"}
NUMBERS = ("7034118255", "7034121007", "7034121082", "7034121162")


def several(row: dict[str, str], key: str) -> list[dict[str, str]]:
    return [{**row, key: NUMBERS[place]} for place in range(AGREEMENTS)]


def as_xml(rows: list[dict[str, str]]) -> str:
    loans = "\n".join(
        "<assets>" + "".join(f"<{name}>{cell}</{name}>\n" for name, cell in row.items()) + "</assets>" for row in rows
    )
    space = "http://www.sec.gov/edgar/document/absee/autoloan/assetdata"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<assetData xmlns="{space}">\n{loans}\n</assetData>\n'


LOANS = several(LOAN, "assetNumber")
MONTHS = several(month("", "2019-09-30", "13384.87", "347.41", "491.74"), "assetNumber")
TAPES = {
    "abs-ee": ("book.csv", as_csv(LOANS), as_csv(MONTHS)),
    "abs-ee as XML": ("book.xml", as_xml(LOANS), as_csv(MONTHS)),
    "esma-annex5": ("book.csv", as_csv(several(EXPOSURE, "AUTL2")), as_csv(several(CUT_OFF, "AUTL2"))),
    "milepost": (
        "book.csv",
        as_csv(several(PRIYA, "agreement")),
        as_csv(several(payment("", "2025-03-14", "363.30"), "agreement")),
    ),
}
NASTY = (
    b"\x00", b"\xff\xfe", b'"', b"'", b",", b"\r", b"\n", b"\x1f", b"\x1e", b"=1+1", b"-", b"1e9999999", b"NaN",
    b"Infinity", b"99999999999999999999", b"\xed\xa0\x80", "\u2028".encode(), "\u0663".encode(), b"0001-01-01",
    b"9999-12-31", b"2025-02-30", b"<assets>", b"]]>", b"&lol;", b"\\N", b"\\.", b"%s", b"{}", b"\xc2\xa0",
    "\u202e".encode(), b"01/0000", b"-0.00", b"0x1F", b"1_000",
)  # fmt: skip


def spoiled(chance: random.Random, content: bytes) -> bytes:
    """One to three wounds."""
    for _ in range(chance.randint(1, 3)):
        content = chance.choice(WOUNDS)(chance, content)
    return content


def bytes_flipped(chance: random.Random, content: bytes) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        if spoilt:
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def something_put_in(chance: random.Random, content: bytes) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(NASTY) * chance.choice((1, 1, 3)) + content[place:]


def lines_shuffled(chance: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    match chance.randrange(4):
        case 0:
            chance.shuffle(lines)
        case 1 if lines:
            del lines[chance.randrange(len(lines))]
        case 2 if lines:
            lines.append(chance.choice(lines))
        case _ if lines:
            place = chance.randrange(len(lines))
            lines[place] = lines[place][: chance.randrange(len(lines[place]) + 1)]
    return b"".join(lines)


def cells_swapped(chance: random.Random, content: bytes) -> bytes:
    lines = [line.split(b",") for line in content.split(b"\r\n")]
    row = chance.choice(lines)
    one, other = chance.randrange(len(row)), chance.randrange(len(row))
    row[one], row[other] = row[other], row[one]
    return b"\r\n".join(b",".join(cells) for cells in lines)


def a_cell_replaced(chance: random.Random, content: bytes) -> bytes:
    lines = [line.split(b",") for line in content.split(b"\r\n")]
    row = chance.choice(lines)
    row[chance.randrange(len(row))] = chance.choice(NASTY)
    return b"\r\n".join(b",".join(cells) for cells in lines)


def a_huge_field(chance: random.Random, content: bytes) -> bytes:
    place = chance.randrange(len(content) + 1)
    return (
        content[:place]
        + chance.choice((b"9", b"x", b" ", b"0")) * chance.choice((70, 70_000, 300_000))
        + content[place:]
    )


def another_encoding(chance: random.Random, content: bytes) -> bytes:
    return content.decode("latin-1").encode(chance.choice(("utf-16", "utf-8-sig", "utf-7", "utf-32", "cp037")))


WOUNDS = (
    bytes_flipped, cut, something_put_in, lines_shuffled, cells_swapped, a_cell_replaced, a_cell_replaced,
    a_cell_replaced, a_huge_field, another_encoding,
)  # fmt: skip


def attempt(tapes: Tapes, form: str, chance: random.Random) -> Report | None:
    """Import a spoiled book, or a good book with spoiled movements. None where the file was refused in words."""
    name, book, movements = TAPES[form]
    history = movements.encode()
    spoiled_book = book.encode()
    if chance.random() < 0.6:
        spoiled_book = spoiled(chance, spoiled_book)
    else:
        history = spoiled(chance, movements.encode())
    try:
        return tapes.take_in(
            spoiled_book, tapes.written("movements.csv", history), form=form.split(maxsplit=1)[0], name=name,
            as_of=chance.choice((None, None, TODAY)), dry_run=chance.random() < 0.1,
        )  # fmt: skip
    except FileUnusable:
        return None


@pytest.mark.parametrize("form", TAPES)
def test_a_spoiled_tape_ends_in_a_report_or_in_a_sentence(form: str, tapes: Tapes, request: pytest.FixtureRequest):
    if form.startswith("abs-ee"):
        request.getfixturevalue("american")
    for seed in range(TIMES):
        before = transaction.savepoint()
        report = attempt(tapes, form, random.Random(f"{form}:{seed}"))
        if seed % 4:  # now and then what was taken in meets the next one
            transaction.savepoint_rollback(before)
        if report is None:
            continue
        assert report.counts_tie, (form, seed)
        assert report.everything_is_explained, (form, seed)
        assert len(tapes.rejects()) == report.rows[Outcome.REJECTED], (form, seed)
        assert len(tapes.rejects("movements")) == report.movement_rows.get("REJECTED", 0), (form, seed)
