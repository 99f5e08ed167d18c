"""The book at once says what the scalar code says of each agreement, to the penny."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from milepost.finance import amortisation, apr, bulk, schedule
from milepost.finance.book import CONTRACT, CONVENTIONS, EFFECTIVE, FLAT, NOMINAL, Book
from milepost.finance.money import FinanceError
from milepost.finance.terms import Balloon, Fee, FeeKind, OddFirstPeriod, RateConvention, Terms, Timing
from tests.finance.agreements import printed, priya, rated
from tests.finance.test_properties import built, terms as any_terms

ODD = {"drawdown_date": date(2025, 1, 17), "first_due_date": date(2025, 3, 1)}


def same(agreements: list[Terms], places: int = 1) -> bulk.Schedules:
    """Check every figure of a book of these agreements; returns their schedules."""
    book = Book.of(agreements)
    made = bulk.schedules(book)
    levels, aprs = bulk.level_instalments(book), bulk.aprs(book, made, places)
    for place, terms in enumerate(agreements):
        single = schedule.build(terms)
        assert made.of(place) == (list(single.principal), list(single.interest)), terms
        assert levels[place] == amortisation.instalment(terms), terms
        percent = apr.rounded(apr.of_schedule(single, terms.upfront_fees), places)
        assert aprs[place] == percent.scaleb(places), terms
    return made


@st.composite
def books(draw: st.DrawFn) -> list[Terms]:
    found = [terms for terms in draw(st.lists(any_terms(), max_size=8)) if built(terms) and has_apr(terms)]
    return found * draw(st.integers(1, 2))


def has_apr(terms: Terms) -> bool:
    try:
        apr.of_schedule(schedule.build(terms), terms.upfront_fees)
    except FinanceError:
        return False
    return True


@settings(max_examples=150)
@given(books(), st.integers(0, 6))
def test_a_book_is_its_agreements_to_the_penny(agreements: list[Terms], places: int):
    same(agreements, places)


@settings(max_examples=40)
@given(
    st.sampled_from((RateConvention.NOMINAL, RateConvention.EFFECTIVE, RateConvention.FLAT)),
    st.lists(st.tuples(st.integers(1, 2_147_483_647), st.integers(1, 600), st.integers(0, 2_000_000_000)), max_size=6),
)
def test_amounts_rates_and_terms_of_every_size(convention: RateConvention, figures: list[tuple[int, int, int]]):
    agreements = []
    for credit, number, millionths in figures:
        terms = Terms(credit, number, convention, Decimal(millionths).scaleb(-6))
        if built(terms):
            agreements.append(terms)
    if agreements:
        book = Book.of(agreements)
        made = bulk.schedules(book)
        for place, terms in enumerate(agreements):
            single = schedule.build(terms)
            assert made.of(place) == (list(single.principal), list(single.interest))


@given(st.integers(1, 500), st.integers(1, 200))
def test_interest_of_exactly_half_a_penny_goes_up_without_asking_the_scalar_code(odd: int, number: int):
    # At 6 % a month's interest on 100 pence, 300 pence, 500 pence… is a half.
    made = same([rated((2 * odd - 1) * 100 * number, number, "NOMINAL", "6")])
    assert made.redone.size == 0 or number == 1


def test_a_tie_of_the_published_kind():
    made = same([rated(12_702_00, 48, "NOMINAL", "9"), rated(10_000_00, 36, "NOMINAL", "0")])
    assert made.redone.size == 0


def near_an_edge(convention: int) -> Book:
    """A book so large that some of its figures lie within 1e-6 of half a penny."""
    count = 40_000
    chance = np.random.default_rng(5)
    credit = chance.integers(5_000_00, 50_000_00, count)
    rate = chance.integers(1, 2500, count) * 10_000
    charge = 1000 + chance.integers(20, 600, count)
    return Book.from_arrays(
        amount_of_credit=credit,
        number_of_instalments=np.full(count, 60),
        convention=np.full(count, convention),
        annual_millionths=rate,
        instalment=credit * charge // 60_000 + 1,
    )


@pytest.mark.parametrize("convention", [EFFECTIVE, FLAT, CONTRACT], ids=str)
def test_what_is_near_an_edge_is_done_again(convention: int):
    book = near_an_edge(convention)
    made = bulk.schedules(book)
    assert 0 < made.redone.size < 50
    for place in [*made.redone.tolist(), *range(0, len(book), 997)]:
        single = schedule.build(book.terms(place))
        assert made.of(place) == (list(single.principal), list(single.interest))


def test_an_instalment_of_exactly_half_a_penny_is_done_again():
    # One instalment of 201 pence at 6 % a year: 201 + 1.005; of 100 pence: 100.5, a tie.
    book = Book.of([rated(201, 1, "NOMINAL", "6"), rated(100, 1, "NOMINAL", "6")])
    assert bulk.level_instalments(book).tolist() == [202, 101]
    assert bulk.schedules(book).redone.tolist() == [1]


def test_an_apr_on_the_edge_of_its_last_place_is_done_again():
    # 100.50 a year on 100 is 0.5 %, and 104.25 is 4.25 %: five in the next place goes up.
    fee = (Fee(FeeKind.OTHER, 0, 1),)
    agreements = [printed(100_00, 12, 0, final_instalment=100_50, fees=fee)]
    with pytest.raises(bulk.Refused):  # eleven payments of nought are refused: the schedule comes first
        bulk.schedules(Book.of(agreements))
    book = Book.of([rated(50_000_00 * place, 12, "EFFECTIVE", "4.25") for place in range(1, 5)])
    made = bulk.schedules(book)
    for places in range(7):
        expected = [
            apr.rounded(apr.of_schedule(schedule.build(book.terms(index))), places).scaleb(places) for index in range(4)
        ]
        assert bulk.aprs(book, made, places).tolist() == expected


def test_one_month_has_an_apr_that_stands_on_an_edge():
    # Paid back as lent there is no charge; with a penny more the APR is (1 + 1/200)^12, far from an edge.
    same([printed(2_00, 1, 2_00), printed(2_00, 1, 2_01)])


def test_every_shape_of_a_common_agreement():
    percent = {"NOMINAL": "8.9", "EFFECTIVE": "9.9", "FLAT": "5.5"}
    fees = (
        Fee(FeeKind.ACCEPTANCE, 150_00, 1),
        Fee(FeeKind.OPTION_TO_PURCHASE, 10_00, Timing.LAST),
        Fee(FeeKind.OTHER, 25_00, Timing.UPFRONT),
    )
    agreements = [priya()]
    for convention in CONVENTIONS:
        for advance in (0, 1, 3):
            for balloon in (None, Balloon(4_000_00, 36 - advance), Balloon(4_000_00, 37 - advance)):
                for charged in ((), fees):
                    shape: dict[str, Any] = {"advance_instalments": advance, "balloon": balloon, "fees": charged}
                    if convention is RateConvention.CONTRACT:
                        agreements.append(printed(12_000_00, 36, 390_00, final_instalment=391_00, **shape))
                    else:
                        agreements.append(Terms(12_000_00, 36, convention, Decimal(percent[convention]), **shape))
    made = same(agreements, 6)
    assert made.redone.size == 0
    same(agreements * 2, 1)


def test_without_interest():
    agreements = [rated(10_000_00, 36, name, "0") for name in ("NOMINAL", "EFFECTIVE", "FLAT")]
    agreements += [
        rated(10_000_00, 36, "EFFECTIVE", "0", balloon=Balloon(999_99, 37)),
        printed(12_000_00, 48, 250_00),
    ]
    assert same(agreements).redone.size == 0


def test_what_is_out_of_the_common_shape_goes_through_the_scalar_code():
    agreements = [
        rated(9_000_00, 36, "EFFECTIVE", "10.9", odd_first_period=OddFirstPeriod.COMPOUND, **ODD),
        rated(9_000_00, 36, "NOMINAL", "10.35", odd_first_period=OddFirstPeriod.SIMPLE, **ODD),
        rated(9_000_00, 36, "FLAT", "5.1234567"),
        rated(9_000_00, 36, "NOMINAL", "9.9"),
    ]
    assert same(agreements).redone.tolist() == [0, 1, 2]
    assert bulk.level_instalments(Book.of(agreements)).tolist()[0] == 293_30


def test_dates_and_fees_that_only_the_apr_feels():
    agreements = [
        rated(9_000_00, 36, "NOMINAL", "9.9", **ODD),
        rated(9_000_00, 36, "NOMINAL", "9.9", drawdown_date=date(2025, 1, 31)),
        rated(9_000_00, 36, "NOMINAL", "9.9", fees=(Fee(FeeKind.OTHER, 50_00, 7),)),
        rated(9_000_00, 36, "NOMINAL", "9.9", drawdown_date=date(2025, 1, 20)),
    ]
    assert same(agreements, 6).redone.size == 0
    assert Book.of(agreements).uneven.tolist() == [True, True, True, False]


def test_rates_that_are_too_fine_to_be_exact_are_proposed():
    same([rated(20_000_000_00, 12, "NOMINAL", "8.912345"), rated(5_000_00, 60, "NOMINAL", "8.912345")])


def test_no_agreements():
    for book in (Book.of([]), Book.from_arrays(amount_of_credit=[])):
        made = bulk.schedules(book)
        assert (len(book), made.groups) == (0, ())
        assert bulk.level_instalments(book).size == bulk.aprs(book, made).size == 0


def test_one_agreement_from_arrays():
    book = Book.from_arrays(
        amount_of_credit=[12_000_00], number_of_instalments=[48], convention=[CONTRACT], instalment=[298_05]
    )
    made = bulk.schedules(book)
    assert bulk.level_instalments(book).tolist() == [298_05]
    assert sum(made.of(0)[1]) == 2_306_40
    assert bulk.aprs(book, made, 1).tolist() == [93]
    assert book.terms(0).final_instalment == 298_05


def test_blocks_join_without_a_seam(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk, "_BLOCK", 3)
    same([rated(10_000_00 + 7 * place, 12, "NOMINAL", "9.9") for place in range(8)])


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"number_of_instalments": 0}, "number_of_instalments"),
        ({"number_of_instalments": 601}, "number_of_instalments"),
        ({"number_of_instalments": -5}, "number_of_instalments"),
        ({"amount_of_credit": 0}, "amount_of_credit"),
        ({"amount_of_credit": 1 << 31}, "amount_of_credit"),
        ({"annual_millionths": -1}, "annual_percent"),
        ({"annual_millionths": 10**17}, "annual_percent"),
        ({"advance_instalments": 12}, "advance_instalments"),
        ({"balloon": 5_000_01}, "balloon.amount"),
        ({"balloon": 1, "balloon_later": 2}, "balloon.month"),
        ({"convention": 4}, "convention"),
        ({"convention": -1}, "convention"),
        ({"first_fee": -1}, "fees"),
        ({"convention": CONTRACT, "instalment": 1_00}, "instalment"),
        ({"convention": CONTRACT, "instalment": 20_000_00}, "instalment"),
        ({"convention": CONTRACT, "instalment": 5_000_00, "advance_instalments": 1}, "instalment"),
        ({"amount_of_credit": 1, "convention": NOMINAL}, "number_of_instalments"),
        ({"annual_millionths": 10**10, "amount_of_credit": 2**31 - 1}, "number_of_instalments"),
        ({"annual_millionths": 10**10, "amount_of_credit": 2**31 - 1, "convention": FLAT}, "instalment"),
    ],
    ids=str,
)
def test_a_refusal_names_the_agreement_and_the_field(columns: dict[str, int], field: str):
    good = {
        "amount_of_credit": 5_000_00,
        "number_of_instalments": 12,
        "convention": NOMINAL,
        "annual_millionths": 10**7,
    }
    names = good.keys() | columns.keys()
    book = Book.from_arrays(**{name: [good.get(name, 0), columns.get(name, good.get(name, 0))] for name in names})
    with pytest.raises(bulk.Refused) as refused:
        bulk.schedules(book)
    assert (refused.value.index, refused.value.field) == (1, field)
    assert str(refused.value).startswith(f"agreement 1: {field}: ")


def test_instalments_of_terms_that_cannot_be_are_refused():
    book = Book.from_arrays(amount_of_credit=[1_00, 0], number_of_instalments=[1, 1])
    with pytest.raises(bulk.Refused, match="agreement 1: amount_of_credit"):
        bulk.level_instalments(book)


def test_fees_that_leave_no_apr_are_refused():
    agreements = [
        rated(100_00, 12, "NOMINAL", "9.9"),
        rated(100_00, 12, "NOMINAL", "9.9", fees=(Fee(FeeKind.OTHER, 100_00, Timing.UPFRONT),)),
    ]
    book = Book.of(agreements)
    with pytest.raises(bulk.Refused, match="agreement 1: payments: no rate"):
        bulk.aprs(book, bulk.schedules(book))


@pytest.mark.parametrize("places", [-1, 7])
def test_places_that_no_apr_has(places: int):
    book = Book.of([])
    with pytest.raises(FinanceError, match="must be from 0 to 6"):
        bulk.aprs(book, bulk.schedules(book), places)


@pytest.mark.parametrize(
    ("columns", "code", "field"),
    [
        ({"amount_of_credit": [1.5]}, "wrong_type", "amount_of_credit"),
        ({"amount_of_credit": [[1]]}, "contradiction", "amount_of_credit"),
        ({"amount_of_credit": [1], "balloon": [1, 2]}, "contradiction", "balloon"),
        ({"amount_of_credit": [1], "colour": [1]}, "unknown", "colour"),
    ],
)
def test_columns_that_are_none(columns: dict[str, Any], code: str, field: str):
    with pytest.raises(FinanceError) as refused:
        Book.from_arrays(**columns)
    assert (refused.value.code, refused.value.field) == (code, field)
