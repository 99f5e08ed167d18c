"""One line of text: what is read, and why it is not."""

import time

import pytest

from milepost.finance.calculations import answer, json_lines
from milepost.finance.calculations.json_lines import LONGEST_LINE
from milepost.finance.money import FinanceError


def refused(line: bytes) -> tuple[str, str]:
    with pytest.raises(FinanceError) as caught:
        json_lines.read(line)
    assert caught.value.field == ""
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("line", "code", "hint"),
    [
        (b"", "invalid_json", "character 1"),
        (b"{", "invalid_json", "character 2"),
        (b'{"a": 1} {"b": 2}', "invalid_json", "Extra data"),
        (b'{"a": 01}', "invalid_json", "JSON"),
        (b"{'a': 1}", "invalid_json", "JSON"),
        (b'{"a": "\xff"}', "invalid_utf8", "byte 8"),
        (b"[" * 100_000, "too_deep", "levels"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too_deep", "levels"),
        (b" " * (LONGEST_LINE + 1), "too_long", "5,000,000"),
    ],
)
def test_a_line_that_is_no_json(line: bytes, code: str, hint: str):
    assert refused(line)[0] == code
    assert hint in refused(line)[1]


def test_what_json_leaves_open_is_refused_with_its_path():
    for text, code, field in (
        (b'{"apr_percent": "9.3", "apr_percent": "9.4"}', "repeated", "apr_percent"),
        (b'{"apr_percent": NaN}', "wrong_type", "apr_percent"),
        (b'{"apr_percent": -Infinity}', "wrong_type", "apr_percent"),
        (b'{"apr_percent": 1e999}', "wrong_type", "apr_percent"),
    ):
        error = answer("apr-tolerance", json_lines.read(text))["error"]
        assert (error["code"], error["field"]) == (code, field)
    twice = b'{"payment": "1.00", "due": {"A": "1.00", "B": "1.00", "A": "2.00"}}'
    assert answer("appropriation", json_lines.read(twice))["error"]["field"] == "due.A"


def test_a_number_of_a_million_digits_is_read_at_once_and_refused_as_too_large():
    start = time.perf_counter()
    line = b'{"annual_allowance": ' + b"9" * 1_000_000 + b"}"
    assert json_lines.read(line)["annual_allowance"] > 10**20 - 1
    assert time.perf_counter() - start < 0.5
    assert json_lines.read(b"-12") == -12
