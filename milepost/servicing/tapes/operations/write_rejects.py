"""The rows that were not taken in, as CSV files that can be corrected and imported again.

Original columns first, then where and why; the reader of tapes ignores the latter. A cell that a spreadsheet would run
as a formula is guarded by an apostrophe, which the reader takes off again.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from milepost.servicing.tapes import queries
from milepost.servicing.tapes.formats.mapping import Columns
from milepost.servicing.tapes.formats.source import Unusable
from milepost.servicing.tapes.formats.tables import REJECT_COLUMNS
from milepost.servicing.tapes.operations.stage_rows import SEPARATOR
from milepost.servicing.tapes.operations.take_in_chunk import Rejection
from milepost.servicing.tapes.states import FileKind

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def beside(path: Path, out: Path | None, ending: str) -> Path:
    """BOOK.rejects.csv beside BOOK.csv, BOOK.csv.gz or BOOK.xml, or in another folder."""
    name = path.name.removesuffix(".gz")
    for suffix in (".csv", ".xml", ".CSV", ".XML"):
        name = name.removesuffix(suffix)
    return (out or path.parent) / f"{name}.{ending}"


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; plain negative numbers stay as they are."""
    if not cell.startswith(DANGEROUS):
        return cell
    with suppress(ValueError):
        float(cell)
        return cell
    return "'" + cell


class Rejects:
    """Collects a dry run's rejects, or reads those of a tape, and writes a file for each of the two."""

    def __init__(
        self, book: Path, movements: Path | None, out: Path | None, columns: dict[FileKind, Columns | None]
    ) -> None:
        self.paths = {FileKind.BOOK: beside(book, out, "rejects.csv")}
        if movements:
            self.paths[FileKind.MOVEMENTS] = beside(movements, out, "rejects.csv")
        self.columns = columns
        self.collected: list[Rejection] = []
        self.written: dict[Path, int] = {}

    def add(self, rejections: Iterable[Rejection]) -> None:
        """Keep these for a dry run's files."""
        self.collected += rejections

    def write(self, tape_id: int | None) -> None:
        """Write the files that have rows, remove those of an earlier run that have none."""
        for kind, path in self.paths.items():
            columns = self.columns[kind]
            rows = self._of(kind) if tape_id is None else queries.rejections(tape_id, kind)
            count = _write(path, columns.header if columns else (), rows)
            if count:
                self.written[path] = count
            else:
                path.unlink(missing_ok=True)

    def _of(self, kind: FileKind) -> Iterator[Rejection]:
        return (rejection for rejection in self.collected if rejection[0] == kind)


def _write(path: Path, header: tuple[str, ...], rejections: Iterable[Rejection]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*header, *REJECT_COLUMNS))
        for _, line, _, column, value, reason, joined in rejections:
            cells = joined.split(SEPARATOR)
            if len(cells) != len(header):
                cells = [""] * len(header)
            writer.writerow([*map(guarded, cells), line or "", guarded(column), guarded(value[:500]), guarded(reason)])
            count += 1
    return count


def write_unusable(book: Path, out: Path | None, error: Unusable) -> Path:
    """The rejects file of a file that cannot be read at all: one line."""
    path = beside(book, out, "rejects.csv")
    with suppress(OSError), path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REJECT_COLUMNS)
        writer.writerow([error.line or "", "", "", guarded(str(error))])
    return path
