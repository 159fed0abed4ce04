from django.conf import settings
from django.db import models
from django.db.models import Q

from board.models import Seat

from .meetings import AgendaItem, Meeting


class AttendanceQuerySet(models.QuerySet):
    def here(self):
        """Who counts towards the quorum."""
        return self.filter(status__in=Attendance.HERE)

    def attended(self):
        """Who was there, members and others."""
        return self.filter(status__in=Attendance.THERE)

    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class Attendance(models.Model):
    """One person in one capacity: for a seat, or as a guest in attendance."""

    class Status(models.TextChoices):
        EXPECTED = "expected", "Not yet recorded"
        PRESENT = "present", "Present"
        SUBSTITUTE = "substitute", "Substitute"
        IN_ATTENDANCE = "in_attendance", "In attendance"
        APOLOGIES = "apologies", "Apologies for absence"
        NOT_REPRESENTED = "not_represented", "Not represented"

    HERE = (Status.PRESENT, Status.SUBSTITUTE)
    THERE = (*HERE, Status.IN_ATTENDANCE)

    class Mode(models.TextChoices):
        ROOM = "room", "In the room"
        REMOTE = "remote", "Remote"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(
        Seat, models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attendances",
    )
    name = models.CharField(max_length=120, blank=True, help_text="When it is nobody on the list")
    capacity = models.CharField(max_length=120, blank=True, help_text="Post, or office held")
    guest = models.BooleanField(
        "invited guest", default=False, help_text="May read this meeting's open papers"
    )
    status = models.CharField(max_length=20, choices=Status, default=Status.EXPECTED)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ROOM)
    substitute_for = models.CharField(max_length=120, blank=True)
    arrived_item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="arrived during",
    )
    left_item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="left after",
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["seat__agency__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "seat"],
                condition=Q(seat__isnull=False),
                name="meetings_attendance_one_per_seat",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["present", "substitute", "in_attendance"])
                | Q(person__isnull=False)
                | ~Q(name=""),
                name="meetings_attendance_somebody_attends",
            ),
        ]

    def __str__(self):
        return f"{self.who}, {self.get_status_display().lower()}"

    @property
    def who(self):
        return str(self.person) if self.person_id else self.name

    @property
    def named(self):
        """Name and post; said once where the post is the name."""
        return self.who if self.capacity in ("", self.who) else f"{self.who}, {self.capacity}"

    @property
    def board_id(self):
        return self.meeting.board_id


class Declaration(models.Model):
    """An interest declared, by a person and for one item or the whole meeting."""

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="declarations")
    item = models.ForeignKey(
        AgendaItem, models.CASCADE, null=True, blank=True, related_name="declarations"
    )
    interest = models.CharField(max_length=300)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.attendance.who}: {self.interest}"
