from django.db import models
from django.db.models import Q

from board.models import Agency

from .meetings import Meeting


class ActionLetter(models.Model):
    """The e-mail that one agency was sent about its own actions when a meeting ended: to whom,
    the words, and when it left. Unsent until then; `failed` says why the last try failed."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="action_letters")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="action_letters")
    addresses = models.JSONField(default=list)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-made_at", "agency__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed=""),
                name="meetings_actionletter_sent_or_failed",
            ),
        ]

    def __str__(self):
        return f"{self.agency}: {self.subject}"
