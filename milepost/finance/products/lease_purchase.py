"""Lease purchase: hire purchase, often with several instalments in advance; a balloon, if any, must be paid."""

from milepost.finance.products.protocol import HIRE_PURCHASE_RIGHTS, BalloonRule, CreditProduct, TitlePasses

LEASE_PURCHASE = CreditProduct(
    code="LEASE_PURCHASE",
    name="lease purchase",
    rights=HIRE_PURCHASE_RIGHTS,
    title=TitlePasses.BY_OPTION,
    balloon=BalloonRule.MAY,
)
