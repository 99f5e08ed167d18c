"""Whether a sort code and account number can belong together: the UK modulus check (domain.md 7.4).

The weights are data that the operator loads, published several times a year with an effective date; the method is that
of the Vocalink specification "Validating account numbers". A pass does not prove that the account exists.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from milepost.finance.money import FinanceError


class Method(StrEnum):
    """How the weighted digits are added, and by what they are divided."""

    MOD10 = "MOD10"
    MOD11 = "MOD11"
    DBLAL = "DBLAL"


@dataclass(frozen=True, slots=True)
class Weights:
    """One row of the table: fourteen weights, six for the sort code, eight for the account; exception 0 is none."""

    start: str
    end: str
    method: Method
    weights: tuple[int, ...]
    exception: int


@dataclass(frozen=True, slots=True)
class WeightTable:
    """The rows in order of their range, one or two to a range, and the sort codes that exception 5 replaces."""

    rows: tuple[Weights, ...]
    substitutions: Mapping[str, str]

    @classmethod
    def parse(cls, weights: str, substitutions: str = "") -> "WeightTable":
        """Read the two published files; columns are divided by commas or spaces.

        Raises FinanceError naming the first line that cannot be read.
        """
        rows = tuple(sorted(_weights(weights), key=lambda row: row.start))
        return cls(rows, dict(_substitutions(substitutions)))

    def require_order(self) -> None:
        """Refuse a table that could not answer: without a row, or with more than two rows for one sort code."""
        if not self.rows:
            raise FinanceError("missing", "weights", "holds no row")
        for place, row in enumerate(self.rows):
            following = self.rows[place + 1 : place + 3]
            again = [later for later in following if (later.start, later.end) == (row.start, row.end)]
            if len(again) > 1 or any(later.start <= row.end for later in following if later not in again):
                raise FinanceError("contradiction", "weights", f"has too many rows, or crossing ones, for {row.start}")

    def rows_of(self, sort_code: str) -> tuple[Weights, ...]:
        """The rows whose range holds a sort code: none, one or two."""
        last = bisect_right(self.rows, sort_code, key=lambda row: row.start)
        return tuple(row for row in self.rows[max(0, last - 2) : last] if sort_code <= row.end)


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """`valid`: nothing speaks against the pair. `verified`: a rule of the table was applied. `reason` says which."""

    valid: bool
    verified: bool
    reason: str


def check(sort_code: str, account_number: str, table: WeightTable | None) -> AccountCheck:
    """Check six and eight digits. Without a table or a matching range the pair is valid but not verified.

    Raises FinanceError when either is not so many digits.
    """
    for field, text, length in (("sort_code", sort_code, 6), ("account_number", account_number, 8)):
        if not (text.isascii() and text.isdigit() and len(text) == length):
            raise FinanceError("invalid", field, f"must be {length} digits")
    if table is None:
        return AccountCheck(True, False, "no weight table is loaded")
    rows = table.rows_of(sort_code)
    if not rows:
        return AccountCheck(True, False, "the weight table has no rule for this sort code")
    if rows[0].exception == 6 and account_number[0] in "45678" and account_number[6] == account_number[7]:
        return AccountCheck(True, True, "a foreign currency account, which cannot be checked further")
    if _passes(rows, sort_code, account_number, table.substitutions):
        return AccountCheck(True, True, "passes the modulus check")
    return AccountCheck(False, True, "fails the modulus check")


_EITHER_MAY_PASS = {2, 9, 10, 11, 12, 13}
_LLOYDS_EURO = "309634"
_EXCEPTION_8 = "090126"
_EXCEPTION_2 = (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)
_EXCEPTION_2_NINTH = (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1)


def _passes(rows: tuple[Weights, ...], sort_code: str, account: str, substitutions: Mapping[str, str]) -> bool:
    first = _row_passes(rows[0], sort_code, account, substitutions)
    if len(rows) == 1:
        return first
    if rows[0].exception in _EITHER_MAY_PASS:
        return first or _row_passes(rows[1], sort_code, account, substitutions)
    if rows[1].exception == 3 and account[2] in "69":
        return first
    return first and _row_passes(rows[1], sort_code, account, substitutions)


def _row_passes(row: Weights, sort_code: str, account: str, substitutions: Mapping[str, str]) -> bool:
    if row.exception == 5:
        sort_code = substitutions.get(sort_code, sort_code)
    elif row.exception == 8:
        sort_code = _EXCEPTION_8
    elif row.exception == 9:
        sort_code = _LLOYDS_EURO
    total = _total(row, sort_code, account)
    if row.exception == 4:
        return total % 11 == int(account[6:])
    if row.exception == 5:
        return _check_digit_matches(row.method, total, account)
    if total % _divisor(row.method) == 0:
        return True
    # Exception 14: without a last digit of 0, 1 or 9 the number was seven digits long, and moves one place right.
    return row.exception == 14 and account[7] in "019" and _total(row, sort_code, "0" + account[:7]) % 11 == 0


def _check_digit_matches(method: Method, total: int, account: str) -> bool:
    """Exception 5: the remainder's complement is a digit of the number, g for the first check and h for the second."""
    divisor = _divisor(method)
    digit = int(account[6] if method is Method.MOD11 else account[7])
    return (divisor - total % divisor) % divisor == digit


def _total(row: Weights, sort_code: str, account: str) -> int:
    weights = row.weights
    if row.exception == 2 and account[0] != "0":
        weights = _EXCEPTION_2_NINTH if account[6] == "9" else _EXCEPTION_2
    elif (row.exception == 7 or (row.exception == 10 and account[:2] in ("09", "99"))) and account[6] == "9":
        weights = (0,) * 8 + weights[8:]
    products = [weight * int(digit) for weight, digit in zip(weights, sort_code + account, strict=True)]
    if row.method is Method.DBLAL:
        return sum(sum(map(int, str(product))) for product in products) + (27 if row.exception == 1 else 0)
    return sum(products)


def _divisor(method: Method) -> int:
    return 11 if method is Method.MOD11 else 10


def _weights(text: str) -> Iterator[Weights]:
    for number, columns in _lines(text):
        try:
            start, end, method, *figures = columns
            weights = tuple(map(int, figures[:14]))
            exception = int(figures[14]) if len(figures) == 15 else 0
            if len(weights) != 14 or len(figures) > 15 or not 0 <= exception <= 14 or not _are_sort_codes(start, end):
                raise ValueError(columns)
            if start > end:
                raise ValueError(columns)
            yield Weights(start, end, Method(method), weights, exception)
        except ValueError as error:
            raise FinanceError("invalid", f"weights, line {number}", "is no row of the weight table") from error


def _substitutions(text: str) -> Iterator[tuple[str, str]]:
    for number, columns in _lines(text):
        if len(columns) != 2 or not _are_sort_codes(*columns):
            raise FinanceError("invalid", f"substitutions, line {number}", "must be two sort codes")
        yield columns[0], columns[1]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        columns = line.replace(",", " ").split()
        if columns:
            yield number, columns


def _are_sort_codes(*codes: str) -> bool:
    return all(len(code) == 6 and code.isdigit() for code in codes)
