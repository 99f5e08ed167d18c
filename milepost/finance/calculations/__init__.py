"""Every calculation as one fixed interface: a plain dict in, a plain dict out (docs/reference/calculations.md).

The command line and the HTTP API call `answer`; nothing here knows of either. A kind is one file, loaded when it is
first asked for.
"""

from functools import cache
from importlib import import_module
from typing import Any

from milepost.finance.calculations.answers import with_engine
from milepost.finance.calculations.declaration import NO_TABLES, Kind, Tables
from milepost.finance.money import FinanceError

__all__ = ["KINDS", "NO_TABLES", "Kind", "Tables", "answer", "kind", "refusal"]

KINDS: dict[str, str] = {
    "schedule": "schedule",
    "apr": "apr",
    "apr-tolerance": "apr_tolerance",
    "settlement": "settlement",
    "partial-settlement": "partial_settlement",
    "compensatory-amount": "compensatory_amount",
    "voluntary-termination": "voluntary_termination",
    "end-of-term": "end_of_term",
    "hire": "hire",
    "default-interest": "default_interest",
    "allocation": "allocation",
    "appropriation": "appropriation",
    "direct-debit-dates": "direct_debit_dates",
    "compliance-clock": "compliance_clock",
    "bank-account": "bank_account",
}
"""Each kind's name, and the file here that declares it."""


@cache
def kind(name: str) -> Kind:
    """The declaration of a kind. Raises KeyError for a name that KINDS does not have."""
    found: Kind = import_module(f"milepost.finance.calculations.{KINDS[name]}").KIND
    return found


def answer(name: str, request: object, tables: Tables = NO_TABLES) -> dict[str, Any]:
    """The answer to a request, or `{"error": {"code", "field", "message"}}`; never an exception for bad figures."""
    declared = kind(name)
    try:
        return with_engine(declared.compute(declared.request.read(request), tables))
    except FinanceError as error:
        return refusal(error.code, declared.paths.get(error.field, error.field), error.message)


def refusal(code: str, field: str, message: str) -> dict[str, Any]:
    """An answer that says why there is none."""
    return {"error": {"code": code, "field": field, "message": message}}
