from django.conf import settings
from django.db import models

from .meetings import Meeting


class Invitation(models.Model):
    """What one person was sent about one meeting: the number of the latest version, and when it
    left. Unsent until then; `failed` says why the last try did not reach the mail server."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    sequence = models.PositiveIntegerField()
    sent_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["person__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], name="meetings_invitation_one_per_person"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(failed=""),
                name="meetings_invitation_sent_or_failed",
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.meeting}"
