"""The only writer of transfers. Posting is insert and nothing else: the role may not update, a trigger refuses."""

from milepost.servicing.ledger.operations.once import KeyCannotBe, KeyReused, once
from milepost.servicing.ledger.operations.post import (
    COLUMNS,
    AlreadyPosted,
    Booked,
    Row,
    copy_transfers,
    ensure_quarters,
    insert_transfers_sql,
    post,
    post_many,
    rows,
)
from milepost.servicing.ledger.operations.reverse import AlreadyReversed, NothingToReverse, reverse

__all__ = [
    "COLUMNS", "AlreadyPosted", "AlreadyReversed", "Booked", "KeyCannotBe", "KeyReused", "NothingToReverse", "Row",
    "copy_transfers", "ensure_quarters", "insert_transfers_sql", "once", "post", "post_many", "reverse", "rows",
]  # fmt: skip
