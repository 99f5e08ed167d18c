"""What the demonstration sent, with every code in it."""

from django.db import models


class OutboxMessage(models.Model):
    """An e-mail, a text message or a letter, as its receiver would read it."""

    id = models.BigAutoField(primary_key=True)
    sent_at = models.DateTimeField()
    channel = models.CharField(max_length=6)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=254, blank=True)
    body = models.TextField()
    html = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=("to", "-id"), name="outbox_to"),)
