from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from board.models import Board, Letter, Seat
from board.prose import ProseField
from priorities.models import Priority

from .meetings import Meeting
from .minutes import Decision


class BetweenMeetingsQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The members of the board."""
        return self.filter(board__in=user.roles.boards)

    def unreported(self):
        """Agreed, and on no agenda, or on that of a meeting which was called off."""
        return self.filter(
            Q(decision=None) | Q(decision__item__meeting__state__in=Meeting.CALLED_OFF),
            state=BetweenMeetings.State.AGREED,
        )


class BetweenMeetings(models.Model):
    """A decision sought or taken between meetings: by written procedure (a question, a last day,
    a reply for each seat) or by the chair, who says by which authority. Agreed, it goes before
    the next meeting as a line of its record: `decision`."""

    class Route(models.TextChoices):
        WRITTEN = "written", "Written procedure"
        CHAIR = "chair", "Chair’s action"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        AGREED = "agreed", "Agreed"
        NOT_AGREED = "not_agreed", "Not agreed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    board = models.ForeignKey(Board, models.PROTECT, related_name="between_meetings")
    route = models.CharField(max_length=10, choices=Route, default=Route.WRITTEN)
    text = ProseField("what is to be agreed")
    reason = models.CharField("why it cannot wait for a meeting", max_length=300)
    deadline = models.DateField("last day for replies", null=True, blank=True)
    authority = models.CharField(max_length=300, blank=True)
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="between_meetings"
    )
    state = models.CharField(max_length=20, choices=State, default=State.OPEN, editable=False)
    opened_at = models.DateTimeField(editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    tally = models.CharField(max_length=200, blank=True, editable=False)
    decision = models.OneToOneField(
        Decision, models.SET_NULL, null=True, editable=False, related_name="between"
    )

    objects = BetweenMeetingsQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = "decision between meetings"
        verbose_name_plural = "decisions between meetings"
        constraints = [
            models.CheckConstraint(
                condition=Q(route="written", deadline__isnull=False, authority="")
                | Q(route="chair", deadline__isnull=True) & ~Q(authority=""),
                name="meetings_between_deadline_or_authority",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False),
                name="meetings_between_closed_with_by",
            ),
        ]

    def __str__(self):
        return f"{self.get_route_display()} of {self.board}, {self.opened_at:%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("meetings:between", args=[self.pk])

    @property
    def url_args(self):
        return [self.pk]

    @property
    def written(self):
        return self.route == self.Route.WRITTEN

    @property
    def is_open(self):
        return self.state == self.State.OPEN


class QuestionLetter(Letter):
    """What one person was written about a question put in writing: the question itself, a
    reminder, how it ended. Each kind once."""

    class Kind(models.TextChoices):
        ASKED = "asked", "The question"
        REMINDED = "reminded", "Reminder"
        CLOSED = "closed", "How it ended"

    BOARD = "question__board"

    question = models.ForeignKey(BetweenMeetings, models.CASCADE, related_name="letters")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta(Letter.Meta):
        ordering = ["person__name", "pk"]
        constraints = [
            *Letter.Meta.constraints,
            models.UniqueConstraint(
                fields=["question", "person", "kind"], name="meetings_questionletter_once"
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.get_kind_display().lower()}"

    @property
    def about(self):
        return self.question

    @property
    def to(self):
        return self.person.email

    @property
    def title(self):
        return f"Written procedure: {self.get_kind_display().lower()}"


class Reply(models.Model):
    """What one seat says to a question put in writing. The last one stands until it is closed."""

    class Answer(models.TextChoices):
        AGREE = "agree", "Agrees"
        OBJECT = "object", "Does not agree"
        ABSTAIN = "abstain", "Abstains"
        MEETING = "meeting", "Asks that a meeting decides"

    question = models.ForeignKey(BetweenMeetings, models.CASCADE, related_name="replies")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="replies")
    answer = models.CharField(max_length=10, choices=Answer)
    comment = models.CharField(max_length=500, blank=True)
    sender = models.CharField(max_length=120, blank=True)
    given_at = models.DateTimeField(editable=False)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["seat__agency__name"]
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(fields=["question", "seat"], name="meetings_reply_one_per_seat")
        ]

    def __str__(self):
        return f"{self.seat.agency}: {self.get_answer_display().lower()}"
