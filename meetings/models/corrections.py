from django.conf import settings
from django.db import models
from django.db.models import Q

from board.prose import ProseField

from .meetings import AgendaItem, Meeting
from .minutes import Decision, Minutes, part_readable


class Circulation(models.Model):
    """The numbered paragraphs of minutes as they were sent out, or as a correction left them.
    Kept as it was: a trigger refuses to change or to delete it."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="circulations")
    number = models.PositiveSmallIntegerField()
    paragraphs = models.JSONField()
    what = models.CharField(max_length=120)
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["minutes", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "number"], name="meetings_circulation_one_per_number"
            )
        ]

    def __str__(self):
        return f"Version {self.number}: {self.what}"


class CorrectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who sees the minutes; of the restricted part, who heard that item."""
        return self.filter(
            part_readable(user, part="minutes__part"),
            minutes__in=Minutes.objects.visible_to(user).values("pk"),
        )

    def open(self):
        return self.filter(state__in=Correction.OPEN)


class Correction(models.Model):
    """What an attendee would have the minutes say instead, in one numbered paragraph."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        INCORPORATED = "incorporated", "Incorporated"
        WITHDRAWN = "withdrawn", "Withdrawn"
        PUT = "put", "Put to the meeting"
        AGREED = "agreed", "Agreed"
        NOT_AGREED = "not_agreed", "Not agreed"

    OPEN = (State.PROPOSED, State.PUT)
    DECIDED = (State.AGREED, State.NOT_AGREED)

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="corrections")
    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="corrections")
    paragraph = models.PositiveSmallIntegerField()
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="corrections")
    corrects = models.ForeignKey(
        Decision,
        models.SET_NULL,
        null=True,
        related_name="corrections",
        help_text="The decision whose wording it is, when it is one's",
    )
    was = models.TextField()
    wording = ProseField("it should read")
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED, editable=False)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="corrections_decided",
        help_text="The meeting that agreed it, or did not",
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="corrections_made",
        help_text="Of a later meeting, when the minutes were approved before",
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["minutes", "paragraph", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["proposed", "put"], settled_at__isnull=True, settled_by__isnull=True
                )
                | Q(
                    state__in=["incorporated", "withdrawn", "agreed", "not_agreed"],
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                ),
                name="meetings_correction_settled_with_by",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["agreed", "not_agreed"], meeting__isnull=False)
                | ~Q(state__in=["agreed", "not_agreed"]) & Q(meeting__isnull=True),
                name="meetings_correction_decided_by_a_meeting",
            ),
        ]

    def __str__(self):
        return f"Correction of paragraph {self.paragraph}, {self.minutes}"

    def get_absolute_url(self):
        return f"{self.minutes.get_absolute_url()}#corrections-{self.minutes.part}"

    @property
    def url_args(self):
        return [self.pk]

    @property
    def board_id(self):
        return self.minutes.board_id

    @property
    def is_open(self):
        return self.state in self.OPEN
