"""Every break of the roll-forward as a CSV file beside the report, which lists the first of them alone."""

import csv
from collections.abc import Iterable
from pathlib import Path

from milepost.servicing.tapes.operations.planned import shown
from milepost.servicing.tapes.operations.write_rejects import guarded
from milepost.servicing.tapes.queries import FindingLine

COLUMNS = ("date", "agreement", "line", "amount", "reason")


def write(*, path: Path, breaks: Iterable[FindingLine]) -> int:
    """Write them as they come, and answer how many; without any, remove the file of an earlier run."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for found in breaks:
            writer.writerow(
                [found.on.isoformat(), guarded(found.reference), found.line, shown(found.amount), guarded(found.reason)]
            )
            count += 1
    if not count:
        path.unlink()
    return count
