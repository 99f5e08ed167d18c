"""A whole book: nothing twice, nothing half, nothing in silence."""

import re
from datetime import date

import pytest

from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements.models import Agreement, Schedule, Standing
from milepost.servicing.customers.models import Customer
from milepost.servicing.identity import operations as identity
from milepost.servicing.identity.models import ContactPoint
from milepost.servicing.identity.states import ContactKind
from milepost.servicing.ledger.models import Transfer
from milepost.servicing.payments.models import Mandate, Payment
from milepost.servicing.tapes.models import TakenIn, Tape
from milepost.servicing.tapes.operations import import_book, reconcile
from milepost.servicing.tapes.operations.write_rejects import guarded
from milepost.servicing.tapes.states import TapeState
from tests.support.tapes import AT, LOAN, PRIYA, TODAY, Tapes, counts, month, only_agreement, payment

NUMBER = LOAN["assetNumber"]
SEPTEMBER = month(NUMBER, "2019-09-30", "13384.87", "347.41", "491.74")
OCTOBER = month(NUMBER, "2019-10-31", "13216.91", "167.96", "245.87")
EARLY = date(2025, 3, 20)


def written() -> tuple[int, ...]:
    tables = (Agreement, Schedule, Standing, Customer, ContactPoint, Payment, Transfer, TakenIn, Mandate)
    return tuple(table.objects.count() for table in tables)


def test_a_tape_of_dollars_is_refused_by_a_lender_in_pounds(tapes: Tapes):
    with pytest.raises(import_book.WrongCurrency, match=r"is in USD, and this lender's books are in GBP"):
        tapes.take_in([LOAN])


def test_the_same_tape_again_changes_nothing_and_says_so(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], [SEPTEMBER, OCTOBER])
    before = written()
    report = dollar_tapes.take_in([LOAN], [SEPTEMBER, OCTOBER])
    assert counts(report) == (0, 0, 1, 0)
    assert report.movement_rows == {"UNCHANGED": 2}
    assert written() == before
    assert report.changed_nothing
    assert "nothing was changed" in reconcile.words(report)
    assert report.everything_is_explained
    assert report.lines[1].ours == 13216_91


def test_a_day_after_the_lenders_own_is_refused(dollar_tapes: Tapes):
    with pytest.raises(import_book.AfterToday, match="after the lender's date, 22\xa0November\xa02026"):
        dollar_tapes.take_in([LOAN], as_of=date(2026, 11, 23))
    assert not Tape.objects.exists()
    assert dollar_tapes.take_in([LOAN], as_of=TODAY).as_of == TODAY


def test_movements_that_are_a_header_alone_are_spoken_of(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([LOAN], ",".join(SEPTEMBER) + "\r\n")
    assert counts(report) == (1, 0, 0, 0)
    sentence = "movements.csv holds a header and no movement: the book was taken in as it stands by itself."
    assert sentence in reconcile.words(report)
    assert sentence in (dollar_tapes.folder / "book.report.html").read_text()
    assert report.counts_tie


def test_a_longer_history_continues_the_agreement(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], [SEPTEMBER])
    report = dollar_tapes.take_in([LOAN], [SEPTEMBER, OCTOBER])
    assert counts(report) == (0, 1, 0, 0)
    assert report.months_tie
    agreement = only_agreement()
    assert list(agreement.schedules.order_by("version").values_list("version", flat=True)) == [1, 2]
    standing = Standing.objects.get()
    assert (standing.schedule_version, standing.principal_outstanding, standing.revision) == (2, 13216_91, 2)
    assert standing.next_due == date(2019, 11, 30)
    assert Payment.objects.count() == 2


def test_a_shorter_history_of_an_earlier_day_is_unchanged(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], [SEPTEMBER, OCTOBER])
    assert counts(dollar_tapes.take_in([LOAN], [SEPTEMBER])) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("book", "history", "reason"),
    [
        ({**LOAN, "originalLoanAmount": "14529.56"}, [SEPTEMBER], "has other figures than when it was taken in"),
        (LOAN, [{**SEPTEMBER, "totalActualAmountPaid": "491.75"}], "has another history than when it was taken in"),
        (LOAN, [{**SEPTEMBER, "totalActualAmountPaid": "1"}, OCTOBER], "has another history than when it was taken in"),
    ],
)
def test_money_that_is_booked_is_not_changed_by_a_tape(dollar_tapes: Tapes, book, history, reason):
    dollar_tapes.take_in([LOAN], [SEPTEMBER])
    before = written()
    assert counts(dollar_tapes.take_in([book], history)) == (0, 0, 0, 1)
    assert reason in dollar_tapes.rejects()[0]["reject_reason"]
    assert written() == before


def test_an_agreement_that_has_moved_here_since_is_not_continued(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], [SEPTEMBER])
    Standing.objects.update(revision=7)
    dollar_tapes.take_in([LOAN], [SEPTEMBER, OCTOBER])
    assert "has moved here since" in dollar_tapes.rejects()[0]["reject_reason"]


def test_payments_that_follow_continue_an_agreement_of_terms(tapes: Tapes):
    first, second = payment("7034118255", "2025-03-14", "363.30"), payment("7034118255", "2025-04-14", "363.30")
    tapes.take_in([PRIYA], [first], form="milepost", as_of=EARLY)
    report = tapes.take_in([PRIYA], [first, second], form="milepost", as_of=date(2025, 4, 20))
    assert counts(report) == (0, 1, 0, 0)
    assert Schedule.objects.count() == 1
    standing = Standing.objects.get()
    assert (standing.next_number, standing.due_total, standing.paid_total) == (3, 2 * 363_30, 2 * 363_30)


def test_what_fell_due_without_being_paid_continues_an_agreement_of_terms_as_well(tapes: Tapes):
    tapes.take_in([PRIYA], [payment("7034118255", "2025-03-14", "363.30")], form="milepost", as_of=EARLY)
    paid, later = [payment("7034118255", "2025-03-14", "363.30")], date(2025, 4, 20)
    report = tapes.take_in([PRIYA], paid, form="milepost", as_of=later)
    assert counts(report) == (0, 1, 0, 0)
    assert report.everything_is_explained
    standing = Standing.objects.get()
    assert (standing.due_total, standing.paid_total) == (2 * 363_30, 363_30)
    assert standing.arrears_since == date(2025, 4, 14)
    assert (report.in_arrears, report.overdue) == (1, 363_30)
    report = tapes.take_in([PRIYA], paid, form="milepost", as_of=later)
    assert counts(report) == (0, 0, 1, 0)
    assert report.everything_is_explained


def test_an_earlier_state_of_what_is_held_ties_to_the_ledger_of_its_day(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], [SEPTEMBER, OCTOBER])
    report = dollar_tapes.take_in([LOAN], [SEPTEMBER])
    assert counts(report) == (0, 0, 1, 0)
    assert report.everything_is_explained
    assert report.lines[1].ours == 13384_87


def test_an_earlier_state_that_never_was_is_rejected(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], [SEPTEMBER, OCTOBER], as_of=TODAY)
    report = dollar_tapes.take_in([LOAN], [SEPTEMBER], as_of=date(2019, 10, 31))
    assert counts(report) == (0, 0, 0, 1)
    assert "has another history than when it was taken in" in dollar_tapes.rejects()[0]["reject_reason"]


def test_new_contact_details_and_a_new_account_are_taken_over(tapes: Tapes):
    tapes.take_in([PRIYA], form="milepost", as_of=EARLY)
    moved = {
        **PRIYA, "email": "p.shah@example.com", "postcode": "CF97 0ZZ", "direct_debit_account_ending": "9317",
        "registration": "PR1 YAS",
    }  # fmt: skip
    assert counts(tapes.take_in([moved], form="milepost", as_of=EARLY)) == (0, 1, 0, 0)
    assert counts(tapes.take_in([moved], form="milepost", as_of=EARLY)) == (0, 0, 1, 0)
    current = ContactPoint.objects.filter(valid_to=date(9999, 12, 31), kind="EMAIL")
    assert [point.value for point in current] == ["p.shah@example.com"]
    [customer] = Customer.objects.all()
    assert customer.postal_addresses.get(valid_to=date(9999, 12, 31)).postcode == "CF97 0ZZ"
    assert Mandate.objects.get(state="ACTIVE").account_ending == "9317"
    assert only_agreement().vehicle.registration == "PR1 YAS"


def test_contact_details_of_a_customer_who_has_joined_are_hers(tapes: Tapes):
    tapes.take_in([PRIYA], form="milepost", as_of=EARLY)
    user = Customer.objects.get().user
    with transaction():
        identity.prove_contact(user_id=user.id, kind=ContactKind.EMAIL, value=PRIYA["email"], at=AT)
    report = tapes.take_in([{**PRIYA, "email": "thief@example.com"}], form="milepost", as_of=EARLY)
    assert counts(report) == (0, 1, 0, 0)
    assert not ContactPoint.objects.filter(value="thief@example.com").exists()
    assert "hers to change" in report.notes[0].reason


def test_a_dry_run_checks_everything_and_writes_nothing(dollar_tapes: Tapes):
    bad = {**LOAN, "assetNumber": "2", "originalLoanAmount": "x"}
    before = written()
    report = dollar_tapes.take_in([LOAN, bad], [SEPTEMBER], dry_run=True)
    assert counts(report) == (1, 0, 0, 1)
    assert written() == before
    assert not Tape.objects.exists()
    assert len(dollar_tapes.rejects()) == 1
    assert "dry run: nothing was written" in reconcile.words(report)


def test_rejects_are_corrected_and_imported(dollar_tapes: Tapes):
    bad = {**LOAN, "assetNumber": "2", "originalLoanAmount": "=1+1"}
    history = [SEPTEMBER, {**SEPTEMBER, "assetNumber": "2"}]
    assert counts(dollar_tapes.take_in([LOAN, bad], history)) == (1, 0, 0, 1)
    book = dollar_tapes.folder / "book.rejects.csv"
    assert "'=1+1" in book.read_text(encoding="utf-8-sig")
    mended = book.read_text(encoding="utf-8-sig").replace("'=1+1", "14529.55", 1)
    moved = (dollar_tapes.folder / "movements.rejects.csv").read_text(encoding="utf-8-sig")
    report = dollar_tapes.take_in(mended, moved, name="mended.csv")
    assert counts(report) == (1, 0, 0, 0)
    assert report.movement_rows == {"IMPORTED": 1}
    assert Agreement.objects.count() == 2


def test_rejects_that_are_gone_leave_no_file(dollar_tapes: Tapes):
    dollar_tapes.take_in([{**LOAN, "originalLoanAmount": "x"}])
    assert dollar_tapes.rejects()
    dollar_tapes.take_in([LOAN])
    assert not dollar_tapes.rejects()


def test_a_number_that_stands_twice(dollar_tapes: Tapes):
    same, other = {**LOAN, "assetNumber": "2"}, {**LOAN, "assetNumber": "3"}
    differs = {**other, "originalLoanAmount": "9999.00"}
    report = dollar_tapes.take_in([LOAN, same, same, other, differs])
    assert counts(report) == (2, 0, 0, 3)
    reasons = {row["reject_line"]: row["reject_reason"] for row in dollar_tapes.rejects()}
    assert reasons["4"] == "stands twice: the row is the same as on line 3"
    assert (
        reasons["5"] == reasons["6"] == "stands on 2 lines with different figures, first on line 5; keep the right one"
    )


def test_movements_of_no_agreement_are_rejected_and_those_of_one_held_are_left_alone(dollar_tapes: Tapes):
    other = {**LOAN, "assetNumber": "2"}
    dollar_tapes.take_in([LOAN], [SEPTEMBER])
    report = dollar_tapes.take_in([other], [SEPTEMBER, {**SEPTEMBER, "assetNumber": "404"}])
    assert report.movement_rows == {"UNCHANGED": 1, "REJECTED": 1}
    [reject] = dollar_tapes.rejects("movements")
    assert (reject["reject_line"], reject["reject_value"]) == ("3", "404")
    assert reject["reject_reason"] == "belongs to no agreement of the book"


def test_every_row_read_ends_somewhere(dollar_tapes: Tapes):
    rows = [LOAN, {**LOAN, "assetNumber": "2", "loanMaturityDate": "x"}, {**LOAN, "assetNumber": ""}]
    text = "\r\n".join(",".join(row) for row in [list(LOAN), *(list(row.values()) for row in rows)])
    tape = text.encode() + b"\r\ntoo,short\r\n" + b"\x00\xff,\r\n"
    report = dollar_tapes.take_in(
        tape, [SEPTEMBER, {**SEPTEMBER, "assetNumber": "2"}, {**SEPTEMBER, "assetNumber": ""}]
    )
    assert report.rows_read == 5
    assert counts(report) == (1, 0, 0, 4)
    assert report.counts_tie
    assert report.movements_read == 3
    assert [row["reject_line"] for row in dollar_tapes.rejects()] == ["3", "4", "5", "6"]


def test_a_history_without_end_is_rejected(dollar_tapes: Tapes):
    report = dollar_tapes.take_in([LOAN], [SEPTEMBER] * 1_300)
    assert counts(report) == (0, 0, 0, 1)
    assert report.movement_rows == {"REJECTED": 1_300}
    assert "has 1300 movements; at most 1200 can be" in dollar_tapes.rejects()[0]["reject_reason"]


def test_a_number_that_another_agreement_has_is_rejected(tapes: Tapes):
    tapes.take_in([PRIYA], form="milepost", as_of=EARLY)
    TakenIn.objects.all().delete()
    tapes.take_in([PRIYA], form="milepost", as_of=EARLY)
    assert "is already the number of another agreement" in tapes.rejects()[0]["reject_reason"]


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1"])
def test_no_cell_of_a_rejects_file_is_a_formula(cell):
    assert guarded(cell).startswith("'")


def test_plain_negative_numbers_are_no_formulas():
    assert guarded("-12.50") == "-12.50"


def test_an_unusable_file_leaves_one_line_of_rejects_and_nothing_else(dollar_tapes: Tapes):
    with pytest.raises(import_book.FileUnusable, match="is empty"):
        dollar_tapes.take_in(b"")
    [reject] = dollar_tapes.rejects()
    assert reject["reject_reason"] == "book.csv is empty."
    assert not Tape.objects.exists()


def test_a_missing_file_is_a_sentence(dollar_tapes: Tapes):
    with pytest.raises(import_book.FileUnusable, match="No such file"):
        dollar_tapes.take_in(dollar_tapes.folder / "nowhere.csv")


def test_two_imports_at_once_are_refused(database_clone, american, tmp_path):
    def one():
        return Tapes(tmp_path).take_in([{**LOAN, "assetNumber": str(number)} for number in range(600)])

    outcomes = database_clone.at_once(one, one)
    refused = [outcome for outcome in outcomes if isinstance(outcome, import_book.AnotherImportRuns)]
    assert len(refused) == 1


def test_the_report_is_a_page_of_its_own_with_every_figure(dollar_tapes: Tapes):
    hostile = {**LOAN, "assetNumber": "<script>alert(1)</script>", "originalLoanAmount": "x"}
    report = dollar_tapes.take_in([LOAN, hostile], [month(NUMBER, "2019-09-30", "14000.00", "0", "54.86")])
    page = (dollar_tapes.folder / "book.report.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "Every cent is explained" in page
    assert "$14,000.00" in page
    assert "$267.72" in page
    assert not re.search(r'(?:src|href)="', page)
    assert report.report_file.endswith("book.report.html")


def test_the_tape_is_kept_with_its_counts(dollar_tapes: Tapes):
    dollar_tapes.take_in([LOAN], [SEPTEMBER])
    tape = Tape.objects.get()
    assert (tape.state, tape.as_of, tape.book_name) == (TapeState.DONE, date(2019, 9, 30), "book.csv")


def test_a_lender_maps_its_own_columns(tapes: Tapes):
    path = tapes.folder / "mine.toml"
    path.write_text(
        'based_on = "milepost"\ncurrency = "GBP"\ndates = ["%d/%m/%y"]\n[book]\ncurrency = false\n'
        'reference = { columns = "KEY", read = "reference", required = true }\n'
        'agreed_on = { columns = "SIGNED", read = "day", required = true }\n'
    )
    row = {**PRIYA, "KEY": "A-1", "SIGNED": "14/02/25"}
    for gone in ("agreement", "agreed_on", "currency", "drawdown_date", "first_due_date", "birth_date"):
        row.pop(gone)
    assert counts(tapes.take_in([row], form=path, as_of=TODAY)) == (1, 0, 0, 0)
    assert only_agreement().agreed_on == date(2025, 2, 14)
