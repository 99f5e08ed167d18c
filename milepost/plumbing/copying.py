"""Many rows at once: PostgreSQL's COPY on Django's connection, inside the operation's transaction."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from psycopg import sql

from milepost.plumbing.transactions import require_transaction


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows into a table; answers how many. Keys and checks hold as for any insert: a fault fails them all."""
    require_transaction(f"COPY into {table}")
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def copy_packed(table: str, columns: Sequence[str], rows: Iterable[bytes]) -> int:
    """Write rows packed in PostgreSQL's binary form already: for narrow tables of fixed width, by the million."""
    require_transaction(f"COPY into {table}")
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    waiting = iter(rows)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        while block := list(islice(waiting, 1_000)):
            copy.write(b"".join(block))
            count += len(block)
        copy.write(b"\xff\xff")
    return count


def reserve_ids(sequence: str, count: int) -> range:
    """`count` consecutive numbers of a sequence, ours alone."""
    require_transaction(f"Numbers of {sequence}")
    if count < 1:
        return range(0)
    with connection.cursor() as cursor:
        # Every bulk reservation waits its turn here, so only a single nextval elsewhere can fall in between.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [sequence])
        cursor.execute(
            "SELECT min(n), max(n) FROM (SELECT nextval(%s) AS n FROM generate_series(1, %s)) numbers",
            [sequence, count],
        )
        first, last = cursor.fetchone()
    if last - first + 1 == count:
        return range(first, last + 1)
    # Someone took a number in between: take a stretch far enough ahead that is whole.
    return reserve_ids(sequence, count)
