"""The page "Why is it this number?": the balance on any day, as it is known now or was known then, to the penny."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import chain
from zoneinfo import ZoneInfo

from django.db import connection

from milepost.finance import chart_of_accounts as chart
from milepost.finance.entries import Event
from milepost.finance.schedule import Schedule
from milepost.plumbing import formats, lender
from milepost.servicing.agreements.queries.balance_lines import Account, monthly_rate, moves, place, total
from milepost.servicing.agreements.queries.balance_views import BalanceView, Difference, LeftToPay, OtherDay, Row
from milepost.servicing.agreements.queries.loading import Loaded, load
from milepost.servicing.agreements.queries.reading import Reading
from milepost.servicing.agreements.states import ScheduleReason, Status
from milepost.servicing.ledger import queries as ledger
from milepost.servicing.ledger.queries import Posted

DAYS_TO_LOOK_AT = 3
MANY = 12
"""More entries than this, recorded on one day, are told line by line: a whole history that came in at once."""


def balance(
    agreement_id: int, *, today: date, on: date | None = None, known: date | None = None,
    titles: Mapping[int, str] | None = None,
) -> BalanceView:  # fmt: skip
    """The balance of an agreement on a day (default: today), from what had been recorded by the end of another.

    `titles` names payments by their numbers. A day that cannot be shown is said in `faults`, and today is shown
    instead. Two statements; one more for `known`, and one for a day before the schedule in force.
    """
    loaded = load([agreement_id])[0]
    posted = ledger.transfers(agreement_id, until=today)
    begins_on = posted[0].effective_on if posted else loaded.schedule.drawdown_date
    recorded_from = min([_day_of(transfer.recorded_at) for transfer in posted] + [today])
    faults = tuple(_faults(on, known, begins_on, recorded_from, today))
    day = today if faults or on is None else on
    then = None if faults else known
    shown = now = [transfer for transfer in posted if transfer.effective_on <= day]
    if then is not None and then < today:  # the lender's date may lag behind the clock: today's knowledge is all of it
        shown = ledger.transfers(agreement_id, until=day, known_at=end_of(then))
    account = Account(
        loaded, moves(shown), monthly_rate(loaded), titles or {},
        tuple(sorted({transfer.policy_version for transfer in shown})),
    )  # fmt: skip
    lines = tuple(account.lines())
    amount = total(account.moves)
    standing = 0
    peaks = [standing := standing + line.amount for line in lines]
    return BalanceView(
        head=Reading(loaded, today).head(),
        on=day,
        known=then,
        as_of=today,
        begins_on=begins_on,
        recorded_from=recorded_from,
        faults=faults,
        balance=amount,
        lines=lines,
        total_x=place(amount, max(*peaks, 1)),
        parts=tuple(_parts(_Standing.of(shown))),
        years=account.years(),
        left=_left(loaded, shown, amount, day, ended=_ended(loaded, posted, day)),
        difference=_difference(account, now, shown) if then is not None else None,
        other_days=tuple(_other_days(posted, day, today, begins_on)),
    )


def end_of(day: date) -> datetime:
    """The last moment of a day in the lender's time zone."""
    zone = ZoneInfo(lender.current().time_zone)
    return datetime.combine(day, time.max, zone).astimezone(UTC)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(lender.current().time_zone)).date()


def _faults(
    on: date | None, known: date | None, begins_on: date, recorded_from: date, today: date
) -> Iterator[tuple[str, str]]:
    """What is wrong with the days asked for: field and words."""
    if on is not None and on > today:
        yield "on", f"The day must be today, {formats.day(today)}, or before"
    elif on is not None and on < begins_on:
        yield "on", f"Our record of this agreement begins on {formats.day(begins_on)}. Enter that day or a later one"
    if known is not None and known > today:
        yield "known", f"The day we knew it must be today, {formats.day(today)}, or before"
    elif known is not None and known < recorded_from:
        yield (
            "known",
            f"Our system holds nothing from before {formats.day(recorded_from)}. Enter that day or a later one",
        )


@dataclass(frozen=True, slots=True)
class _Standing:
    """The customer's accounts: debit balances positive, minor units."""

    principal: int
    due: int
    default_sums: int
    credit: int
    """Hers: below nought where she has any."""

    @classmethod
    def of(cls, posted: Sequence[Posted]) -> "_Standing":
        accounts = (chart.PRINCIPAL, chart.DUE_FROM_CUSTOMER, chart.DEFAULT_SUMS, chart.CUSTOMER_CREDIT)
        sums = dict.fromkeys(accounts, 0)
        for transfer in posted:
            for account, amount in ((transfer.debit, transfer.amount), (transfer.credit, -transfer.amount)):
                if account in sums:
                    sums[account] += amount
        return cls(*sums.values())


def _parts(standing: _Standing) -> Iterator[tuple[str, int, str]]:
    """What the balance consists of, where it is more than what has not fallen due."""
    unpaid, ahead = max(0, standing.due), standing.credit + min(0, standing.due)
    if not (unpaid or ahead or standing.default_sums):
        return
    yield "Not due yet", standing.principal, "What you borrowed and your later payments pay back."
    if unpaid:
        yield "Due and not paid", unpaid, "Payments we asked for that have not reached us, with their interest."
    if standing.default_sums:
        yield "Charges not paid", standing.default_sums, "For payments that were missed or came back."
    if ahead:
        yield "Your credit", ahead, "Paid already and kept for your next payments."


def _ended(loaded: Loaded, posted: Sequence[Posted], on: date) -> bool:
    """Whether the agreement was over on that day: from its last move on, once it is not live any more."""
    return loaded.status is not Status.LIVE and all(transfer.effective_on <= on for transfer in posted)


def _left(loaded: Loaded, shown: Sequence[Posted], amount: int, on: date, *, ended: bool) -> LeftToPay:
    """The balance with all that the schedule of that day still adds to it; a reason where that does not tie."""
    if ended:
        return LeftToPay(None, 0, 0, "This agreement has ended, so nothing more falls due.")
    principal = _Standing.of(shown).principal
    in_force = [loaded.schedule] if loaded.effective_from <= on else []
    for plan in chain(in_force, _schedules_of(loaded.id, on)):
        for row in range(plan.rows_due_by(on), -1, -1):
            if sum(plan.principal[row:]) == principal:
                interest, fees = sum(plan.interest[row:]), sum(plan.fees[row:])
                return LeftToPay(amount + interest + fees, interest, fees, "")
    if loaded.schedule_reason is ScheduleReason.IMPORTED_BALANCE and not in_force:
        day = formats.day(loaded.effective_from)
        return LeftToPay(None, 0, 0, f"Before {day} another system kept your payment schedule: we can’t say it here.")
    reason = "What is recorded for that day does not fit the payment schedule: we can’t say it here. Please call us."
    return LeftToPay(None, 0, 0, reason)


def _schedules_of(agreement_id: int, on: date) -> Iterator[Schedule]:
    """The versions of the schedule that had begun by a day, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT drawdown_date, first_due, due_day, advance, principal, interest, fees FROM agreements_schedule
            WHERE agreement_id = %s AND effective_from <= %s ORDER BY version DESC
            """,
            [agreement_id, on],
        )
        rows = cursor.fetchall()
    for drawdown, first_due, due_day, advance, principal, interest, fees in rows:
        arrays = tuple(principal), tuple(interest), tuple(fees)
        yield Schedule(drawdown, first_due, due_day, advance, sum(principal), *arrays)


def _difference(account: Account, now: Sequence[Posted], shown: Sequence[Posted]) -> Difference | None:
    """What was recorded after the day whose knowledge is shown, each with the day it was recorded on."""
    seen = set(shown)
    later = [transfer for transfer in now if transfer not in seen]
    rows: list[Row] = []
    for recorded_on in sorted({_day_of(transfer.recorded_at) for transfer in later}):
        of_day = moves(transfer for transfer in later if _day_of(transfer.recorded_at) == recorded_on)
        told = account.summed(of_day) if len(of_day) > MANY else [account.row(move) for move in of_day]
        rows += [replace(row, recorded_on=recorded_on) for row in told]
    if not rows:
        return None
    then, changed = total(account.moves), sum(row.amount for row in rows)
    return Difference(then=then, now=then + changed, amount=changed, rows=tuple(rows))


def _other_days(posted: Sequence[Posted], on: date, today: date, begins_on: date) -> Iterator[OtherDay]:
    """Days worth looking at, the latest first, each with the balance as it is known now."""
    days = {today: "Today", date(today.year - 1, 12, 31): "End of last year", begins_on: "The day it began"}
    returned = [transfer.effective_on for transfer in posted if transfer.event is Event.PAYMENT_RETURNED]
    if returned:
        days.setdefault(returned[-1], "The day a payment came back")
    worth = sorted((day for day in days if begins_on <= day <= today and day != on), reverse=True)
    for day in worth[:DAYS_TO_LOOK_AT]:
        yield OtherDay(days[day], day, total(moves(row for row in posted if row.effective_on <= day)))
