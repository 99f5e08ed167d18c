"""Questions about payments: the overview and the history."""

from milepost.servicing.payments.queries.history import history, payment
from milepost.servicing.payments.queries.overview import overview

__all__ = ["history", "overview", "payment"]
