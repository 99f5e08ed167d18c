"""Personal contract purchase: hire purchase whose final payment, the guaranteed future value, is the customer's choice.

The final payment is contractual: it is never adjusted for pence (domain.md 2.3).
"""

from milepost.finance.products.protocol import HIRE_PURCHASE_RIGHTS, BalloonRule, CreditProduct, TitlePasses

PCP = CreditProduct(
    code="PCP",
    name="personal contract purchase",
    rights=HIRE_PURCHASE_RIGHTS,
    title=TitlePasses.BY_OPTION,
    balloon=BalloonRule.ALWAYS,
)
