"""Hire purchase: level instalments, then the car may be bought for the option fee (CCA 1974 s189)."""

from milepost.finance.products.protocol import HIRE_PURCHASE_RIGHTS, BalloonRule, CreditProduct, TitlePasses

HIRE_PURCHASE = CreditProduct(
    code="HIRE_PURCHASE",
    name="hire purchase",
    rights=HIRE_PURCHASE_RIGHTS,
    title=TitlePasses.BY_OPTION,
    balloon=BalloonRule.NEVER,
)
