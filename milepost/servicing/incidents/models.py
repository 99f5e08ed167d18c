"""What was down and what was announced, and every word we said about it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from milepost.servicing.incidents.states import Component, IncidentState, Severity


class Incident(models.Model):
    """Trouble with some of our services, or work on them that was announced."""

    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=120)
    components = ArrayField(models.CharField(max_length=20))
    severity = models.CharField(max_length=10)
    state = models.CharField(max_length=15)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    """When it was over; of planned work, when it is to be."""

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in IncidentState]), name="incident_state"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=[severity.value for severity in Severity]), name="incident_severity"
            ),
            models.CheckConstraint(
                condition=Q(
                    components__contained_by=[component.value for component in Component], components__len__gte=1
                ),
                name="incident_components",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="incident_span"
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[IncidentState.PLANNED.value, IncidentState.RESOLVED.value], ends_at__isnull=True
                ),
                name="incident_over_has_an_end",
            ),
        )
        indexes = (models.Index(fields=("ends_at",), name="incident_end"),)


class Update(models.Model):
    """What we said, and when. Never changed: a correction is another update."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="updates")
    at = models.DateTimeField()
    state = models.CharField(max_length=15)
    words = models.CharField(max_length=500)
    advice = models.CharField(max_length=500, blank=True)
    """What to do meanwhile, a line each."""
