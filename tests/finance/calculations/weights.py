"""A small weight table of our own, and the day from which the published one beside the project applies."""

from datetime import date

from milepost.finance.bank_account import WeightTable
from milepost.finance.calculations import Tables

PUBLISHED_SINCE = date(2026, 6, 20)
WEIGHTS = "100000 109999 MOD10 0 0 0 0 0 0 8 7 6 5 4 3 2 1\n170000 170001 MOD11 1 1 1 1 1 1 0 0 0 0 0 0 0 0 5\n"
SUBSTITUTIONS = "170001,111111\n"
TABLES = Tables(WeightTable.parse(WEIGHTS, SUBSTITUTIONS), date(2026, 1, 3))
