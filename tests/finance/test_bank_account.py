"""The modulus check on a small table of our own; then the specification's cases, where a real one is beside us."""

from functools import cache
from typing import Any

import pytest

from milepost.finance.bank_account import WeightTable, check
from milepost.finance.money import FinanceError
from tests.finance import vectors

FLAT = "0 0 0 0 0 0 0 0 0 0 0 0"
STANDARD = "0 0 0 0 0 0 8 7 6 5 4 3 2 1"
DOUBLE = "2 1 2 1 2 1 2 1 2 1 2 1 2 1"
FROM_A = "0 0 0 0 0 0 0 0 0 0 0 0 0 1"
FROM_B = "0 0 0 0 0 0 0 0 0 0 0 0 1 0"
TABLE = WeightTable.parse(
    f"""
    100000 109999 MOD10 {STANDARD}
    110000 119999 MOD11 {STANDARD}
    120000 129999 DBLAL {DOUBLE}
    130000 130000 DBLAL {DOUBLE} 1
    140000 140000 MOD11 {FROM_B} 2
    140000 140000 MOD11 {DOUBLE} 9
    150000 150000 MOD10 {FROM_A}
    150000 150000 DBLAL {DOUBLE} 3
    160000 160000 MOD11 0 0 0 0 0 0 0 0 0 0 0 1 0 0 4
    170000 170001 MOD11 1 1 1 1 1 1 0 0 0 0 0 0 0 0 5
    170000 170001 DBLAL 1 1 1 1 1 1 0 0 0 0 0 0 0 0 5
    180000 180000 MOD10 {STANDARD} 6
    180000 180000 MOD11 {STANDARD} 6
    190000 190000 MOD10 1 1 1 1 1 1 1 1 0 0 0 0 0 1 7
    200000 200000 MOD10 1 1 1 1 1 1 0 0 0 0 0 0 0 0 8
    210000 210000 MOD10 1 1 1 1 1 1 1 1 0 0 0 0 0 1 10
    210000 210000 MOD10 {FROM_A} 11
    220000 220000 MOD11 {FROM_A} 12
    220000 220000 MOD10 {FROM_B} 13
    230000 230000 MOD11 {STANDARD} 14
    """,
    "170001,111111",
)


@pytest.mark.parametrize(
    ("sort_code", "account", "valid"),
    [
        ("100500", "00000002", False),
        ("100500", "00000018", True),  # 2 x 1 + 1 x 8 = 10
        ("110500", "00000019", True),  # 2 x 1 + 1 x 9 = 11
        ("110500", "00000018", False),
        ("120000", "00000000", False),  # 2 + 2 = 4 of the sort code 120000 doubled
        ("120000", "00000006", True),
        ("130000", "00000000", False),  # 2 + 3 + 27 = 32
        ("130000", "00000008", True),
        ("140000", "00000001", True),  # the first check: g = 0
        ("140000", "00000010", False),
        ("140000", "10000000", False),  # a is not 0: weights 1 2 5 3 6 4 8 7 10 9 3 1 from w on; 6 x 1
        ("140000", "10000005", True),  # 6 + 5 = 11
        ("140000", "10000090", False),  # g is 9: sort code, a and b are left out; 3 x 9 = 27
        ("140000", "10000096", True),  # 27 + 6 = 33
        ("150000", "00900000", True),  # c is 9: the double alternate check is left out
        ("150000", "00600000", True),
        ("150000", "00000000", False),  # 2 + 5 = 7
        ("150000", "00000300", True),  # 2 + 5 + 3 = 10
        ("150000", "00000030", False),
        ("160000", "00000505", True),  # f is 5, and so are the last two digits
        ("160000", "00000506", False),
        ("170000", "00000032", True),  # 8: 11 - 8 = 3 is g, 10 - 8 = 2 is h
        ("170000", "00000033", False),
        ("170000", "00000042", False),
        ("170001", "00000054", True),  # for 111111: 6: 5 and 4
        ("180000", "40000055", True),  # a is 4 to 8 and g = h: a foreign currency account
        ("180000", "40000056", False),
        ("180000", "00000000", True),
        ("180000", "30000055", False),
        ("190000", "00000090", True),  # g is 9: the sort code is left out
        ("190000", "00000000", True),  # 1 + 9 = 10
        ("190000", "00000091", False),
        ("200000", "00000000", False),  # 090126 instead: 18
        ("210000", "09000097", False),  # ab = 09 and g = 9: only h counts; 7
        ("210000", "09000090", True),
        ("210000", "99000090", True),
        ("210000", "00000007", True),  # 2 + 1 + 7 = 10
        ("210000", "70000001", False),  # 2 + 1 + 7 + 1 = 11, and the second check has 1
        ("210000", "80000000", True),  # the second alone passes
        ("220000", "00000000", True),
        ("220000", "00000005", True),  # 5 fails the first check, 0 passes the second
        ("220000", "00000015", False),
        ("230000", "00000019", True),
        ("230000", "00000190", True),  # 3 + 18 = 21; moved right: 00000019
        ("230000", "00000192", False),  # ends in 2: not moved
    ],
)
def test_each_method_and_exception(sort_code: str, account: str, valid: bool):
    found = check(sort_code, account, TABLE)
    assert (found.valid, found.verified) == (valid, True)
    assert found.reason


def test_without_a_rule_a_pair_is_valid_but_not_verified():
    for table, sort_code in ((None, "100000"), (TABLE, "999999"), (TABLE, "000000"), (TABLE, "145000")):
        found = check(sort_code, "12345678", table)
        assert (found.valid, found.verified) == (True, False)
        assert "table" in found.reason


@pytest.mark.parametrize(
    ("sort_code", "account", "field"),
    [
        ("10-00-00", "12345678", "sort_code"),
        ("10000", "12345678", "sort_code"),
        ("10000x", "12345678", "sort_code"),
        ("١٠٠٠٠٠", "12345678", "sort_code"),
        ("100000", "1234567", "account_number"),
        ("100000", "", "account_number"),
    ],
)
def test_digits_only(sort_code: str, account: str, field: str):
    with pytest.raises(FinanceError) as refused:
        check(sort_code, account, TABLE)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("weights", "substitutions", "field"),
    [
        ("\n100000 100000 MOD12 " + STANDARD, "", "weights, line 2"),
        ("100000 100000 MOD10 1 2 3", "", "weights, line 1"),
        ("100000 100000", "", "weights, line 1"),
        (f"100000 100000 MOD10 {STANDARD} 15", "", "weights, line 1"),
        (f"100000 100000 MOD10 {STANDARD} 1 1", "", "weights, line 1"),
        (f"10000 100000 MOD10 {STANDARD}", "", "weights, line 1"),
        (f"100000 100000 MOD10 {FLAT} 0 x", "", "weights, line 1"),
        ("", "100000", "substitutions, line 1"),
        ("", "100000,20000", "substitutions, line 1"),
    ],
)
def test_a_table_that_cannot_be_read_names_its_line(weights: str, substitutions: str, field: str):
    with pytest.raises(FinanceError) as refused:
        WeightTable.parse(weights, substitutions)
    assert refused.value.field == field


ROW = f"100000 109999 MOD10 {STANDARD}"


@pytest.mark.parametrize("weights", ["", f"{ROW}\n{ROW}\n{ROW}", f"{ROW}\n105000 119999 MOD10 {STANDARD}"])
def test_a_table_that_could_not_answer(weights: str):
    with pytest.raises(FinanceError, match="weights"):
        WeightTable.parse(weights).require_order()


def test_a_table_in_order():
    TABLE.require_order()
    with pytest.raises(FinanceError, match="line 1"):
        WeightTable.parse(f"109999 100000 MOD10 {STANDARD}")


@cache
def published_table() -> WeightTable | None:
    """The operator's table, where one lies in `shared/data` beside the project."""
    place = vectors.folder()
    data = place.parent / "data" if place else None
    if data is None or not (data / "valacdos-890.txt").is_file():
        return None
    return WeightTable.parse((data / "valacdos-890.txt").read_text(), (data / "scsub-890.txt").read_text())


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("published-modulus-checks.json"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    table = published_table()
    if table is None:
        pytest.skip("no weight table in shared/data beside this project: it is the operator's to load")
    found = check(request_["sort_code"], request_["account_number"], table)
    assert (found.valid, found.verified) == (answer["valid"], True)
