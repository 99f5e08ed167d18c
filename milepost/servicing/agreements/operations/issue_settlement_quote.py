"""A settlement figure given to a customer: worked out, sealed and kept, with everything that it rests on."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from milepost.finance import ENGINE, early_settlement
from milepost.finance.money import FinanceError
from milepost.plumbing import lender
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import InvariantBroken, Refusal
from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.agreements.models import Agreement, SettlementQuote, SettlementQuoteMove, Standing
from milepost.servicing.agreements.queries import settlement_figures as figures
from milepost.servicing.agreements.queries.reading import Reading
from milepost.servicing.agreements.states import OPEN_QUOTE, QUOTE_MOVES, QuoteState
from milepost.servicing.audit import operations as audit


class NoFigure(Refusal):
    code = "no_settlement_figure"
    sentence = "We can't work this out here. Call us and we will tell you the figure."


class DayOutOfReach(Refusal):
    code = "settlement_day_out_of_reach"
    sentence = "Choose another day to pay."


class KeyUsed(Refusal):
    code = "key_used"
    sentence = "This was already sent with another choice. Open the page again and choose once more."


@dataclass(frozen=True, slots=True)
class Issued:
    """The quote that was given; `is_new` is False where the key had got it already."""

    quote_id: int
    is_new: bool


def issue_settlement_quote(
    *, agreement_id: int, received_on: date, settle_on: date, key: str, actor: Actor, at: datetime
) -> Issued:
    """Give the figure for paying everything off on a day, asked for on the lender's date `received_on`.

    The same `key` again answers with the quote it got; with another agreement or day it is refused (KeyUsed). An open
    quote of the agreement gives way to the new one. Raises NoFigure where the agreement has ended or has no figure, and
    DayOutOfReach for a day in the past or further ahead than the lender's policy allows.
    """
    with transaction():
        Agreement.objects.select_for_update().only("id").get(id=agreement_id)
        asked = hashlib.sha256(f"{agreement_id} {settle_on}".encode()).hexdigest()
        given = SettlementQuote.objects.filter(key=key).only("id", "request_hash").first()
        if given is not None:
            if given.request_hash != asked:
                raise KeyUsed
            return Issued(given.id, False)
        reading = figures.read(agreement_id, on=received_on)
        quote = _worked_out(reading, settle_on)
        quote.key, quote.request_hash, quote.requested_at = key, asked, at
        _make_way(agreement_id, received_on, actor, at)
        quote.save(force_insert=True)
        move_on(quote.id, QuoteState.REQUESTED, actor=actor, at=at)
        move_on(quote.id, QuoteState.ISSUED, actor=actor, at=at)
        audit.record(
            "settlement_quote.issued", subject_kind="agreement", subject_id=agreement_id, actor=actor, at=at,
            quote=quote.id, amount=quote.amount_to_settle, good_until=quote.good_until.isoformat(), seal=quote.seal,
        )  # fmt: skip
        return Issued(quote.id, True)


def _worked_out(reading: Reading, settle_on: date) -> SettlementQuote:
    loaded, received_on = reading.loaded, reading.on
    if reason := figures.why_not(reading):
        raise NoFigure(reason)
    policy = lender.current().policy(received_on)
    if not received_on <= settle_on <= figures.furthest_day(reading, policy):
        raise DayOutOfReach
    try:
        ask = figures.ask(reading, settle_on, policy)
        figure = early_settlement.figure(ask)
    except FinanceError as error:
        raise NoFigure from error
    version = Standing.objects.only("schedule_version").get(agreement_id=loaded.id).schedule_version
    inputs = figures.inputs_of(ask, schedule_version=version, product=loaded.product, policy_version=policy.version)
    result = figures.result_of(figure)
    return SettlementQuote(
        agreement_id=loaded.id,
        received_on=received_on,
        settle_on=settle_on,
        good_until=figure.good_until,
        settlement_date=figure.settlement_date,
        amount_to_settle=figure.amount,
        engine=ENGINE,
        policy_version=policy.version,
        inputs=inputs,
        law=[
            {"provision": rule.provision.value, "value": str(rule.value), "since": rule.since.isoformat(),
             "source": rule.source}
            for rule in early_settlement.laws(received_on)
        ],
        lines=list(figures.lines_in_words(figure, reading, settle_on)),
        result=result,
        seal=figures.seal_of(inputs, result),
    )  # fmt: skip


def _make_way(agreement_id: int, received_on: date, actor: Actor, at: datetime) -> None:
    """Every open quote of the agreement gives way; one whose day had passed is written down as expired."""
    last = SettlementQuoteMove.objects.filter(quote=OuterRef("pk")).order_by("-id").values("state")[:1]
    older = SettlementQuote.objects.filter(agreement_id=agreement_id).annotate(state=Subquery(last))
    for quote in older.filter(state__in=OPEN_QUOTE).only("id", "good_until"):
        passed = quote.good_until < received_on
        move_on(quote.id, QuoteState.EXPIRED if passed else QuoteState.SUPERSEDED, actor=actor, at=at)


@in_transaction
def move_on(quote_id: int, state: QuoteState, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Write the next step of a quote's life, under its agreement's lock. Raises InvariantBroken for a step that the
    states do not know."""
    last = SettlementQuoteMove.objects.filter(quote_id=quote_id).order_by("-id").values_list("state", flat=True).first()
    known = {QuoteState.REQUESTED} if last is None else QUOTE_MOVES[QuoteState(last)]
    if state not in known:
        raise InvariantBroken(f"Settlement quote {quote_id} cannot go from {last} to {state}")
    SettlementQuoteMove.objects.create(
        quote_id=quote_id, state=state, at=at, actor_kind=actor.kind, actor_user_id=actor.user_id,
        actor_name=actor.name, reason=reason,
    )  # fmt: skip
