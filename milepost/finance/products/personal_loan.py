"""Fixed-sum personal loan: the car is the customer's from the start, so neither half rule nor one-third protection."""

from milepost.finance.products.protocol import LOAN_RIGHTS, BalloonRule, CreditProduct, TitlePasses

PERSONAL_LOAN = CreditProduct(
    code="PERSONAL_LOAN",
    name="personal loan",
    rights=LOAN_RIGHTS,
    title=TitlePasses.AT_THE_START,
    balloon=BalloonRule.NEVER,
)
