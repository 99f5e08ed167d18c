"""The agreement as signed, its schedules, and where it stands today."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from milepost.finance.calendars import FOREVER
from milepost.finance.products import PRODUCTS
from milepost.plumbing.fields import PenceField
from milepost.servicing.agreements.states import PartyRole, QuoteState, ScheduleReason, Status
from milepost.servicing.customers.models import Customer


class Agreement(models.Model):
    """The contract as signed. `terms` is frozen: the product's dataclass wrote it and reads it.

    `id` = due day x 10**8 + a running number, so that one night's agreements are neighbours in every table and index.
    A later change of due day leaves it as it is.
    """

    id = models.BigIntegerField(primary_key=True)
    reference = models.CharField(max_length=10, unique=True)
    """Ten digits with a check digit: what letters print and addresses carry."""
    origin_reference = models.CharField(max_length=60, null=True, unique=True)
    """The agreement's number in the lender's old system, where it is not ours."""
    product = models.CharField(max_length=24)
    terms = models.JSONField()
    agreed_on = models.DateField()
    ends_on = models.DateField()
    apr_percent = models.CharField(max_length=12, blank=True)
    """As the agreement prints it."""

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(product__in=sorted(PRODUCTS)), name="agreement_product"),
            models.CheckConstraint(condition=Q(reference__regex=r"^[0-9]{10}$"), name="agreement_reference"),
        )


class Party(models.Model):
    """Who stands in an agreement, and as what."""

    pk = models.CompositePrimaryKey("agreement_id", "customer_id")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=10)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(role__in=[role.value for role in PartyRole]), name="party_role"),
        )


class Vehicle(models.Model):
    """What is financed."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, primary_key=True)
    registration = models.CharField(max_length=12, blank=True)
    vin = models.CharField(max_length=17, blank=True)
    make = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=80, blank=True)
    body = models.CharField(max_length=60, blank=True)
    is_new = models.BooleanField(null=True)
    first_registered = models.DateField(null=True)
    year = models.SmallIntegerField(null=True)
    """Of the model or of registration, where a tape gives no day."""
    cash_price = models.BigIntegerField(null=True)
    """Minor units; none where the tape does not say."""
    annual_mileage = models.IntegerField(null=True)
    excess_mileage_tenths = models.IntegerField(null=True)
    """Tenths of a penny for each mile above the allowance: 149 is 14.9p."""


class Schedule(models.Model):
    """An immutable version of the repayment schedule, as arrays: one element a row. Paid or unpaid is derived."""

    pk = models.CompositePrimaryKey("agreement_id", "version")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="schedules", db_index=False)
    version = models.SmallIntegerField()
    effective_from = models.DateField()
    reason = models.CharField(max_length=20)
    annual_percent = models.CharField(max_length=12, blank=True, db_default="")
    """The rate that a correction of the rate is to; empty otherwise."""
    drawdown_date = models.DateField()
    first_due = models.DateField()
    due_day = models.SmallIntegerField()
    """1 to 31: the day to return to after a shorter month."""
    advance = models.SmallIntegerField(default=0)
    """Leading rows that fall on the drawdown date."""
    first_number = models.SmallIntegerField(default=1)
    """The instalment number of the first row: above 1 where a tape's earlier instalments are not in it."""
    principal = ArrayField(models.IntegerField())
    interest = ArrayField(models.IntegerField())
    fees = ArrayField(models.IntegerField())

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(due_day__range=(1, 31)), name="schedule_due_day"),
            models.CheckConstraint(
                condition=Q(reason__in=[reason.value for reason in ScheduleReason]), name="schedule_reason"
            ),
            models.CheckConstraint(
                condition=Q(principal__len=models.F("interest__len")) & Q(principal__len=models.F("fees__len")),
                name="schedule_arrays",
            ),
        )


class Standing(models.Model):
    """Where an agreement stands today: a narrow, hot cache of what the transfers say, moved with them in one statement.

    `next_*` is the first row not yet due; `due_total` and `paid_total` run from the first row of the version in force.
    No nulls: a date without a value is 9999-12-31.
    """

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, primary_key=True)
    due_day = models.SmallIntegerField()
    status = models.CharField(max_length=12)
    schedule_version = models.SmallIntegerField(default=1)
    next_number = models.SmallIntegerField()
    next_due = models.DateField(default=FOREVER)
    next_amount = PenceField()
    next_interest = PenceField()
    due_total = PenceField()
    paid_total = PenceField()
    principal_outstanding = PenceField()
    arrears_since = models.DateField(default=FOREVER)
    revision = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(status__in=[status.value for status in Status]), name="standing_status"),
        )
        indexes = (
            models.Index(fields=("due_day", "agreement"), name="standing_due_day"),
            models.Index(fields=("arrears_since",), condition=~Q(arrears_since=FOREVER), name="standing_in_arrears"),
        )


class SettlementQuote(models.Model):
    """A settlement figure as it was given: never changed. What becomes of it is in its moves.

    The public reference is computed from the id (SQ). `inputs` holds everything the calculation needed, `result` all
    that came out of it; `seal` is the SHA-256 of both as canonical JSON. `lines` are in the customer's words.
    """

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="quotes", db_index=False)
    key = models.CharField(max_length=100, unique=True)
    """What the request was known by: the same key again gets this quote, and not another."""
    request_hash = models.CharField(max_length=64)
    """Of what was asked with the key."""
    requested_at = models.DateTimeField()
    received_on = models.DateField()
    """The lender's date of the notice."""
    settle_on = models.DateField()
    """The day on which the customer wants to pay."""
    good_until = models.DateField()
    settlement_date = models.DateField()
    """The date in the formula: `good_until` with the deferral."""
    amount_to_settle = PenceField()
    """What to pay on `settle_on`."""
    engine = models.CharField(max_length=20)
    policy_version = models.IntegerField()
    inputs = models.JSONField()
    law = models.JSONField()
    lines = models.JSONField()
    result = models.JSONField()
    seal = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(received_on__lte=models.F("settle_on")) & Q(settle_on__lte=models.F("good_until"))
                & Q(good_until__lte=models.F("settlement_date")),
                name="quote_dates",
            ),
            models.CheckConstraint(condition=Q(amount_to_settle__gte=0), name="quote_amount"),
        )  # fmt: skip
        indexes = (models.Index(fields=("agreement", "-id"), name="quote_of_agreement"),)


class SettlementQuoteMove(models.Model):
    """A step in the life of a quote. Rows are only added: the last one says where it is."""

    id = models.BigAutoField(primary_key=True)
    quote = models.ForeignKey(SettlementQuote, on_delete=models.PROTECT, related_name="moves", db_index=False)
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("quote", "state"), name="quote_move_once"),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in QuoteState]), name="quote_state"),
        )
