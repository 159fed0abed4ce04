from django.db import models
from simple_history.models import HistoricalRecords

from board.models import Board


class Glossary(models.Model):
    """The short forms that a board's readers know, one a line: "SCP: Safer City Partnership"."""

    board = models.OneToOneField(Board, models.CASCADE, related_name="glossary")
    text = models.TextField(
        "short forms",
        blank=True,
        max_length=10_000,
        help_text="One a line, such as SCP: Safer City Partnership",
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "glossaries"

    def __str__(self):
        return f"Glossary of the {self.board}"

    @property
    def short_forms(self) -> frozenset[str]:
        return frozenset(line.partition(":")[0].strip() for line in self.text.splitlines())
