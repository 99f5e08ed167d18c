"""An agreement that came before: what a later tape may change of it."""

from milepost.finance.calendars import FOREVER
from milepost.servicing.agreements import operations as agreements
from milepost.servicing.agreements.models import Party
from milepost.servicing.agreements.states import ScheduleReason
from milepost.servicing.customers import operations as customers
from milepost.servicing.identity import operations as identity
from milepost.servicing.payments import operations as payments
from milepost.servicing.payments.operations import NewMandate
from milepost.servicing.tapes.models import TakenIn
from milepost.servicing.tapes.operations.planned import Found, Planned
from milepost.servicing.tapes.operations.write_agreements import Context, new_customer, new_user, write_money
from milepost.servicing.tapes.states import FindingKind


def write_extension(plan: Planned, before: TakenIn, context: Context) -> None:
    """The history goes on: its later money, the standing, and for a tape of balances the schedule from there."""
    plan.findings = [found for found in plan.findings if found.on > before.as_of]
    if context.dry_run:
        return
    again = plan.schedule_reason is ScheduleReason.IMPORTED_BALANCE
    write_money([(before.agreement_id, plan)], context, after=before.as_of)
    before.revision = agreements.extend(
        agreement_id=before.agreement_id,
        standing=plan.standing,
        revision=before.revision,
        schedule=plan.schedule if again else None,
        effective_from=plan.as_of if again else None,
        first_number=plan.first_number,
    )
    before.tape_id, before.as_of = context.tape_id, plan.as_of
    before.movements_hash, before.movement_count = plan.movements_hash(), len(plan.movement_marks)
    before.save()


def write_facts(plan: Planned, before: TakenIn, context: Context) -> list[Found]:
    """People, car and account as the tape has them now. Answers what was left alone, for the report."""
    if context.dry_run:
        return []
    found = []
    parties = (
        Party.objects.filter(agreement_id=before.agreement_id)
        .select_related("customer")
        .order_by("role", "customer_id")
    )
    by_role = sorted(parties, key=lambda party: party.role != "BORROWER")
    for party, person in zip(by_role, plan.people, strict=False):
        if identity.correct_contacts(
            user_id=party.customer.user_id, new=new_user(person), on=plan.as_of, actor=context.actor, at=context.at,
            country=context.country,
        ):  # fmt: skip
            customers.correct(
                customer_id=party.customer_id, new=new_customer(person, party.customer.user_id), on=plan.as_of
            )
        else:
            reason = "The customer has joined: her contact details are hers to change, and the tape's were left alone."
            found.append(Found(plan.line, FOREVER, FindingKind.ASSUMPTION, 0, reason))
    agreements.correct_vehicle(agreement_id=before.agreement_id, new=plan.vehicle)
    payments.replace_mandate(new=NewMandate(before.agreement_id, *plan.account, plan.as_of), on=plan.as_of)
    before.facts_hash, before.tape_id = plan.facts_hash, context.tape_id
    before.save()
    return found
