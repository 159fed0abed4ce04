from django.conf import settings
from django.db import models

from board.models import Letter

from .meetings import Meeting


class Invitation(Letter):
    """What one person was sent about one meeting: the number of the latest version, and when it
    left. Of somebody who is no longer expected, that is the letter that takes it back."""

    BOARD = "meeting__board"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    sequence = models.PositiveIntegerField()
    again = models.BooleanField(default=False, help_text="An earlier version may have left")
    withdrawn = models.BooleanField(default=False)

    class Meta(Letter.Meta):
        ordering = ["person__name"]
        constraints = [
            *Letter.Meta.constraints,
            models.UniqueConstraint(
                fields=["meeting", "person"], name="meetings_invitation_one_per_person"
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.meeting}"

    @property
    def about(self):
        return self.meeting

    @property
    def to(self):
        return self.person.email

    @property
    def title(self):
        return f"{'No longer expected' if self.withdrawn else 'Invitation'}: {self.meeting}"

    @property
    def identity(self):
        return f"{super().identity}-{self.sequence}"
