"""Giving a settlement figure: once for a key, only while the agreement runs, kept for ever as it was given."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction as django_transaction

from milepost.finance.policy import Deferral
from milepost.finance.terms import RateConvention, Terms
from milepost.plumbing import lender, references
from milepost.plumbing.actor import Actor
from milepost.servicing.agreements import operations, queries
from milepost.servicing.agreements.models import SettlementQuote, SettlementQuoteMove
from milepost.servicing.agreements.operations import Issued
from milepost.servicing.agreements.operations.issue_settlement_quote import DayOutOfReach, KeyUsed, NoFigure
from milepost.servicing.agreements.states import QuoteState, Status
from milepost.servicing.audit.models import Event
from tests.support.agreements import TODAY, Made, make, priya_terms

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 10, 47, tzinfo=UTC)


def issue(made: Made, settle_on: date = TODAY, *, key: str = "one", received_on: date = TODAY) -> Issued:
    return operations.issue_settlement_quote(
        agreement_id=made.id, received_on=received_on, settle_on=settle_on, key=key,
        actor=Actor.customer(made.user_id), at=NOW,
    )  # fmt: skip


def given(issued: Issued) -> SettlementQuote:
    return SettlementQuote.objects.get(id=issued.quote_id)


def priya() -> Made:
    return make(priya_terms(), product="PCP", account_ending="4417")


def test_priyas_figure_is_the_one_in_her_documents_with_everything_it_rests_on() -> None:
    made = priya()
    quote = given(issue(made))
    assert quote.amount_to_settle == 17_222_04
    assert (quote.received_on, quote.settle_on) == (TODAY, TODAY)
    assert (quote.good_until, quote.settlement_date) == (date(2026, 12, 20), date(2027, 1, 19))
    assert [(line["label"], line["amount"]) for line in quote.lines] == [
        ("26 monthly payments still to come", 9_445_80),
        ("Optional final payment", 9_850_00),
        ("Option to purchase fee", 10_00),
        ("Less your rebate", -2_083_76),
    ]
    assert all(line["rule"] and line["source"] for line in quote.lines)
    assert quote.result["owing"] == 16_495_44
    assert quote.inputs["schedule"]["version"] == 1
    assert len(quote.inputs["schedule"]["principal"]) == 48
    assert quote.inputs["policy"] == {
        "version": 1, "settlement_deferral": "DAYS_30", "claims_compensatory_amount": False,
    }  # fmt: skip
    assert any(row["provision"] == "SETTLEMENT_NOTICE_DAYS" and row["value"] == "28" for row in quote.law)
    assert references.reference("SQ", quote.id).startswith("SQ")


@pytest.mark.parametrize(
    ("settle_on", "amount", "rebate", "good_until"),
    [
        (date(2026, 12, 13), 17_222_04, 2_083_76, date(2026, 12, 20)),
        (date(2026, 12, 14), 16_858_74, 2_083_76, date(2026, 12, 20)),
        (date(2026, 12, 20), 16_858_74, 2_083_76, date(2026, 12, 20)),
        (date(2027, 1, 29), 16_634_80, 1_944_40, date(2027, 1, 29)),
        (date(2027, 2, 26), 16_368_85, 1_847_05, date(2027, 2, 26)),
        (date(2027, 3, 31), 16_114_41, 1_738_19, date(2027, 3, 31)),
    ],
)
def test_a_later_day_counts_the_payments_that_go_out_before_it(
    settle_on: date, amount: int, rebate: int, good_until: date
) -> None:
    quote = given(issue(priya(), settle_on))
    assert (quote.amount_to_settle, quote.result["rebate"], quote.good_until) == (amount, rebate, good_until)
    assert sum(line["amount"] for line in quote.lines) == amount


def test_working_it_out_again_gives_the_same_answer_whatever_policy_says_by_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quote = given(issue(priya(), date(2026, 12, 16)))
    again = queries.recompute(quote)
    assert (again.figure.amount, again.seal) == (quote.amount_to_settle, quote.seal)
    changed = lender.current()
    later = replace(
        changed.policies[0], version=2, effective_from=date(2026, 1, 1), settlement_deferral=Deferral.NONE,
        claims_compensatory_amount=True,
    )  # fmt: skip
    other = make(priya_terms(), product="PCP")
    with monkeypatch.context() as during:
        during.setattr(lender, "current", lambda: replace(changed, policies=(*changed.policies, later)))
        again = queries.recompute(SettlementQuote.objects.get(id=quote.id))
        newer = given(issue(other, key="two"))
    assert (again.figure.amount, again.seal) == (quote.amount_to_settle, quote.seal)
    assert newer.policy_version == 2
    assert [line["kind"] for line in newer.lines][-1] == "COMPENSATION"


def test_a_seal_breaks_when_an_input_is_not_what_it_was() -> None:
    quote = given(issue(priya()))
    quote.inputs["unpaid"] = 1
    assert queries.recompute(quote).seal != quote.seal


def test_the_same_key_gets_the_same_quote_and_another_choice_is_refused() -> None:
    made = priya()
    first = issue(made)
    second = issue(made)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.quote_id == second.quote_id
    assert SettlementQuote.objects.count() == 1
    with pytest.raises(KeyUsed):
        issue(made, TODAY + timedelta(days=1))
    with pytest.raises(KeyUsed):
        issue(make(priya_terms(), product="PCP"))


def test_a_new_quote_takes_the_place_of_an_open_one_and_an_old_one_is_written_down_as_expired() -> None:
    made = priya()
    old = issue(made, date(2026, 8, 3), received_on=date(2026, 8, 3), key="august")
    issue(made, key="first")
    newest = issue(made, date(2027, 1, 29), key="second")
    states = {quote.id: quote.state for quote in queries.quotes_of(made.id, on=TODAY)}
    assert list(states.values()) == [QuoteState.ISSUED, QuoteState.SUPERSEDED, QuoteState.EXPIRED]
    assert next(iter(states)) == newest.quote_id
    assert list(SettlementQuoteMove.objects.filter(quote_id=old.quote_id).order_by("id").values_list(
        "state", flat=True)) == ["REQUESTED", "ISSUED", "EXPIRED"]  # fmt: skip


def test_a_quote_of_an_earlier_day_knows_only_what_was_paid_by_then() -> None:
    """Priya's quote of 3 August, as drawn, although three more payments have come in since."""
    quote = given(issue(priya(), date(2026, 8, 3), received_on=date(2026, 8, 3)))
    assert quote.inputs["credit"] == quote.inputs["unpaid"] == 0
    assert quote.result["rows_to_come"] == 48 - 17
    assert quote.good_until == date(2026, 8, 31)


def test_an_open_quote_whose_day_has_passed_is_expired_when_it_is_read() -> None:
    made = priya()
    issue(made)
    assert queries.quotes_of(made.id, on=date(2026, 12, 20))[0].state is QuoteState.ISSUED
    assert queries.quotes_of(made.id, on=date(2026, 12, 21))[0].state is QuoteState.EXPIRED


def test_missed_payments_are_added_and_money_paid_ahead_is_taken_off() -> None:
    plan = [(date(2025, 3, 14), 363_30 * 20)]
    behind = given(issue(make(priya_terms(), product="PCP", paid=plan)))
    assert behind.amount_to_settle == 17_222_04 + 363_30
    ahead = given(issue(make(priya_terms(), product="PCP", paid=[(date(2025, 3, 14), 363_30 * 22)]), key="two"))
    assert ahead.amount_to_settle == 17_222_04 - 363_30


def test_a_payment_paid_ahead_does_not_go_out_again() -> None:
    made = make(priya_terms(), product="PCP", paid=[(date(2025, 3, 14), 363_30 * 22)])
    assert given(issue(made, date(2026, 12, 16))).amount_to_settle == 16_858_74


@pytest.mark.parametrize("status", [Status.SETTLED, Status.COMPLETED, Status.CHARGED_OFF, Status.TRANSFERRED])
def test_an_agreement_that_has_ended_has_nothing_to_pay_off(status: Status) -> None:
    with pytest.raises(NoFigure, match="has ended"):
        issue(make(priya_terms(), product="PCP", status=status))


def test_without_a_printed_apr_there_is_no_figure_and_never_nought() -> None:
    terms = Terms(
        amount_of_credit=7_500_00, number_of_instalments=60, rate_convention=RateConvention.CONTRACT, instalment=147_42,
        drawdown_date=date(2026, 1, 31), due_day=31,
    )  # fmt: skip
    with pytest.raises(NoFigure, match="when you ask"):
        issue(make(terms, product="PERSONAL_LOAN"))


def test_all_paid_leaves_nothing_to_pay_off() -> None:
    whole = make(priya_terms(), product="PCP", paid=[(date(2025, 3, 14), 26_935_10)])
    with pytest.raises(NoFigure, match="nothing left"):
        issue(whole)


@pytest.mark.parametrize("settle_on", [TODAY - timedelta(days=1), TODAY + timedelta(days=183), date(2040, 1, 1)])
def test_a_day_in_the_past_or_too_far_ahead_is_refused(settle_on: date) -> None:
    made = priya()
    with pytest.raises(DayOutOfReach):
        issue(made, settle_on)
    assert not SettlementQuote.objects.exists()


def test_a_policy_may_allow_days_further_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    made, changed = priya(), lender.current()
    policies = (replace(changed.policies[0], settlement_choice_days=400),)
    with monkeypatch.context() as during:
        during.setattr(lender, "current", lambda: replace(changed, policies=policies))
        assert given(issue(made, TODAY + timedelta(days=400))).good_until == TODAY + timedelta(days=400)


def test_a_loan_due_on_the_31st_is_settled_too() -> None:
    terms = replace(priya_terms(), balloon=None, fees=(), deposit=0, number_of_instalments=60, instalment=445_00,
                    drawdown_date=date(2026, 1, 31), first_due_date=None, due_day=31)  # fmt: skip
    quote = given(issue(make(terms, product="PERSONAL_LOAN"), date(2026, 11, 30)))
    assert [line["kind"] for line in quote.lines] == ["INSTALMENTS", "REBATE", "GOING_OUT"]


def test_who_asked_and_for_what_is_in_the_audit_log() -> None:
    made = priya()
    issued = issue(made)
    event = Event.objects.get(action="settlement_quote.issued")
    assert (event.subject_id, event.actor_user_id, event.facts["quote"]) == (made.id, made.user_id, issued.quote_id)


@pytest.mark.parametrize("table", ["agreements_settlementquote", "agreements_settlementquotemove"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_application_cannot_change_or_remove_a_quote(table: str, statement: str) -> None:
    issue(priya())
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        django_transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_the_states_are_kept_by_the_table_too() -> None:
    issued = issue(priya())
    with pytest.raises(DatabaseError), django_transaction.atomic():
        SettlementQuoteMove.objects.create(quote_id=issued.quote_id, state="ISSUED", at=NOW, actor_kind="SYSTEM")


def test_after_a_corrected_rate_she_settles_by_the_rate_that_costs_her_less() -> None:
    made = priya()
    before = given(issue(made)).amount_to_settle
    operations.correct_rate(
        agreement_id=made.id, annual_percent=Decimal("5.9"), effective_from=date(2026, 8, 14), reason="typed wrongly",
        key="rate", actor=Actor.agent(7), at=NOW, on=TODAY,
    )  # fmt: skip
    corrected = given(issue(made, key="two"))
    assert corrected.inputs["apr_percent"] == "6.977514"  # the payments' own, after the correction; printed is 7.9
    assert corrected.amount_to_settle < before - 150_00
    assert queries.recompute(corrected).figure.amount == corrected.amount_to_settle
    assert queries.settlement(made.id, on=TODAY, settle_on=TODAY).estimate == corrected.amount_to_settle
