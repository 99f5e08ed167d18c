"""What an import writes ties in the ledger's own proof, and takes facts of later days and no earlier ones."""

from datetime import date

import pytest

from milepost.plumbing.errors import Refusal
from milepost.servicing.agreements.models import Standing
from milepost.servicing.agreements.queries import checking
from milepost.servicing.agreements.states import Status
from milepost.servicing.ledger import queries
from milepost.servicing.payments.queries import checking as payments
from tests.servicing.tapes.test_real_book import LOANS, MONTHS
from tests.support.money import Running
from tests.support.tapes import PRIYA, Tapes, payment

EVERY = checking.Range(0, checking.EVERYTHING)


def test_a_replayed_book_ties_and_a_late_payment_changes_only_what_it_must(tapes: Tapes):
    paid = [payment(PRIYA["agreement"], f"2025-{month:02}-14", "363.30") for month in range(3, 8)]
    paid[2]["returned_on"] = "2025-05-19"
    paid[3]["amount"] = "500.00"
    tapes.take_in([PRIYA], paid, form="milepost", as_of=date(2025, 11, 22))
    assert checking.breaks(EVERY) + payments.breaks(EVERY) == []
    running = Running(Standing.objects.get().agreement_id)
    before = len(queries.transfers(running.id))
    running.pay(363_30, date(2026, 11, 20))
    assert len(queries.transfers(running.id)) == before + 1
    assert checking.breaks(EVERY) == []


@pytest.mark.skipif(not (LOANS.exists() and MONTHS.exists()), reason="the real book is kept out of the repository")
def test_the_real_book_ties(dollar_tapes: Tapes):
    report = dollar_tapes.take_in(LOANS, MONTHS)
    assert checking.breaks(EVERY) + payments.breaks(EVERY) == []
    sums = queries.pair_sums(0, checking.EVERYTHING, old=report.as_of)
    assert sum(queries.trial_balance(sums).values()) == 0
    assert queries.stuck_in_clearing(sums) == {}
    assert {(pair.event, pair.debit, pair.credit) for pair in sums} <= queries.possible_pairs()
    running = Running(Standing.objects.filter(status=Status.LIVE).order_by("agreement_id")[0].agreement_id)
    with pytest.raises(Refusal, match="old system's books stand until"):
        running.pay(1_00, report.as_of)
    running.pay(1_00, date(2026, 11, 20))
    assert checking.breaks(EVERY) == []
