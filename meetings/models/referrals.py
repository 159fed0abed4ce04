from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from board.models import Agency, Board, Clearable
from board.prose import ProseField
from priorities.models import Priority


class ReferralQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The members of the board, and the people of the agency that is asked."""
        roles = user.roles
        return self.filter(
            Q(board__in=roles.boards) | Q(agency__in=roles.agencies, board__in=roles.reach)
        )

    def open(self):
        return self.filter(state=Referral.State.RECEIVED)


class Referral(Clearable):
    """A question or a resolution that comes back from the parent committee, and its answer. The
    answer's words are cleared by the secretary before a report may use them."""

    class Kind(models.TextChoices):
        QUESTION = "question", "Question"
        RESOLUTION = "resolution", "Resolution"

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        ANSWERED = "answered", "Answered"
        REPORTED = "reported", "Reported"
        WITHDRAWN = "withdrawn", "Withdrawn"

    ANSWERS = (State.ANSWERED, State.REPORTED)

    board = models.ForeignKey(Board, models.PROTECT, related_name="referrals")
    from_board = models.ForeignKey(Board, models.PROTECT, related_name="referrals_made")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.QUESTION)
    text = ProseField()
    asked_on = models.DateField()
    due = models.DateField()
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        help_text="Empty when the Board itself answers",
    )
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    state = models.CharField(max_length=20, choices=State, default=State.RECEIVED, editable=False)
    answer = ProseField(blank=True, editable=False)
    reported_in = models.CharField(max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    reported_at = models.DateTimeField(null=True, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            *Clearable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    state__in=["answered", "reported"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                )
                & ~Q(answer="")
                | Q(
                    state__in=["received", "withdrawn"],
                    answered_at__isnull=True,
                    answered_by__isnull=True,
                ),
                name="meetings_referral_answered_with_by",
            ),
            models.CheckConstraint(
                condition=Q(state="reported", reported_at__isnull=False, reported_by__isnull=False)
                | ~Q(state="reported") & Q(reported_at__isnull=True, reported_by__isnull=True),
                name="meetings_referral_reported_with_by",
            ),
            models.CheckConstraint(
                condition=Q(due__gte=models.F("asked_on")),
                name="meetings_referral_due_after_it_was_asked",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} of the {self.from_board}, {self.asked_on:%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("meetings:referral", args=[self.pk])

    @property
    def url_args(self):
        return [self.pk]

    @property
    def owner(self):
        return str(self.agency) if self.agency_id else str(self.board)

    @property
    def is_open(self):
        return self.state == self.State.RECEIVED

    @property
    def text_for_report(self):
        return self.answer

    def days_late(self, day=None):
        day = day or timezone.localdate()
        return max((day - self.due).days, 0) if self.is_open else 0
