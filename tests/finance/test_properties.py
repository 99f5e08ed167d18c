"""What holds for every schedule that can be built, whatever its terms."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings, strategies as st

from milepost.finance import apr
from milepost.finance.money import FinanceError
from milepost.finance.schedule import Schedule, build
from milepost.finance.terms import Balloon, Fee, FeeKind, OddFirstPeriod, RateConvention, Terms, Timing

CREDIT = st.integers(1_00, 100_000_00)
PERCENT = st.decimals(0, 60, places=3)
REFUSALS = {
    (code, field)
    for code in ("too_small", "too_large", "negative_amortisation")
    for field in ("instalment", "number_of_instalments")
}
DRAWN = st.dates(date(2000, 1, 1), date(2080, 12, 31))


@st.composite
def terms(draw: st.DrawFn, convention: RateConvention | None = None) -> Terms:
    """Terms of any kind; some of them cannot be scheduled, and then say why."""
    convention = convention or draw(st.sampled_from(RateConvention))
    credit, number = draw(CREDIT), draw(st.integers(1, 96))
    advance = draw(st.integers(0, min(6, number - 1)))
    others: dict[str, Any] = {}
    if draw(st.booleans()):
        month = number - advance + draw(st.integers(0, 1))
        others["balloon"] = Balloon(draw(st.integers(1, credit)), month)
    if draw(st.booleans()):
        drawn = draw(DRAWN)
        first = date.fromordinal(drawn.toordinal() + draw(st.integers(1, 75)))
        others |= {
            "drawdown_date": drawn,
            "first_due_date": first,
            "odd_first_period": draw(st.sampled_from(OddFirstPeriod)),
        }
    if draw(st.booleans()):
        others["fees"] = (
            Fee(FeeKind.ACCEPTANCE, draw(st.integers(0, 500_00)), 1),
            Fee(FeeKind.OTHER, draw(st.integers(0, 50_00)), draw(st.sampled_from(Timing))),
        )
    if convention is RateConvention.CONTRACT:
        balloon = others["balloon"].amount if "balloon" in others else 0
        to_spread = credit * draw(st.integers(1000, 1800)) // 1000 - balloon
        others["instalment"] = max(1, to_spread // number)
    else:
        others["annual_percent"] = draw(PERCENT)
    return Terms(credit, number, convention, advance_instalments=advance, **others)


def built(agreed: Terms) -> Schedule | None:
    """The schedule, or None where the terms were refused with a field and a reason."""
    try:
        return build(agreed)
    except FinanceError as refused:
        if (refused.code, refused.field) not in REFUSALS:
            raise
        return None


@settings(max_examples=120)
@given(terms())
def test_principal_repays_the_credit_and_interest_is_never_negative(agreed: Terms):
    schedule = built(agreed)
    if schedule is None:
        return
    assert sum(schedule.principal) == agreed.amount_of_credit
    assert schedule.balance_after(len(schedule) - 1) == schedule.balances()[-1] == 0
    assert min(schedule.interest) >= 0
    assert min(schedule.principal) >= 0
    assert all(interest <= schedule.payment(row) for row, interest in enumerate(schedule.interest))
    assert sum(schedule.fees) == sum(fee.amount for fee in agreed.fees) - agreed.upfront_fees
    assert schedule.interest[: agreed.advance_instalments] == (0,) * agreed.advance_instalments


@given(terms())
def test_every_instalment_but_the_last_is_level_and_the_balloon_is_exact(agreed: Terms):
    schedule = built(agreed)
    if schedule is None:
        return
    last = agreed.number_of_instalments - 1
    assert len({schedule.payment(row) for row in range(last)}) <= 1
    if agreed.balloon and len(schedule) > agreed.number_of_instalments:
        assert schedule.payment(last + 1) == agreed.balloon.amount
    if agreed.rate_convention is RateConvention.CONTRACT:
        shared = agreed.balloon.amount if agreed.balloon and len(schedule) == last + 1 else 0
        assert schedule.payment(last) == (agreed.instalment or 0) + shared


@given(terms())
def test_a_schedule_is_a_pure_function_of_its_frozen_terms(agreed: Terms):
    assert built(Terms.from_json(agreed.to_json())) == built(agreed)


@given(terms())
def test_a_stored_schedule_is_rebuilt(agreed: Terms):
    schedule = built(agreed)
    if schedule is None:
        return
    rebuilt = Schedule.from_arrays(
        drawdown_date=schedule.drawdown_date,
        first_due=schedule.first_due,
        due_day=schedule.due_day,
        advance=schedule.advance,
        principal=schedule.principal,
        interest=schedule.interest,
        fees=schedule.fees,
    )
    assert rebuilt == schedule
    if agreed.drawdown_date:
        dues = [schedule.due(row) for row in range(len(schedule))]
        assert dues == sorted(dues)
        assert [schedule.rows_due_by(due) for due in dues] == [dues.count(due) + dues.index(due) for due in dues]


@settings(max_examples=40)
@given(terms(RateConvention.EFFECTIVE))
def test_the_apr_of_an_effective_rate_without_fees_is_that_rate(agreed: Terms):
    schedule = built(agreed)
    if schedule is None or agreed.amount_of_credit < 5_000_00 or agreed.fees or agreed.drawdown_date:
        return
    difference = apr.of_schedule(schedule) - (agreed.annual_percent or Decimal(0))
    assert abs(difference) < Decimal("0.6")  # pennies of rounding weigh most on one or two instalments
