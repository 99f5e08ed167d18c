"""Tapes: what was read, how far it came, what became of its rows, and by which fingerprint a row is known again."""

from django.db import models
from django.db.models import Q

from milepost.finance.calendars import FOREVER
from milepost.plumbing.fields import PenceField
from milepost.servicing.agreements.models import Agreement
from milepost.servicing.tapes.states import FileKind, FindingKind, TapeState


class Tape(models.Model):
    """One import: a book, with or without movements, up to a date. The same content is the same tape."""

    id = models.BigAutoField(primary_key=True)
    content_hash = models.CharField(max_length=64)
    """SHA-256 over the hashes of both files and the format."""
    format = models.CharField(max_length=40)
    as_of = models.DateField()
    book_name = models.CharField(max_length=255)
    movements_name = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=[state.value for state in TapeState]), name="tape_state"),
            models.UniqueConstraint(
                fields=("content_hash", "as_of"), condition=Q(state=TapeState.RUNNING.value), name="tape_running_once"
            ),
        )


class Chunk(models.Model):
    """A stretch of the book that is done: written in the transaction that took it in, so that a crash loses nothing."""

    pk = models.CompositePrimaryKey("tape_id", "number")
    tape = models.ForeignKey(Tape, on_delete=models.CASCADE, db_index=False)
    number = models.IntegerField()
    tally = models.JSONField()


class Rejection(models.Model):
    """A row that was not taken in, word for word, with the reason."""

    id = models.BigAutoField(primary_key=True)
    tape = models.ForeignKey(Tape, on_delete=models.CASCADE)
    file = models.CharField(max_length=9)
    line = models.BigIntegerField()
    reference = models.TextField(blank=True)
    column = models.TextField(blank=True)
    value = models.TextField(blank=True)
    reason = models.TextField()
    cells = models.TextField(blank=True)
    """The row's cells, joined by the unit separator."""

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(file__in=[kind.value for kind in FileKind]), name="rejection_file"),
        )


class Finding(models.Model):
    """Something the reconciliation report lists about an agreement that was taken in."""

    id = models.BigAutoField(primary_key=True)
    tape = models.ForeignKey(Tape, on_delete=models.CASCADE)
    reference = models.TextField()
    line = models.BigIntegerField()
    on = models.DateField(default=FOREVER)
    kind = models.CharField(max_length=16)
    amount = PenceField()
    reason = models.TextField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in FindingKind]), name="finding_kind"),
        )


class TakenIn(models.Model):
    """An agreement that came from a tape: how its rows are recognised when the tape, or a later one, comes again."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, primary_key=True)
    tape = models.ForeignKey(Tape, on_delete=models.PROTECT)
    reference = models.CharField(max_length=60, unique=True)
    """The agreement's number on the tape."""
    as_of = models.DateField()
    terms_hash = models.CharField(max_length=32)
    facts_hash = models.CharField(max_length=32)
    movements_hash = models.CharField(max_length=32)
    movement_count = models.IntegerField()
    revision = models.IntegerField()
    """The standing's revision after the import: a different one means that money has moved here since."""
