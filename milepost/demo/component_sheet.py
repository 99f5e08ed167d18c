"""The component sheet: every part of the pages once, with invented figures, for looking at and for the checks."""

from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milepost.servicing.agreements.queries.balance_views import BalanceLine, Month, Row
from milepost.servicing.agreements.queries.settlement_views import Comparison
from milepost.servicing.agreements.queries.views import (
    AgreementHead,
    CostLine,
    HalfRule,
    Milestone,
    PlotView,
    ScheduleRow,
    ScheduleYear,
    SwitcherItem,
    VehicleView,
)
from milepost.servicing.payments.queries.views import OverviewView
from milepost.web.shared.pages import PublicRequest, public_page, render

ON = date(2026, 11, 22)
CAR = VehicleView("LX25 KCD", "Averley Finch 1.2 S")
HEAD = AgreementHead(
    "7034118255", "7034 1182 55", "PCP", "Personal contract purchase", CAR, "LIVE", "ok", "Up to date", True, True
)
PAID = "0,16.7 30,22.3 60,28.1 90,33.9 120,39.9 150,45.9 180,52.1 210,58.4"
TO_COME = "210,58.4 240,64.8 270,71.4 300,78.1 330,84.9 360,91.8 390,98.8 420,106.0 450,113.4 480,118.4"
PLOT = PlotView(
    paid_points=PAID,
    ahead_points=TO_COME,
    paid_area=f"0,200 {PAID} 210,200",
    ahead_area=f"210,200 {TO_COME} 480,200",
    now_x="210",
    now_y="58.4",
    balloon_path="M478 117.9V200",
    y_labels=("£24k", "£16k", "£8k", "£0"),
    x_labels=(date(2025, 2, 14), date(2027, 2, 14), date(2029, 2, 14)),
    opening=2199500,
    opened_on=date(2025, 2, 14),
    balance=1698608,
    last_balance=979797,
    last_on=date(2029, 1, 14),
    balloon=985000,
)
OTHERS = (
    SwitcherItem("7034118255", "7034 1182 55", CAR, "Personal contract purchase", "up to date", True),
    SwitcherItem("7051209631", "7051 2096 31", VehicleView("", ""), "Personal loan", "settled", False),
)
OVERVIEW = OverviewView(
    given_name="Priya",
    head=HEAD,
    others=OTHERS,
    next=None,
    overdue=0,
    overdue_count=0,
    arrears_since=None,
    left_to_pay=1930580,
    left_words="26 payments",
    ends_on=date(2029, 2, 14),
    settlement_estimate=1722204,
    settlement_good_until=ON,
    settlement_reason="",
    plot=PLOT,
    payments_made=21,
    payments_count=47,
    months_left=26,
    facts=(("Type", "Personal contract purchase"), ("Agreement number", "7034 1182 55"), ("Ends", "14 February 2029")),
    recent=(),
    last_sign_in="",
    as_of=ON,
)
STATES = (
    ("PAID", "Paid", ""),
    ("PART_PAID", "Part paid", ""),
    ("MISSED", "Missed", ""),
    ("NEXT", "Next", ""),
    ("TO_COME", "To come", ""),
    ("FINAL", "Your choice", "Optional final payment"),
)
YEAR = ScheduleYear(
    year=2026,
    summary="6 payments, one in each state",
    is_open=True,
    rows=tuple(
        ScheduleRow(
            number=number,
            due=date(2026, number + 6, 14),
            status=status,
            status_text=words,
            interest=12519 - 130 * number,
            principal=23811 + 130 * number,
            fee=1000 if status == "FINAL" else 0,
            balance=1945695 - 24000 * number,
            payment=36330,
            is_next=status == "NEXT",
            note=note,
        )
        for number, (status, words, note) in enumerate(STATES, start=1)
    ),
)
COSTS = (
    CostLine("You borrowed", "£24,995.00 for the car, less your deposit", 2199500, False),
    CostLine("Interest", "7.9% APR, fixed for 48 months", 493010, False),
    CostLine("Deposit you paid", "", 300000, False),
    CostLine("Total amount payable", "", 2992510, True),
)
HALF = HalfRule(
    2993510, 997837, 1496755, 1062930, True, False, 433825, date(2027, 11, 14), "213.0", "199", "299"
)  # fmt: skip
ROWS = (
    Row(date(2026, 11, 14), "14 Nov 2026", "Interest for the month", 10921),
    Row(date(2026, 11, 16), "16 Nov 2026", "Direct Debit", -36330, payment="PYZZZZZZ9", recorded_on=ON),
)
LINES = (
    BalanceLine("You borrowed", 2199500, "what was paid out for the car", "your agreement", "14 February 2025", (),
                "BORROWED", "0.0", "536.5"),
    BalanceLine("Interest", 262038, "a month of interest on what is left", "your agreement", "21 months", ROWS[:1],
                "INTEREST", "536.5", "63.5"),
    BalanceLine("You paid", -762930, "what reached us", "our ledger", "21 payments", ROWS[1:],
                "PAID", "414.0", "186.0"),
)  # fmt: skip
MONTH = Month("November", 2026, 10921, -36330, 0, 1698608, ROWS, "17,240.17 at 0.6345% a month", ("Latest",), True)
BOTH = Comparison(1930580, 1722204, 1698608, 231972, 23596, 208376, "525", "72", "7", "535", "65")
STONES = (
    Milestone("You started", date(2025, 2, 14), "You borrowed £21,995.00", "done"),
    Milestone("You are here", ON, "21 of 47 payments made", "now"),
    Milestone("The end", date(2029, 2, 14), "Last day of the agreement", "to-come"),
)


@require_safe
@public_page
def component_sheet(request: PublicRequest) -> HttpResponse:
    """Every component, in each of its states."""
    given = {"view": OVERVIEW, "schedule": YEAR, "half": HALF, "costs": COSTS, "stones": STONES}
    given |= {"lines": LINES, "of_month": MONTH, "both": BOTH}
    return render(request, "component_sheet.html", given)
