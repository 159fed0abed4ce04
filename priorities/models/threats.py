from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from board.models import Agency, Board, Clearable, Marked
from board.prose import ProseField

from .plan import Priority
from .returns import readable


class EmergingThreatQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As a return that has been received: a threat is raised to be read by the Board."""
        rule = readable(
            user,
            agency="agency",
            board="board",
            marking="marking",
            received=Q(),
            shared_with="shared_with",
        )
        return self.filter(pk__in=self.model.objects.filter(rule).values("pk"))


class EmergingThreat(Marked, Clearable):
    class State(models.TextChoices):
        RAISED = "raised", "Raised"
        DISCUSSED = "discussed", "Discussed"
        ADOPTED = "adopted", "Adopted"
        MONITORED = "monitored", "Monitored"
        CLOSED = "closed", "Closed"

    board = models.ForeignKey(Board, models.PROTECT, related_name="threats")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="threats")
    title = models.CharField(max_length=120)
    description = ProseField("what you are seeing")
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="threats"
    )
    report_text = ProseField("text for the report", blank=True)
    shared_with = models.ManyToManyField(
        Agency,
        blank=True,
        related_name="threats_shared",
        help_text="Agencies that may read this when it is OFFICIAL-SENSITIVE",
    )
    outcome = ProseField("what became of it", blank=True, editable=False)
    state = models.CharField(max_length=20, choices=State, default=State.RAISED, editable=False)
    raised_at = models.DateTimeField(editable=False)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )

    objects = EmergingThreatQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [*Clearable.Meta.constraints]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("priorities:threat", args=[self.pk])

    @property
    def url_args(self):
        return [self.pk]

    @property
    def text_for_report(self):
        return self.report_text
