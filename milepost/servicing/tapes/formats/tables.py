"""Rows of a CSV file, each with its line number. A row that cannot be read comes with its fault, not an exception."""

import csv
import difflib
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from milepost.servicing.tapes.formats.source import Line, Source, Unusable
from milepost.servicing.tapes.formats.values import LONGEST_CELL

MOST_LINES_IN_A_ROW = 40
LONGEST_KEPT = 2_000
"""Of a cell of a row that cannot be read: enough to find it again in the file."""
REJECT_COLUMNS = ("reject_line", "reject_column", "reject_value", "reject_reason")


class Row(NamedTuple):
    """One record: the line on which it begins, its cells (as many as the header has, without a fault) and its fault."""

    line: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file, without those that a rejects file adds."""

    columns: tuple[str, ...]
    places: tuple[int, ...]
    """Where each column stands in a record."""
    width: int

    @classmethod
    def of(cls, cells: Sequence[str], file_name: str) -> "Header":
        names = [cell.strip() for cell in cells]
        kept = [place for place, column in enumerate(names) if column and column not in REJECT_COLUMNS]
        seen: dict[str, int] = {}
        for place in kept:
            key = folded(names[place])
            if key in seen:
                raise Unusable(
                    f"{file_name} has the column {names[place]!r} twice ({seen[key] + 1} and {place + 1}). Remove one.",
                    1,
                )
            seen[key] = place
        if not kept:
            raise Unusable(f"{file_name} has no header: its first line should name the columns.", 1)
        return cls(tuple(names[place] for place in kept), tuple(kept), len(names))


def folded(column: str) -> str:
    """A column's name as it is compared: letters and digits alone, whatever their case."""
    return re.sub(r"[^a-z0-9]", "", column.casefold())


def closest(column: str, among: Sequence[str]) -> str:
    """The column that may have been meant, or nothing."""
    found = difflib.get_close_matches(folded(column), [folded(other) for other in among], n=1, cutoff=0.75)
    return next((other for other in among if found and folded(other) == found[0]), "")


class _Lines:
    """Feeds csv.reader and remembers what the present record took, so that a broken one can be taken apart again."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.lines = lines
        self.waiting: deque[Line] = deque()
        self.taken: list[Line] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES_IN_A_ROW:
            raise csv.Error("a quotation mark is never closed")
        line = self.waiting.popleft() if self.waiting else next(self.lines)
        self.taken.append(line)
        if line.fault and len(self.taken) > 1:
            raise csv.Error("a quotation mark is never closed")
        return line.text if not line.fault else "\n"

    def simple(self) -> Iterator[Line]:
        """The lines that are rows by themselves, up to the first that needs the reader, which is put back."""
        while True:
            line = self.waiting.popleft() if self.waiting else next(self.lines, None)
            if line is None:
                return
            if line.fault or '"' in line.text or len(line.text) > LONGEST_CELL:
                self.waiting.appendleft(line)
                return
            yield line

    def give_back(self) -> None:
        """Put back all but the first line of the record."""
        self.waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def read(source: Source) -> tuple[Header, Iterator[Row]]:
    """The header of a CSV file and its rows. Raises Unusable where there is no header."""
    csv.field_size_limit(LONGEST_CELL)
    lines = source.lines()
    first = next(lines, None)
    if first is None or (not first.fault and not first.text.strip("\r\n ,;\t")):
        raise Unusable(f"{source.path.name} is empty.", 1)
    if first.fault:
        raise Unusable(f"{source.path.name}: {first.fault}.", 1)
    delimiter = max(",;\t|", key=first.text.count)
    try:
        [cells] = csv.reader([first.text], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        raise Unusable(f"{source.path.name} has no header that can be read.", 1) from None
    header = Header.of(cells, source.path.name)
    return header, _rows(_Lines(lines), header, delimiter)


def _rows(lines: _Lines, header: Header, delimiter: str) -> Iterator[Row]:
    plain = header.places == tuple(range(header.width))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        for line in lines.simple():  # most files have rows without a quotation mark, which need no CSV reader
            cells = line.text.rstrip("\r\n").split(delimiter)
            if len(cells) == header.width:
                yield Row(line.number, cells if plain else [cells[place] for place in header.places])
            elif cells != [""]:
                yield _misshapen(line, cells, header)
        lines.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            if not lines.waiting:
                return
            reader = csv.reader(lines, delimiter=delimiter, strict=True)  # what was put back after the last line
            continue
        except csv.Error as error:
            if not lines.taken:
                return
            yield _broken(lines, str(error), header, delimiter)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        first = lines.taken[0]
        if first.fault:
            yield Row(first.number, _salvaged(first.text, header, delimiter), first.fault)
        elif len(cells) == header.width:
            yield Row(first.number, cells if plain else [cells[place] for place in header.places])
        elif cells:
            if len(lines.taken) > 1:
                lines.give_back()
            yield _misshapen(first, cells, header)


def _broken(lines: _Lines, error: str, header: Header, delimiter: str) -> Row:
    lines.give_back()
    first = lines.taken[0]
    reason = "a quotation mark is never closed"
    if "field larger" in error:
        reason = f"a cell is longer than {LONGEST_CELL:,} characters"
    elif "expected after" in error:
        reason = "a quotation mark stands in the middle of a cell"
    return Row(first.number, _salvaged(first.text, header, delimiter), f"the row cannot be read: {reason}")


def _salvaged(text: str, header: Header, delimiter: str) -> list[str]:
    """The cells of a row that cannot be read, as far as it can be taken apart: for the rejects, to be mended there."""
    text = text.rstrip("\r\n")
    try:
        [cells] = csv.reader([text], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        cells = text.split(delimiter)
    return _fitted(cells, header)


def _fitted(cells: list[str], header: Header) -> list[str]:
    padded = list(chain(cells, [""] * header.width))[: header.width]
    return [padded[place][:LONGEST_KEPT] for place in header.places]


def _misshapen(first: Line, cells: list[str], header: Header) -> Row:
    fault = f"the row has {len(cells)} columns, the header {header.width}"
    if len(cells) < header.width and not first.text.endswith("\n"):
        fault += "; the file seems to be cut off here"
    return Row(first.number, _fitted(cells, header), fault)
