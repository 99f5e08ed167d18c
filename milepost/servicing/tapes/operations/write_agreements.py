"""Writing planned agreements that are new: people, contracts, payments and transfers, each by the app that owns it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from milepost.plumbing.actor import Actor
from milepost.plumbing.copying import copy_rows
from milepost.servicing.agreements import operations as agreements
from milepost.servicing.agreements.operations import NewAgreement, NewParty
from milepost.servicing.agreements.states import PartyRole
from milepost.servicing.customers import operations as customers
from milepost.servicing.customers.models import Customer
from milepost.servicing.customers.operations import NewAddress, NewCustomer
from milepost.servicing.identity import operations as identity
from milepost.servicing.identity.operations import NewUser
from milepost.servicing.ledger import operations as ledger
from milepost.servicing.payments import operations as payments
from milepost.servicing.payments.operations import NewMandate, NewPayment
from milepost.servicing.payments.states import Method
from milepost.servicing.tapes.operations.planned import Found, Person, Planned, Rejected

TAKEN_IN = (
    "agreement_id", "tape_id", "reference", "as_of", "terms_hash", "facts_hash", "movements_hash", "movement_count",
    "revision",
)  # fmt: skip


@dataclass(slots=True)
class Written:
    """Agreements of a chunk: by id the principal that the ledger must hold now, and those that were left alone."""

    ids: dict[int, int] = field(default_factory=dict)
    held: list[int] = field(default_factory=list)

    def update(self, other: "Written") -> None:
        """Add what else was written."""
        self.ids.update(other.ids)
        self.held += other.held


@dataclass(slots=True)
class Context:
    """What every part of one import needs to know."""

    tape_id: int
    as_of: date
    at: datetime
    actor: Actor
    policy_version: int
    country: str
    dry_run: bool
    findings: list[tuple[str, Found]] = field(default_factory=list)
    """Kept for the report of a dry run, which writes none."""
    quarters: set[tuple[int, int]] = field(default_factory=set)
    """Those whose partition is known to exist."""

    def ensure_quarters(self, days: Sequence[date]) -> None:
        """Partitions for these effective dates."""
        for day in {(day.year, (day.month - 1) // 3): day for day in days}.values():
            quarter = (day.year, (day.month - 1) // 3)
            if quarter not in self.quarters:
                ledger.ensure_quarters(first=day, last=day)
                self.quarters.add(quarter)

    def people_in_conflict(self, plans: Sequence[Planned]) -> dict[str, Rejected]:
        """Agreements whose customer's number belongs to somebody with another name or birth date."""
        known = {
            customer.origin_reference: (customer.given_name, customer.family_name, customer.birth_date)
            for customer in _held(plans)
        }
        refused = {}
        for plan in plans:
            for field_name, person in zip(("customer", "joint_customer"), plan.people, strict=False):
                who = (person.given_name, person.family_name, person.birth_date)
                if person.number and known.setdefault(person.number, who) != who:
                    reason = "is the number of a customer with another name or birth date"
                    refused[plan.number] = Rejected(field_name, person.number, reason)
        return refused


def _held(plans: Sequence[Planned]) -> list[Customer]:
    numbers = {person.number for plan in plans for person in plan.people if person.number}
    return list(Customer.objects.filter(origin_reference__in=numbers).only(
        "id", "origin_reference", "given_name", "family_name", "birth_date"
    ))  # fmt: skip


def write_new(plans: Sequence[Planned], context: Context) -> Written:
    """Write these agreements with everything that is theirs."""
    if context.dry_run or not plans:
        return Written()
    ordered = sorted(plans, key=lambda plan: plan.schedule.due_day)
    who = _people(ordered, context)
    ids = agreements.take_in(
        agreements=[
            NewAgreement(
                product=plan.product, terms=plan.terms, agreed_on=plan.agreed_on, ends_on=plan.ends_on,
                apr_percent=plan.apr_percent, parties=parties, schedule=plan.schedule,
                schedule_reason=plan.schedule_reason,
                effective_from=plan.effective_from, standing=plan.standing, reference=plan.reference,
                origin_reference=None if plan.reference else plan.number, vehicle=plan.vehicle,
                first_number=plan.first_number,
            )
            for plan, parties in zip(ordered, who, strict=True)
        ]
    )  # fmt: skip
    placed = sorted(zip(ids, ordered, strict=True), key=lambda pair: pair[0])
    write_money(placed, context)
    payments.take_in_mandates(
        mandates=[
            NewMandate(agreement_id, plan.account[0], plan.account[1], plan.agreed_on)
            for agreement_id, plan in placed
            if plan.account[0]
        ]
    )
    copy_rows(
        "tapes_takenin",
        TAKEN_IN,
        (
            (
                agreement_id, context.tape_id, plan.number, plan.as_of, plan.terms_hash, plan.facts_hash,
                plan.movements_hash(), len(plan.movement_marks), 1,
            )
            for agreement_id, plan in placed
        ),
    )  # fmt: skip
    return Written({agreement_id: plan.standing.principal_outstanding for agreement_id, plan in placed})


def write_money(placed: Sequence[tuple[int, Planned]], context: Context, *, after: date = date.min) -> None:
    """Payments and transfers of these agreements, by their ids; only those after a day, if one is given."""
    rows: list[NewPayment] = []
    numbers: list[dict[int, int]] = []
    for agreement_id, plan in placed:
        places = {}
        for place, paid in enumerate(plan.payments):
            if paid.on > after:
                places[place] = len(rows)
                rows.append(NewPayment(agreement_id, paid.on, paid.amount, Method(paid.method), paid.returned_on))
        numbers.append(places)
    payment_ids = payments.take_in_payments(payments=rows)
    context.ensure_quarters([posting.on for _, plan in placed for posting in plan.postings if posting.on > after])
    ledger.copy_transfers(
        transfers=(
            row
            for (agreement_id, plan), places in zip(placed, numbers, strict=True)
            for posting in plan.postings
            if posting.on > after
            for row in ledger.rows(
                book=agreement_id,
                entry=posting.entry,
                source=payment_ids[places[posting.payment]] if posting.payment >= 0 else posting.source,
                effective_on=posting.on,
                recorded_at=context.at,
                policy_version=context.policy_version,
            )
        )
    )


def _people(plans: Sequence[Planned], context: Context) -> list[tuple[NewParty, ...]]:
    """The customers of these agreements, written where they are new."""
    known = {customer.origin_reference or "": customer.id for customer in _held(plans)}
    fresh: list[Person] = []
    places: list[list[int | str]] = []
    waiting: dict[str, int] = {}
    for plan in plans:
        mine: list[int | str] = []
        for person in plan.people:
            if person.number and person.number in known:
                mine.append(person.number)
                continue
            place = waiting.get(person.number) if person.number else None
            if place is None:
                place = len(fresh)
                fresh.append(person)
                if person.number:
                    waiting[person.number] = place
            mine.append(place)
        places.append(mine)
    users = identity.take_in(
        users=[new_user(person) for person in fresh], valid_from=context.as_of, country=context.country
    )
    ids = customers.take_in(
        customers=[new_customer(person, user) for person, user in zip(fresh, users, strict=True)],
        valid_from=context.as_of,
    )
    roles = (PartyRole.BORROWER, PartyRole.JOINT)
    return [
        tuple(
            NewParty(known[place] if isinstance(place, str) else ids[place], role)
            for place, role in zip(mine, roles, strict=False)
        )
        for mine in places
    ]


def new_user(person: Person) -> NewUser:
    """Her sign-in to be."""
    return NewUser(f"{person.given_name} {person.family_name}".strip(), person.email, person.phone)


def new_customer(person: Person, user_id: int) -> NewCustomer:
    """The customer beside the user."""
    address = NewAddress(person.lines, person.town, person.postcode) if person.lines or person.postcode else None
    return NewCustomer(
        user_id, person.title, person.given_name, person.family_name, person.birth_date, person.number or None, address
    )
