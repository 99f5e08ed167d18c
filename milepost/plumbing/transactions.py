"""Two words for transactions: an operation opens one, a part of an operation needs one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction as django_transaction

from milepost.plumbing.errors import InvariantBroken

P = ParamSpec("P")
R = TypeVar("R")


def transaction() -> AbstractContextManager[None]:
    """The transaction of one operation. It must be the outermost: an operation that is part of another is a fault."""
    return django_transaction.atomic(durable=True)


def in_transaction(part: Callable[P, R]) -> Callable[P, R]:
    """For operations meant to be called by other operations: refuses to run outside `transaction()`."""

    @wraps(part)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        require_transaction(part.__qualname__)
        return part(*args, **kwargs)

    return checked


def require_transaction(what: str) -> None:
    """Raises InvariantBroken unless an operation's transaction is open (a test case's own does not count)."""
    if not any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise InvariantBroken(f"{what} must run inside transaction()")
