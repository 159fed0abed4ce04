from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from board.models import Clearable
from board.prose import ProseField
from priorities.models import EmergingThreat, Priority

from .attendance import Absence, Attendance
from .meetings import AgendaItem, Meeting


class Part(models.TextChoices):
    BOARD = "board", "Board part"
    RESTRICTED = "restricted", "Restricted part"


class Ground(models.TextChoices):
    """Part 1 of Schedule 12A to the Local Government Act 1972, as in force in England."""

    INDIVIDUAL = "1", "Information relating to any individual"
    IDENTITY = "2", "Information likely to reveal who an individual is"
    AFFAIRS = "3", "Financial or business affairs of any person, the authority included"
    LABOUR = "4", "Consultations or negotiations on labour relations"
    PRIVILEGE = "5", "Information protected by legal professional privilege"
    NOTICES = "6", "Notices or orders that the authority proposes to give or make"
    CRIME = "7", "Action taken or to be taken to prevent, investigate or prosecute crime"


def taken(item):
    """AgendaItem.taken of the item that this lookup leads to, in the database."""
    return Coalesce(f"{item}__turn", f"{item}__number")


def keepers(user, meeting="meeting"):
    """Who writes and checks what is said at a meeting, as a Q: secretary, chair, who presides.
    `meeting` is the lookup that leads to it."""
    return Q(**{f"{meeting}__board__in": user.roles.keeps}) | Q(
        **{f"{meeting}__presiding": user.pk, f"{meeting}__board__in": user.roles.boards}
    )


def part_readable(user, item="item", part="part"):
    """Who reads what was decided, as a Q over records of an agenda item. `item` and `part` are
    the lookups that lead to them.

    The Board part: whoever may see the meeting. The restricted part: secretary, chair, who
    presided, and those members who were there for that item.
    """
    roles = user.roles
    this = Coalesce(OuterRef(OuterRef(f"{item}__turn")), OuterRef(OuterRef(f"{item}__number")))
    away = Absence.objects.alias(begins=taken("after"), ends=taken("back")).filter(
        Q(after=None) | Q(begins__lt=this),
        Q(back=None) | Q(ends__gt=this),
        attendance=OuterRef("pk"),
    )
    was_there = Attendance.objects.attended().filter(
        ~Exists(away), meeting=OuterRef(f"{item}__meeting"), person=user.pk
    )
    open_part = Q(
        **{part: Part.BOARD, f"{item}__meeting__in": Meeting.objects.visible_to(user).values("pk")}
    )
    restricted_part = Q(**{part: Part.RESTRICTED}) & (
        Q(**{f"{item}__meeting__board__in": roles.keeps})
        | Q(**{f"{item}__meeting__board__in": roles.boards})
        & (Q(**{f"{item}__meeting__presiding": user.pk}) | Q(Exists(was_there)))
    )
    return open_part | restricted_part


class NoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Notes are drafts: the secretary and who presides. Others read the minutes."""
        return self.filter(keepers(user, "item__meeting"))


class Note(Clearable):
    """The minute of one item, in one part. `version` counts its saves."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="notes")
    part = models.CharField(max_length=12, choices=Part, default=Part.BOARD)
    text = ProseField(blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    saved_at = models.DateTimeField(null=True, editable=False)
    withheld_paragraph = models.CharField(
        "paragraph of Schedule 12A", max_length=10, choices=Ground, blank=True
    )
    withheld_note = models.CharField("public interest", max_length=300, blank=True)

    objects = NoteQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["item", "part"]
        constraints = [
            models.UniqueConstraint(fields=["item", "part"], name="meetings_note_one_per_part"),
            *Clearable.Meta.constraints,
        ]

    def __str__(self):
        return f"Minute of item {self.item}"

    @property
    def board_id(self):
        return self.item.meeting.board_id

    @property
    def url_args(self):
        return [self.pk]

    @property
    def text_for_report(self):
        return self.text if self.part == Part.BOARD else ""


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(part_readable(user))


class Decision(Clearable):
    class Outcome(models.TextChoices):
        AGREED = "agreed", "Agreed"
        NOTED = "noted", "Noted"
        RECOMMENDED = "recommended", "Recommended"
        DEFERRED = "deferred", "Deferred"

    # What only a meeting with a quorum can decide; without one it is a view.
    BY_AGREEMENT = (Outcome.AGREED, Outcome.RECOMMENDED)

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="decisions")
    part = models.CharField(max_length=12, choices=Part, default=Part.BOARD)
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.AGREED)
    text = ProseField("wording")
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    threat = models.ForeignKey(
        EmergingThreat, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    dissent = models.CharField(max_length=300, blank=True, help_text="Recorded if asked for")
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = DecisionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["item__meeting", "item__number", "pk"]
        constraints = [*Clearable.Meta.constraints]

    def __str__(self):
        return f"{self.get_outcome_display()}: {self.text}"

    # One query each, unless `between` is read with the decision.
    @property
    def taken_on(self):
        """The day: of its meeting, or of the agreement that its meeting is told of."""
        question = getattr(self, "between", None)
        return timezone.localdate(question.closed_at) if question else self.item.meeting.day

    @property
    def how(self):
        """At a meeting, or between two and on which day."""
        question = getattr(self, "between", None)
        if question is None:
            return "At a meeting"
        return f"{question.get_route_display()}, {self.taken_on:%-d %B %Y}"

    @property
    def board_id(self):
        return self.item.meeting.board_id

    @property
    def url_args(self):
        return [self.pk]

    @property
    def text_for_report(self):
        return self.text if self.part == Part.BOARD else ""


class MinutesQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Until circulated, the secretary and who chairs or presides. Then the Board part is the
        members'; of the restricted part those who were there read the items they heard."""
        circulated = Q(state__in=Minutes.READABLE)
        open_part = Q(part=Part.BOARD, meeting__in=Meeting.objects.visible_to(user).values("pk"))
        were_there = Q(
            part=Part.RESTRICTED,
            meeting__board__in=user.roles.boards,
            meeting__in=Attendance.objects.attended().filter(person=user.pk).values("meeting"),
        )
        return self.filter(keepers(user) | circulated & (open_part | were_there))


class Minutes(models.Model):
    """The minutes of one meeting, one part. Circulating keeps numbered paragraphs; approval
    freezes text, PDF and hash, and a trigger refuses to change them."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        CHECKED = "checked", "Checked by the chair"
        CIRCULATED = "circulated", "Circulated"
        APPROVED = "approved", "Approved"
        SIGNED = "signed", "Signed"

    READABLE = (State.CIRCULATED, State.APPROVED, State.SIGNED)

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    part = models.CharField(max_length=12, choices=Part, default=Part.BOARD)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    paragraphs = models.JSONField(default=list, editable=False)
    text = models.TextField(blank=True, editable=False)
    pdf = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    approved_at_meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, editable=False, related_name="minutes_approved"
    )
    signed_note = models.CharField(max_length=200, blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    circulated_at = models.DateTimeField(null=True, editable=False)
    circulated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "part"]
        verbose_name_plural = "minutes"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "part"], name="meetings_minutes_one_per_part"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "signed"])
                | Q(
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                    approved_at_meeting__isnull=False,
                    pdf__isnull=False,
                )
                & ~Q(sha256=""),
                name="meetings_minutes_approved_with_pdf_and_hash",
            ),
            models.CheckConstraint(
                condition=Q(state="signed", signed_at__isnull=False, signed_by__isnull=False)
                | ~Q(state="signed") & Q(signed_at__isnull=True, signed_by__isnull=True),
                name="meetings_minutes_signed_with_by",
            ),
        ]

    def __str__(self):
        part = ", restricted part" if self.part == Part.RESTRICTED else ""
        return f"Minutes of {self.meeting}{part}"

    def get_absolute_url(self):
        return reverse("meetings:minutes", args=[self.meeting.ref])

    @property
    def url_args(self):
        return [self.meeting.ref, self.part]

    @property
    def board_id(self):
        return self.meeting.board_id
