from django.db import models
from simple_history.models import HistoricalRecords

from board.models import Board
from reports.phrases import KINDS


class Phrase(models.Model):
    """How a board words one kind of drafted paragraph, instead of as reports/phrases.py does."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="phrases")
    kind = models.CharField(
        max_length=20, choices=[(name, kind.label) for name, kind in KINDS.items()]
    )
    text = models.CharField(max_length=1000)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "kind"], name="reports_phrase_one_per_kind")
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.board}"
