from django.conf import settings
from django.db import models
from django.urls import reverse

from board.models import Agency, Board
from board.prose import ProseField


class StandardQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(board__in=user.roles.boards)

    def current(self):
        return self.filter(withdrawn_on__isnull=True)


class Standard(models.Model):
    """One statement of the national model, against which the Board measures itself."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="standards")
    theme = models.CharField(max_length=60)
    statement = models.CharField(max_length=300)
    source = models.CharField(
        max_length=200, help_text="The strategy, guidance or inspection it is taken from"
    )
    others = ProseField("as others do it", blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    withdrawn_on = models.DateField("no longer part of the model since", null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "statement"], name="priorities_standard_said_once"
            )
        ]

    def __str__(self):
        return self.statement

    def get_absolute_url(self):
        return reverse("priorities:standard", args=[self.pk])


class Assessment(models.Model):
    """How the Board met one standard on one day, with the words it had then; never changed."""

    class Verdict(models.TextChoices):
        MET = "met", "Met"
        PARTLY = "partly", "Partly met"
        NOT_MET = "not_met", "Not met"

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="assessments")
    statement = models.CharField(max_length=300, editable=False)
    day = models.DateField("assessed on")
    verdict = models.CharField(max_length=10, choices=Verdict)
    evidence = ProseField()
    next_step = ProseField(blank=True)
    owner = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="assessments_owned"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict="met")
                | ~models.Q(next_step="") & models.Q(owner__isnull=False),
                name="priorities_assessment_says_what_comes_next",
            )
        ]

    def __str__(self):
        return f"{self.standard}: {self.get_verdict_display().lower()}"

    @property
    def board_id(self):
        return self.standard.board_id
