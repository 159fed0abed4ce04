from django.db import models
from django.db.models import Q

from board.models import Board, Letter

from .returns import PriorityReturn
from .threats import EmergingThreat


class WrittenLetter(Letter):
    """A letter whose words are kept as they were when it was written down."""

    address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta(Letter.Meta):
        abstract = True
        ordering = ["made_at", "pk"]

    def __str__(self):
        return f"{self.address}: {self.subject}"

    @property
    def to(self):
        return self.address

    @property
    def title(self):
        return self.subject


class ThreatLetter(WrittenLetter):
    """What one person of the agency that raised a threat was told of it, at one state of it; the
    database holds it to once."""

    BOARD = "threat__board"

    threat = models.ForeignKey(EmergingThreat, models.PROTECT, related_name="letters")
    state = models.CharField(max_length=20, choices=EmergingThreat.State)

    class Meta(WrittenLetter.Meta):
        abstract = False
        constraints = [
            *Letter.Meta.constraints,
            models.UniqueConstraint(
                fields=["threat", "state", "address"], name="priorities_threatletter_once"
            ),
        ]

    @property
    def about(self):
        return self.threat


class WithdrawalLetter(WrittenLetter):
    """What the chair was told when an agency withdrew a text that it had cleared: of each
    withdrawal once."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="+")
    part = models.ForeignKey(
        PriorityReturn, models.PROTECT, null=True, related_name="withdrawal_letters"
    )
    threat = models.ForeignKey(
        EmergingThreat, models.PROTECT, null=True, related_name="withdrawal_letters"
    )

    class Meta(WrittenLetter.Meta):
        abstract = False
        constraints = [
            *Letter.Meta.constraints,
            models.CheckConstraint(
                condition=Q(part__isnull=True) ^ Q(threat__isnull=True),
                name="priorities_withdrawalletter_of_one_text",
            ),
            models.UniqueConstraint(
                fields=["part", "made_at", "address"],
                condition=Q(part__isnull=False),
                name="priorities_withdrawalletter_once_per_part",
            ),
            models.UniqueConstraint(
                fields=["threat", "made_at", "address"],
                condition=Q(threat__isnull=False),
                name="priorities_withdrawalletter_once_per_threat",
            ),
        ]

    @property
    def about(self):
        return self.part or self.threat
