from django.db import models

from board.models import Board

from .meetings import AgendaItem


class StandingItem(models.Model):
    """What stands on every new agenda of a board. A board without any has the usual items."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="standing_items")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=AgendaItem.Kind, default=AgendaItem.Kind.OTHER)
    title = models.CharField(max_length=160, blank=True)
    purpose = models.CharField(
        max_length=10, choices=AgendaItem.Purpose, default=AgendaItem.Purpose.NOTE
    )
    minutes_allotted = models.PositiveSmallIntegerField("minutes", null=True, blank=True)

    class Meta:
        ordering = ["board", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "number"], name="meetings_standingitem_one_per_number"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="other") | ~models.Q(title=""),
                name="meetings_standingitem_other_has_a_title",
            ),
        ]

    def __str__(self):
        return self.title or self.get_kind_display()
