"""The balance over time as points on a field of 480 by 200."""

from datetime import date

from milepost.finance.calendars import add_months
from milepost.plumbing import formats, lender
from milepost.servicing.agreements.queries.reading import Reading
from milepost.servicing.agreements.queries.views import PlotView

WIDTH, HEIGHT = 480, 200
STEPS = (1, 2, 3, 4, 5, 6, 8, 10)


def plot(reading: Reading) -> PlotView | None:
    """How the balance falls: solid until today, dotted if she pays as planned. None where there is nothing to draw."""
    schedule = reading.loaded.schedule
    if not reading.is_live or len(schedule) < 2 or schedule.opening <= 0:
        return None
    balances = [schedule.opening, *schedule.balances()]
    begins, ends = schedule.drawdown_date, schedule.due(len(schedule) - 1)
    days = max(1, (ends - begins).days)
    step = axis_step(max(balances))
    scale = HEIGHT / (3 * step)

    def x(on: date) -> str:
        return _short(WIDTH * max(0, min(days, (on - begins).days)) / days)

    def y(balance: int) -> str:
        return _short(HEIGHT - balance * scale)

    due = reading.rows_due
    points = [
        f"{x(begins)},{y(balances[0])}",
        *(f"{x(schedule.due(row))},{y(balances[row + 1])}" for row in range(len(schedule))),
    ]
    balance = reading.balance
    now_x, now_y = x(reading.on), y(balance)
    now = f"{now_x},{now_y}"
    final = reading.balloon
    planned = points[due + 1 :]
    if final:
        # The line stops where the final payment begins; the payment itself is drawn as a bar.
        planned = [*planned[:-1], f"{WIDTH},{y(final)}"]
    paid, ahead = [*points[: due + 1], now], [now, *planned]
    last_row = len(schedule) - 2 if reading.balloon_row_apart else len(schedule) - 1
    return PlotView(
        paid_points=" ".join(paid),
        ahead_points=" ".join(ahead),
        paid_area=" ".join([f"0,{HEIGHT}", *paid, f"{now_x},{HEIGHT}"]),
        ahead_area=" ".join([f"{now_x},{HEIGHT}", *ahead, f"{WIDTH},{HEIGHT}"]),
        now_x=now_x,
        now_y=now_y,
        balloon_path=f"M{WIDTH - 2} {y(final)}V{HEIGHT}" if final else "",
        y_labels=tuple(axis_label(step * place) for place in (3, 2, 1, 0)),
        x_labels=(begins, add_months(begins, _months(begins, ends) // 2), ends),
        opening=schedule.opening,
        opened_on=begins,
        balance=balance,
        last_balance=final if final and not reading.balloon_row_apart else balances[last_row + 1],
        last_on=schedule.due(last_row),
        balloon=final,
    )


def axis_step(largest: int) -> int:
    """A third of the axis, in minor units: the smallest round number whose treble holds the largest balance."""
    unit = 100
    while True:
        for step in STEPS:
            if 3 * step * unit >= largest:
                return step * unit
        unit *= 10


def axis_label(minor: int) -> str:
    """£24k above a thousand, else £800."""
    symbol = formats.SYMBOLS.get(lender.current().currency, "")
    return f"{symbol}{minor // 100_000}k" if minor and minor % 100_000 == 0 else f"{symbol}{minor // 100:,}"


def _months(begins: date, ends: date) -> int:
    return (ends.year - begins.year) * 12 + ends.month - begins.month


def _short(place: float) -> str:  # a place on the screen, not an amount
    return f"{place:.1f}".removesuffix(".0")
