"""What an import is asked to do."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from milepost.servicing.tapes.formats.mapping import Format


@dataclass(frozen=True, slots=True)
class Order:
    """A book, the format it is in, and its movements. `as_of` is the day up to which the tape is the truth."""

    book: Path
    form: Format
    movements: Path | None = None
    as_of: date | None = None
    """Without it: the last movement, else the book's own month, else the lender's date."""
    dry_run: bool = False
    out: Path | None = None
    """Where the report and the rejects go: beside the book unless another folder is named."""
