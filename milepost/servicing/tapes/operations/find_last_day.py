"""The last day of a tape: the latest movement of an agreement that can be taken in. What is rejected says nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.db import connection

from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.tapes.operations.take_in_chunk import Reader, would_take_in
from milepost.servicing.tapes.operations.write_agreements import Context

AT_ONCE = 200
"""Agreements tried together. Most tapes need one attempt: the first of them are sound."""


def find_last_day(*, reader: Reader, context: Context, until: date) -> date | None:
    """The latest movement, or month of the book itself, of an agreement that would be taken in; none after `until`.

    Tries the agreements in the order of their last day, latest first, without writing, until one is sound. Each is
    tried as it will be taken in: up to its own last day where the order names none, else up to the order's.
    """
    trial = reader
    if not reader.as_of_given:
        trial = replace(reader, reporting=replace(reader.reporting, as_of=date.min, last_month=date.min))
    with transaction():
        _lay_out(until)
    for tried in _latest_first():
        with transaction():
            sound = would_take_in(places=[place for place, _, _ in tried], reader=trial, context=context)
        if days := [day for _, reference, day in tried if reference in sound]:
            return max(days)
    return None


@in_transaction
def _lay_out(until: date) -> None:
    """The sound-looking agreements of the book and the last day that each has, in a temporary table."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS tape_last_day")
        cursor.execute(
            """
            CREATE TEMPORARY TABLE tape_last_day AS
            SELECT b.place, b.reference, greatest(b.day, m.day) AS day
            FROM tape_book AS b LEFT JOIN (
                SELECT reference, max(day) FILTER (WHERE day <= %s) AS day,
                       bool_and(day IS NOT NULL AND fault = '') AS sound
                FROM tape_movement GROUP BY reference) AS m USING (reference)
            WHERE b.fault = '' AND coalesce(m.sound, true) AND greatest(b.day, m.day) <= %s
            """,
            [until, until],
        )
        cursor.execute("CREATE INDEX ON tape_last_day (day DESC, place)")
        cursor.execute("ANALYZE tape_last_day")


def _latest_first() -> Iterator[list[tuple[int, str, date]]]:
    """Place, number and last day of some agreements after the other, the latest first."""
    day, place = date.max, -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT place, reference, day FROM tape_last_day
                WHERE day < %s OR (day = %s AND place > %s) ORDER BY day DESC, place LIMIT %s
                """,
                [day, day, place, AT_ONCE],
            )
            found: list[tuple[int, str, date]] = cursor.fetchall()
        if not found:
            return
        yield found
        place, _, day = found[-1]
