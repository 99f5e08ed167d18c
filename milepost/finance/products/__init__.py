"""The product types by code. A new one is a file here, a line in PRODUCTS, its tests and its page in docs/products."""

from milepost.finance.products.conditional_sale import CONDITIONAL_SALE
from milepost.finance.products.hire_purchase import HIRE_PURCHASE
from milepost.finance.products.lease_purchase import LEASE_PURCHASE
from milepost.finance.products.pcp import PCP
from milepost.finance.products.personal_contract_hire import PERSONAL_CONTRACT_HIRE
from milepost.finance.products.personal_loan import PERSONAL_LOAN
from milepost.finance.products.protocol import Product

PRODUCTS: dict[str, Product] = {
    product.code: product
    for product in (HIRE_PURCHASE, PCP, LEASE_PURCHASE, CONDITIONAL_SALE, PERSONAL_LOAN, PERSONAL_CONTRACT_HIRE)
}
