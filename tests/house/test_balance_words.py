"""Every event and every account of the ledger has its place on the page that explains a balance."""

from milepost.finance import chart_of_accounts as chart
from milepost.finance.entries import Event
from milepost.servicing.agreements.queries.balance_words import OTHER_SIDE, OWED, RULES, WORDS, Kind

INSIDE = {
    chart.DEFERRED_FEE_INCOME, chart.IMPAIRMENT, chart.PAYMENT_COSTS, chart.DISPOSAL_COSTS, chart.DISPOSAL_RESULT,
}  # fmt: skip
"""Accounts that no transfer joins to the customer's own."""


def test_every_event_is_said_in_words():
    missing = [event.name for event in Event if not WORDS.get(event)]
    assert not missing, f"Say in balance_words.WORDS what a customer calls these: {missing}"


def test_every_account_is_the_customers_or_a_line_or_inside():
    homeless = [account.name for code, account in chart.ACCOUNTS.items() if code not in OWED | INSIDE | set(OTHER_SIDE)]
    assert not homeless, f"Give these accounts a line in balance_words.OTHER_SIDE (or list them as INSIDE): {homeless}"


def test_every_line_has_its_rule():
    told = {Kind.BORROWED, Kind.INTEREST, Kind.PAID}  # these are told from the agreement
    assert set(Kind) == told | set(RULES)
