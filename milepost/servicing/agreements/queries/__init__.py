"""Questions about agreements: what the pages show, and who may be invited."""

from milepost.servicing.agreements.queries.agreement_page import agreement
from milepost.servicing.agreements.queries.loading import Loaded, load
from milepost.servicing.agreements.queries.people import user_for_invitation, users_to_invite
from milepost.servicing.agreements.queries.plot import plot
from milepost.servicing.agreements.queries.reading import STATUS_TEXTS, Reading, money, vehicle
from milepost.servicing.agreements.queries.schedule_page import schedule

__all__ = [
    "STATUS_TEXTS", "Loaded", "Reading", "agreement", "load", "money", "plot", "schedule",
    "user_for_invitation", "users_to_invite", "vehicle",
]  # fmt: skip
