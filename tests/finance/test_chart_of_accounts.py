"""Every account has a code, a name and a normal side."""

from milepost.finance import chart_of_accounts as chart
from milepost.finance.chart_of_accounts import ACCOUNTS, CLEARING, Channel, Side


def test_every_code_of_the_module_is_an_account():
    codes = {value for name, value in vars(chart).items() if name.isupper() and isinstance(value, int)}
    assert codes == set(ACCOUNTS)
    assert all(account.code == code and account.name for code, account in ACCOUNTS.items())


def test_assets_and_costs_stand_in_debit_income_and_liabilities_in_credit():
    sides = {code: account.normal_side for code, account in ACCOUNTS.items()}
    assert sides[chart.BANK] == sides[chart.PRINCIPAL] == sides[chart.WRITE_OFFS] == Side.DEBIT
    assert sides[chart.CUSTOMER_CREDIT] == sides[chart.INTEREST_INCOME] == sides[chart.BROUGHT_FORWARD] == Side.CREDIT
    assert sides[chart.LOSS_ALLOWANCE] == Side.CREDIT


def test_every_channel_has_a_place_to_wait():
    assert set(CLEARING) == set(Channel)
