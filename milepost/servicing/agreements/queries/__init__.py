"""Questions about agreements: what the pages show, and who may be invited."""

from milepost.servicing.agreements.queries.agreement_page import agreement
from milepost.servicing.agreements.queries.balance_page import balance
from milepost.servicing.agreements.queries.loading import Loaded, load
from milepost.servicing.agreements.queries.people import user_for_invitation, users_to_invite
from milepost.servicing.agreements.queries.plot import plot
from milepost.servicing.agreements.queries.reading import STATUS_TEXTS, Reading, money, vehicle
from milepost.servicing.agreements.queries.schedule_page import schedule
from milepost.servicing.agreements.queries.settlement_figures import estimate, read, recompute
from milepost.servicing.agreements.queries.settlement_page import settlement
from milepost.servicing.agreements.queries.settlement_quote_page import settlement_quote
from milepost.servicing.agreements.queries.settlement_quotes import quotes_of

__all__ = [
    "STATUS_TEXTS", "Loaded", "Reading", "agreement", "balance", "estimate", "load", "money", "plot", "quotes_of",
    "read", "recompute", "schedule", "settlement", "settlement_quote", "user_for_invitation", "users_to_invite",
    "vehicle",
]  # fmt: skip
