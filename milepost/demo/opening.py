"""What the demo does before it opens: a book, a first date, its people let in. Each only where it is missing."""

from base64 import b32decode
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click

from milepost.demo import book, cast
from milepost.plumbing import clock
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import access, operations as agreements
from milepost.servicing.business_days import operations as business_days
from milepost.servicing.business_days.queries import NoBusinessDay, today
from milepost.servicing.identity import operations as identity, queries as people
from milepost.servicing.identity.states import TRIES_AT_ALL, GuessKind, app_code, app_step
from milepost.servicing.tapes.formats import mapping
from milepost.servicing.tapes.operations import import_book
from milepost.servicing.tapes.operations.order import Order
from milepost.servicing.tapes.operations.reconcile import Report
from milepost.servicing.tapes.operations.stage_rows import Watch

OPENS_ON = date(2026, 11, 22)
SEED = 7
ACTOR = Actor.system("demo")
QUOTED_AT = time(10, 47)
LET_IN = 8
"""People of a lender's own tape who can sign in at once; the others may be invited."""


def fill_with_invented_book(folder: Path, agreements: int, watch: Watch) -> None:
    """The invented book, through the import like any other; then the cast is let in. Goes on where it was cut short."""
    files = book.invent(folder, agreements=agreements, seed=SEED, as_of=OPENS_ON, watch=watch)
    take_in(Order(files.book, mapping.named("milepost"), files.movements, OPENS_ON), watch)
    open_day(OPENS_ON)
    give_quotes()
    let_in_the_cast()


def fill_with_tape(tape: Path, movements: Path | None, tape_format: str, folder: Path, watch: Watch) -> Report:
    """A lender's own tape: its last day is the lender's date, and its nameless customers get invented names."""
    report = take_in(Order(tape, mapping.named(tape_format), movements, out=folder), watch)
    open_day(report.as_of)
    book.people_for_nameless(seed=SEED)
    for email in people.emails_on_file(limit=LET_IN):
        if (found := people.person_on_file(email)) and not found.has_joined:
            let_in(found, email, cast.PASSWORD)
    return report


def take_in(order: Order, watch: Watch) -> Report:
    """Import a tape. Raises click's error with the import's own sentence when it cannot be used."""
    try:
        return import_book.import_book(
            order=order, actor=ACTOR, at=clock.now(), on=order.as_of or OPENS_ON, watch=watch, clock=clock.now
        )
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal


def open_day(on: date) -> None:
    """The lender's first date, unless a date is open already."""
    try:
        today()
    except NoBusinessDay:
        business_days.open_first_day(on=on, actor=ACTOR, at=clock.now())


def is_filled() -> bool:
    """Whether the demo was filled to the end: its people are let in last."""
    return people.how_many_joined() > 0


def let_in_the_cast() -> None:
    """Everyone of the cast who has a login gets a password and proved contacts; Grace is locked out."""
    for person in cast.PEOPLE:
        found = people.person_on_file(person.login) if person.login else None
        if found is None or found.has_joined or person.login is None or person.password is None:
            continue
        let_in(found, person.login, person.password)
        if person.totp_uri:
            give_app(found.user_id, person.totp_uri)
        if person.key == "grace":
            lock_out(person.login, found.user_id)


def give_quotes() -> None:
    """The settlement figures that the cast has asked for; each once, however often the demo is filled."""
    for key, number, asked_on in cast.QUOTES:
        person = next(each for each in cast.PEOPLE if each.key == key)
        found = people.person_on_file(person.login or "")
        if found is None:
            continue
        agreements.issue_settlement_quote(
            agreement_id=access.agreement_of(found.user_id, number),
            received_on=asked_on,
            settle_on=asked_on,
            key=f"demo {number} {asked_on}",
            actor=Actor.customer(found.user_id),
            at=datetime.combine(asked_on, QUOTED_AT, UTC),
        )


def let_in(found: people.OnFile, email: str, password: str) -> None:
    """As if she had accepted her invitation."""
    with transaction():
        identity.grant_access(
            user_id=found.user_id, email=email, password=password, phone=found.phone, at=clock.now(), actor=ACTOR
        )


def give_app(user_id: int, totp_uri: str) -> None:
    """As if she had set up her authenticator app a few minutes ago."""
    seed = b32decode(parse_qs(urlsplit(totp_uri).query)["secret"][0])
    at = clock.now() - timedelta(minutes=5)
    identity.confirm_app(
        user_id=user_id,
        factor_id=identity.begin_app(user_id=user_id, at=at, seed=seed),
        typed=app_code(seed, app_step(at)),
        subject=people.guess_subject("", user_id),
        at=at,
    )


def lock_out(login: str, user_id: int) -> None:
    """As many wrong tries as there may be, an hour and more apart, so that only a new password helps."""
    subject = people.guess_subject(login, user_id)
    for tries_ago in range(TRIES_AT_ALL, 0, -1):
        at = clock.now() - timedelta(minutes=61 * tries_ago)
        try:
            identity.spend_guess(subject=subject, kind=GuessKind.PASSWORD, at=at)
        except identity.Paused:
            return
