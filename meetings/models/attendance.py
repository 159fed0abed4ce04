import math

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

    def with_absences(self):
        """With the seats, the people and when each was away; two queries."""
        away = Absence.objects.select_related("after", "back")
        return self.select_related("seat__agency", "person").prefetch_related(
            models.Prefetch("absences", away)
        )


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

    def was_there(self, item):
        """Whether who came late, left early or went out was there for this item. Two queries,
        unless read `with_absences`."""
        return not any(absence.covers(item) for absence in self.absences.all())

    @property
    def stay(self):
        """ "until item 3, then from item 5 until item 7", or nothing for the whole meeting."""
        words, since, gone = [], None, False
        for absence in joined(self.absences.all()):
            if absence.after:
                words.append(between(since, absence.after))
            since, gone = absence.back, absence.back is None
        if not gone:
            words.append(between(since, None))
        return ", then ".join(filter(None, words))


def between(since, until):
    words = [f"from item {since.number}" if since else "", until and f"until item {until.number}"]
    return " ".join(filter(None, words))


def joined(absences):
    """The absences of one attendance in order, those that overlap as one."""
    found = []
    for absence in sorted(absences, key=lambda absence: absence.begins):
        last = found[-1] if found else None
        if last and absence.begins < last.ends:
            later = max(last, absence, key=lambda each: each.ends)
            found[-1] = Absence(after=last.after, back=later.back)
        else:
            found.append(absence)
    return found


class Absence(models.Model):
    """While somebody was away: after one item (None: they had not come yet) until they were there
    at another (None: they did not come back)."""

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="absences")
    after = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="+")
    back = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(after__isnull=False) | Q(back__isnull=False),
                name="meetings_absence_not_the_whole_meeting",
            )
        ]

    def __str__(self):
        return f"Away{f' after item {self.after.number}' if self.after else ''}" + (
            f" until item {self.back.number}" if self.back else ""
        )

    @property
    def begins(self):
        """The turn of the last item before it; 0 for none."""
        return self.after.taken if self.after else 0

    @property
    def ends(self):
        """The turn of the first item after it; beyond all for none."""
        return self.back.taken if self.back else math.inf

    def covers(self, item):
        return self.begins < item.taken < self.ends


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
