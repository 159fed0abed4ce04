from django.conf import settings
from django.db import models

from board.models import Agency

from .plan import Priority
from .rounds import Round


class SetAside(models.Model):
    """A change that was prepared for an open round and that the secretary decided against (see
    priorities/changes.py): each once. What begins or ends later is another change."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="set_aside")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    priority = models.ForeignKey(Priority, models.PROTECT, related_name="+")
    lifts = models.BooleanField(help_text="Whether it would have lifted a return, or asked for one")
    since = models.DateField(help_text="The day of what began or ended")
    words = models.CharField(max_length=200, help_text="What began or ended, as it was prepared")
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "agency", "priority", "lifts", "since"],
                name="priorities_setaside_once",
            ),
        ]

    def __str__(self):
        return f"{self.agency.short}, {self.priority}"

    @property
    def board_id(self):
        return self.round.board_id
