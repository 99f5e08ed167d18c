"""Conditional sale: the car is the customer's with the last payment, without an option or a fee for it."""

from milepost.finance.products.protocol import HIRE_PURCHASE_RIGHTS, BalloonRule, CreditProduct, TitlePasses

CONDITIONAL_SALE = CreditProduct(
    code="CONDITIONAL_SALE",
    name="conditional sale",
    rights=HIRE_PURCHASE_RIGHTS,
    title=TitlePasses.WITH_THE_LAST_PAYMENT,
    balloon=BalloonRule.MAY,
)
