"""Questions about payments: the overview and the history."""

from milepost.servicing.payments.queries.history import history, payment
from milepost.servicing.payments.queries.mandate import has_mandate
from milepost.servicing.payments.queries.overview import overview
from milepost.servicing.payments.queries.titles import titles

__all__ = ["has_mandate", "history", "overview", "payment", "titles"]
