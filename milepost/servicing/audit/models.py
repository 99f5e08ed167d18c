"""The audit log: who did what, to which thing, why. Append-only, and sealed in blocks that follow one another."""

from django.db import models


class Event(models.Model):
    """One act. Rows are never changed or removed: a trigger and the application's role see to it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=40, blank=True)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("subject_kind", "subject_id", "-id"), name="audit_subject"),)


class Block(models.Model):
    """The rows with ids from `first_id` to `last_id`, sealed: whatever happens to them afterwards shows.

    Every id of the span was given out and its transaction over when the block was made. An id without a seal belongs
    to a transaction that was rolled back, and no row may ever appear under it.
    """

    number = models.BigIntegerField(primary_key=True)
    """One, two, three, without a gap."""
    first_id = models.BigIntegerField(unique=True)
    last_id = models.BigIntegerField(unique=True)
    rows = models.IntegerField()
    seals = models.BinaryField()
    """For each row its id and its hash (formats.seal_of), so that a fault is found to the row."""
    previous = models.CharField(max_length=64, unique=True)
    """The hash of the block before: unique, so that the chain cannot fork."""
    hash = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(first_id__lte=models.F("last_id")), name="audit_block_span"),
            models.CheckConstraint(condition=models.Q(rows__gte=1, number__gte=1), name="audit_block_holds_rows"),
        )
