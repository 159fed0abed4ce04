import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from board.models import Board
from board.prose import ProseField
from board.working_days import clear_days_before, clear_days_between
from priorities.models import EmergingThreat, Learning, Priority, Round

from .referrals import Referral


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Members and observers of the board, and the guests invited to that meeting."""
        invited = self.model.objects.filter(attendances__person=user.pk, attendances__guest=True)
        return self.filter(
            Q(board__in=user.roles.boards | user.roles.observed) | Q(pk__in=invited.values("pk"))
        )

    def held(self):
        return self.filter(state__in=Meeting.HELD)

    def ahead(self, at=None):
        return self.filter(
            starts_at__gte=at or timezone.now(),
            state__in=[Meeting.State.PLANNED, Meeting.State.PUBLISHED],
        )


class Meeting(models.Model):
    class Kind(models.TextChoices):
        ORDINARY = "ordinary", "Ordinary"
        EXTRAORDINARY = "extraordinary", "Extraordinary"
        WORKING_GROUP = "working_group", "Working group"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        PUBLISHED = "published", "Agenda published"
        IN_SESSION = "in_session", "In session"
        ENDED = "ended", "Ended"
        CANCELLED = "cancelled", "Cancelled"
        POSTPONED = "postponed", "Postponed"
        ADJOURNED = "adjourned", "Adjourned"

    HELD = (State.ENDED, State.ADJOURNED)
    CALLED_OFF = (State.CANCELLED, State.POSTPONED)

    board = models.ForeignKey(Board, models.PROTECT, related_name="meetings")
    ref = models.SlugField(unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ORDINARY)
    starts_at = models.DateTimeField("starts")
    ends_at = models.DateTimeField("is to end")
    venue = models.CharField(max_length=120, blank=True)
    link = models.URLField("link for those who join remotely", blank=True)
    focus_priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="meetings"
    )
    reviews_all = models.BooleanField(
        "reviews all priorities", default=False, help_text="In place of a focus priority"
    )
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="meetings")
    presiding = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings_presided",
        help_text="Has the rights of the chair in this meeting",
    )
    follows = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="followed_by",
        help_text="The postponed meeting whose place it takes, or the adjourned one it resumes",
    )
    # What calendars know it by: a meeting in place of a postponed one keeps the name.
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text="Raised with each change that calendars are told of"
    )
    began_at = models.DateTimeField("began", null=True, blank=True)
    finished_at = models.DateTimeField("ended", null=True, blank=True)
    invented = models.BooleanField(default=False, editable=False, help_text="Demo data")
    state = models.CharField(max_length=20, choices=State, default=State.PLANNED, editable=False)
    state_reason = models.CharField(max_length=300, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    started_at = models.DateTimeField(null=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meetings_meeting_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(began_at__isnull=True)
                | Q(finished_at__isnull=True)
                | Q(finished_at__gt=F("began_at")),
                name="meetings_meeting_really_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ended", "adjourned"])
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="meetings_meeting_ended_with_by",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cancelled", "postponed", "adjourned"])
                | ~Q(state_reason=""),
                name="meetings_meeting_called_off_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(reviews_all=False) | Q(focus_priority__isnull=True),
                name="meetings_meeting_one_focus_or_all",
            ),
            models.CheckConstraint(
                condition=~Q(kind="extraordinary") | Q(round__isnull=True),
                name="meetings_meeting_extraordinary_without_round",
            ),
        ]

    def __str__(self):
        return f"{self.board}, {timezone.localtime(self.starts_at):%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("meetings:meeting", args=[self.ref])

    @property
    def url_args(self):
        return [self.ref]

    @property
    def day(self):
        return timezone.localdate(self.starts_at)

    @property
    def focus(self):
        """What it takes in turn, in words: a priority's name, all of them, or nothing."""
        if self.reviews_all:
            return "review of all priorities"
        return self.focus_priority.name if self.focus_priority_id else ""

    @property
    def notice_day(self):
        """The last day on which the agenda is published in the board's notice; advisory."""
        return clear_days_before(self.day, self.board.notice_days)

    @property
    def notice_given(self):
        """Clear working days between publication and the meeting; None before it."""
        if self.published_at is None:
            return None
        return clear_days_between(timezone.localdate(self.published_at), self.day)


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class AgendaItem(models.Model):
    class Kind(models.TextChoices):
        APOLOGIES = "apologies", "Apologies for absence"
        DECLARATIONS = "declarations", "Declarations of interest"
        MINUTES = "minutes", "Minutes of the last meeting"
        MATTERS_ARISING = "matters_arising", "Matters arising and action log"
        BETWEEN = "between", "Decisions taken since the last meeting"
        REFERRAL = "referral", "Referred by the parent committee"
        FOCUS = "focus", "Focus priority"
        THREATS = "threats", "Emerging threats"
        ROUND_UP = "round_up", "Partners' round-up"
        OTHER = "other", "Other item"
        ANY_OTHER_BUSINESS = "aob", "Any other business"
        NEXT_DATE = "next_date", "Date of next meeting"

    class Purpose(models.TextChoices):
        NOTE = "note", "To note"
        DISCUSS = "discuss", "To discuss"
        DECIDE = "decide", "To decide"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(
        null=True,
        editable=False,
        help_text="When it was taken, from 1: of all items of a meeting that varied their order",
    )
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    title = models.CharField(max_length=160)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.NOTE)
    presenter = models.CharField(max_length=120, blank=True)
    minutes_allotted = models.PositiveSmallIntegerField("minutes", null=True, blank=True)
    recommendation = ProseField("draft recommendation", blank=True)
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    threat = models.ForeignKey(
        EmergingThreat, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    learning = models.ForeignKey(
        Learning, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    carried_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="carried_to",
        help_text="The item of an earlier meeting whose business it takes up",
    )
    times_carried = models.PositiveSmallIntegerField(default=0, editable=False)
    views_of = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="views_put",
        help_text="The meeting without a quorum whose views this one is asked to agree",
    )
    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    urgency_reason = models.CharField(max_length=300, blank=True)
    urgency_agreed_by = models.CharField(max_length=120, blank=True)
    working_notes = ProseField(
        blank=True, help_text="The secretary's alone: never exported, never a source"
    )
    working_version = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="meetings_agendaitem_one_per_number",
            ),
            models.CheckConstraint(
                condition=Q(urgency_reason="", urgency_agreed_by="")
                | ~Q(urgency_reason="") & ~Q(urgency_agreed_by=""),
                name="meetings_agendaitem_urgent_with_agreement",
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    @property
    def taken(self):
        """Its place in the order in which the items were taken."""
        return self.number if self.turn is None else self.turn

    @property
    def board_id(self):
        return self.meeting.board_id
