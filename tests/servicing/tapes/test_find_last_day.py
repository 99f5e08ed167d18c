"""The day of a tape that names none: the last movement of what is taken in, whatever the rejected rows say."""

from datetime import date

import pytest

from milepost.servicing.agreements.models import Standing
from milepost.servicing.agreements.states import Status
from milepost.servicing.tapes.models import Chunk, Tape
from milepost.servicing.tapes.operations import find_last_day
from milepost.servicing.tapes.states import TapeState
from tests.support.tapes import LOAN, PRIYA, Tapes, counts, month, payment

AUGUST, SEPTEMBER, OCTOBER = date(2019, 8, 31), date(2019, 9, 30), date(2019, 10, 31)
GOOD, BAD = {**LOAN, "assetNumber": "GOOD"}, {**LOAN, "assetNumber": "BAD"}
ROLLED = month("BAD", "2019-09-30", "13384.87", "347.41", "491.74")


def later(**changed: str) -> dict[str, str]:
    return {**month("BAD", "2019-10-31", "13216.91", "167.96", "245.87"), **changed}


@pytest.mark.parametrize(
    "history",
    [
        [later(), later()],
        [later(reportingPeriodActualEndBalanceAmount="abc")],
        [later(reportingPeriodActualEndBalanceAmount="9999999.00")],
        [later(), later(reportingPeriodEndingDate="2019-11-31")],
        [later(), later(reportingPeriodEndingDate="2027-11-30")],
        [later(reportingPeriodEndingDate="2019-08-31")],
    ],
    ids=["twice", "unreadable", "absurd", "no such date", "after today", "the book's own month"],
)
def test_movements_of_rejected_agreements_do_not_move_the_day(dollar_tapes: Tapes, history):
    report = dollar_tapes.take_in([GOOD, BAD], history)
    assert counts(report) == (1, 0, 0, 1)
    assert report.as_of == AUGUST
    assert Standing.objects.get().status == Status.LIVE
    assert report.movement_rows == {"REJECTED": len(history)}
    assert report.counts_tie


def test_a_bad_movement_after_the_day_is_still_rejected_with_its_line(dollar_tapes: Tapes):
    good = [month("GOOD", "2019-09-30", "13384.87", "347.41", "491.74")]
    report = dollar_tapes.take_in([GOOD, BAD], [*good, ROLLED, later(), later()])
    assert (report.as_of, counts(report)) == (SEPTEMBER, (1, 0, 0, 1))
    [book] = dollar_tapes.rejects()
    assert book["reject_reason"] == "line 5 of the movements: is a second row for that month"
    assert [row["reject_line"] for row in dollar_tapes.rejects("movements")] == ["3", "4", "5"]


def test_a_row_of_the_book_that_is_rejected_does_not_move_the_day_either(dollar_tapes: Tapes):
    bad = {**BAD, "reportingPeriodEndingDate": "09-30-2019", "originalLoanAmount": "x"}
    report = dollar_tapes.take_in([GOOD, bad])
    assert (report.as_of, counts(report)) == (AUGUST, (1, 0, 0, 1))
    assert Standing.objects.get().status == Status.LIVE


def test_with_a_day_given_rejected_agreements_say_nothing_of_the_last_month_either(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([GOOD, BAD], [later(), later()], as_of=date(2019, 12, 31))
    assert (report.as_of, counts(report)) == (date(2019, 12, 31), (1, 0, 0, 1))
    assert Standing.objects.get().status == Status.LIVE


def test_of_accepted_agreements_the_last_movement_counts(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([GOOD, BAD], [ROLLED, later()])
    assert (report.as_of, counts(report)) == (OCTOBER, (2, 0, 0, 0))
    assert set(Standing.objects.values_list("status", flat=True)) == {Status.LIVE, Status.TRANSFERRED}


def test_an_agreement_that_other_figures_are_held_of_does_not_move_the_day(dollar_tapes: Tapes):
    dollar_tapes.take_in([BAD], [ROLLED])
    report = dollar_tapes.take_in([GOOD, {**BAD, "originalLoanAmount": "14529.56"}], [ROLLED, later()])
    assert (report.as_of, counts(report)) == (AUGUST, (1, 0, 0, 1))


def test_a_tape_of_terms_begins_on_the_last_good_payment(tapes: Tapes):
    other = {**PRIYA, "agreement": "7034121007"}
    history = [payment(PRIYA["agreement"], "2025-03-14", "363.30"), payment("7034121007", "2026-06-14", "0.00")]
    report = tapes.take_in([PRIYA, other], history, form="milepost")
    assert (report.as_of, counts(report)) == (date(2025, 3, 14), (1, 0, 0, 1))


def test_where_nothing_is_accepted_there_is_no_day(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([BAD], [later(), later()])
    assert counts(report) == (0, 0, 0, 1)


def test_many_rejected_agreements_are_passed_over(dollar_tapes: Tapes, monkeypatch):
    monkeypatch.setattr(find_last_day, "AT_ONCE", 2)
    book = [{**LOAN, "assetNumber": f"BAD{number}"} for number in range(7)]
    history = [{**later(), "assetNumber": row["assetNumber"]} for row in book for _ in range(2)]
    report = dollar_tapes.take_in([GOOD, *book], history)
    assert (report.as_of, counts(report)) == (AUGUST, (1, 0, 0, 7))


def test_an_import_that_was_cut_short_keeps_the_day_that_it_found(dollar_tapes: Tapes):
    first = dollar_tapes.take_in([GOOD, BAD], [later(), later()])
    Tape.objects.update(state=TapeState.RUNNING, finished_at=None)
    Chunk.objects.all().delete()
    again = dollar_tapes.take_in([GOOD, BAD], [later(), later()])
    assert (first.as_of, again.as_of) == (AUGUST, AUGUST)
    assert counts(again) == (0, 0, 1, 1)
    assert Tape.objects.count() == 1
