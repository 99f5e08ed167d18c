"""`milepost calculate KIND`: JSON Lines in, one answer a line out (docs/reference/calculations.md).

Without Django, without a database, and without the library that the other commands use for their words.
"""

import json
import signal
import sys
from collections.abc import Iterator
from typing import BinaryIO

from milepost.finance.calculations import KINDS, NO_TABLES, Tables, answer, json_lines, refusal
from milepost.finance.money import FinanceError

USAGE_WRONG, SOME_REFUSED, INTERRUPTED = 2, 1, 130
_REST = 1 << 16
HELP = """\
Usage: milepost calculate KIND [--data FOLDER]

  Reads requests as JSON Lines, one a line, and answers each on one line, in order.

  Exit status: 0, or 1 when an answer was an error, or 2 when the command was wrong.

  KIND is one of:
    {kinds}

Options:
  --data FOLDER  The data folder with the sort-code tables (default: MILEPOST_DATA).
  -h, --help     Show this message and exit.

Example:
  echo '{example}' | milepost calculate apr-tolerance""".format(
    kinds="\n    ".join(KINDS), example='{"apr_percent": "9.3"}'
)


def run(words: list[str], data: str | None = None) -> int:
    """Answer every line of standard input; the exit status."""
    if "-h" in words or "--help" in words:
        print(HELP)
        return 0
    try:
        kind, data = _understand(words, data)
        tables = _tables(data) if kind == "bank-account" else NO_TABLES
    except ValueError as error:
        print(f"Error: {error}", file=sys.stderr)
        return USAGE_WRONG
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # whoever stops reading ends this quietly, as with any filter
    try:
        return _answer_all(kind, tables, sys.stdin.buffer if sys.stdin else None)
    except KeyboardInterrupt:
        return INTERRUPTED


def _understand(words: list[str], data: str | None) -> tuple[str, str | None]:
    """The kind and the data folder that the words name. Raises ValueError with a sentence."""
    kinds = []
    rest = iter(words)
    for word in rest:
        if word == "--data":
            data = next(rest, "")
        elif word.startswith("--data="):
            data = word.partition("=")[2]
        else:
            kinds.append(word)
    if data == "":
        raise ValueError("--data needs a folder.")
    if len(kinds) != 1 or kinds[0] not in KINDS:
        wrong = f"There is no kind {kinds[0][:40]!r}. " if kinds and kinds[0] not in KINDS else ""
        raise ValueError(f"{wrong}Name one kind of: {', '.join(KINDS)}.")
    return kinds[0], data


def _tables(data: str | None) -> Tables:
    """The sort-code table in force today. Raises ValueError where it cannot be read."""
    from datetime import date

    from milepost.cli import sort_codes

    try:
        found = sort_codes.in_force(sort_codes.folder(data), date.today())  # noqa: DTZ011 (the operator's own day)
    except sort_codes.Unreadable as error:
        raise ValueError(f"{error}.") from error
    return Tables(*found) if found else NO_TABLES


def _answer_all(kind: str, tables: Tables, source: BinaryIO | None) -> int:
    status = 0
    for line in _lines(source):
        try:
            told = answer(kind, json_lines.read(line), tables)
        except FinanceError as error:
            told = refusal(error.code, error.field, error.message)
        if "error" in told:
            status = SOME_REFUSED
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
    return status


def _lines(source: BinaryIO | None) -> Iterator[bytes]:
    """Line after line, none longer in memory than may be read.

    An empty line is a request like another, so that line n of the answers is always that of line n; those at the very
    end are left alone.
    """
    empty = 0
    while source and (line := source.readline(json_lines.LONGEST_LINE + 2)):
        text = line.rstrip(b"\r\n")
        rest = line
        while not rest.endswith(b"\n") and (rest := source.readline(_REST)):
            pass  # what is left of a line too long is read and forgotten
        if not text.strip():
            empty += 1
            continue
        yield from [b""] * empty
        empty = 0
        yield text
