"""The audit log: who did what, to which thing, why. Append-only."""

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
