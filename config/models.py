"""What the board wrote to its partners by itself: the chase log."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from board.models import Agency, Board, Letter
from meetings.models import Action, Minutes
from priorities.models import AgencyReturn


class Notice(Letter):
    """One e-mail to one person about what one agency owes."""

    class Kind(models.TextChoices):
        DIGEST = "digest", "Reminder"
        ESCALATION = "escalation", "Over the lead’s head"

    board = models.ForeignKey(Board, models.PROTECT, related_name="notices")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.DIGEST)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="notices"
    )
    address = models.EmailField()
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta(Letter.Meta):
        ordering = ["-made_at", "-pk"]
        constraints = [
            *Letter.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="digest") | Q(made_by__isnull=False),
                name="config_notice_escalated_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} to {self.address}"

    @property
    def about(self):
        return self

    @property
    def to(self):
        return self.address

    @property
    def title(self):
        return self.subject or f"{self.get_kind_display()} for {self.agency.short}"


class Reminder(models.Model):
    """That one person is reminded of one thing at one step; the database holds it to once."""

    class Step(models.TextChoices):
        WEEK = "week", "A week before"
        DAY = "day", "The day before"
        AFTER = "after", "The day after"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agency_return = models.ForeignKey(
        AgencyReturn, models.CASCADE, null=True, related_name="reminders"
    )
    action = models.ForeignKey(Action, models.CASCADE, null=True, related_name="reminders")
    minutes = models.ForeignKey(Minutes, models.CASCADE, null=True, related_name="reminders")
    step = models.CharField(max_length=8, choices=Step)
    due = models.DateField(help_text="A day moved is reminded of anew")

    KEYS = ("agency_return", "action", "minutes")

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agency_return__isnull=False, action=None, minutes=None)
                | Q(agency_return=None, action__isnull=False, minutes=None)
                | Q(agency_return=None, action=None, minutes__isnull=False),
                name="config_reminder_of_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["person", key, "step", "due"],
                    condition=Q(**{f"{key}__isnull": False}),
                    name=f"config_reminder_once_per_{key}",
                )
                for key in ("agency_return", "action", "minutes")
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()}, {self.due}"

    @property
    def subject(self):
        return self.agency_return or self.action or self.minutes
