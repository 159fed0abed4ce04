from django.db import models

from board.models import Agency, Letter

from .meetings import Meeting


class ActionLetter(Letter):
    """The e-mail that one agency was sent about its own actions when a meeting ended: to whom,
    the words, and when it left."""

    BOARD = "meeting__board"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="action_letters")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="action_letters")
    addresses = models.JSONField(default=list)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta(Letter.Meta):
        ordering = ["-made_at", "agency__name"]

    def __str__(self):
        return f"{self.agency}: {self.subject}"

    @property
    def about(self):
        return self.meeting

    @property
    def to(self):
        return ", ".join(self.addresses) or self.agency.name

    @property
    def title(self):
        return self.subject
