from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from board.models import Agency, Board
from board.prose import ProseField
from board.terms import Term, TermQuerySet


class FourP(models.TextChoices):
    """The four strands of the national strategy (Cm 8715, 2013)."""

    PURSUE = "pursue", "Pursue"
    PREVENT = "prevent", "Prevent"
    PROTECT = "protect", "Protect"
    PREPARE = "prepare", "Prepare"


class NationalThreatQuerySet(models.QuerySet):
    def current(self, day=None):
        day = day or timezone.localdate()
        return self.filter(Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class NationalThreat(models.Model):
    """One line of a national list, with the source that lists it.

    There is no single official list for 2018, so the list is data: dated, sourced, editable.
    """

    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    monitored_by = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="national_threats"
    )
    order = models.PositiveSmallIntegerField(default=0)

    objects = NationalThreatQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "source", "valid_from"],
                name="priorities_nationalthreat_listed_once",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("priorities:national_threat", args=[self.pk])

    def listed(self, day):
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


# Addresses beside /priorities/<slug>/, now or later, and a section of every return.
RESERVED = frozenset(
    {
        "edit", "learning", "letter", "national", "new", "objectives", "questions", "returns",
        "rounds", "standards", "threats",
    }
)  # fmt: skip


class PriorityQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(board__in=user.roles.reach)

    def in_force(self, day=None):
        """Adopted by `day` and not yet retired: an old quarter shows the priorities it had."""
        day = day or timezone.localdate()
        return self.filter(
            Q(adopted_on__lte=day), Q(retired_on__isnull=True) | Q(retired_on__gt=day)
        )


class Priority(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ADOPTED = "adopted", "Adopted"
        RETIRED = "retired", "Retired"

    board = models.ForeignKey(Board, models.PROTECT, related_name="priorities")
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    statement = ProseField(help_text="What the Board wants to be true, in a sentence or two")
    reason = ProseField("why it was chosen", blank=True)
    lead_agency = models.ForeignKey(Agency, models.PROTECT, related_name="priorities_led")
    national_threats = models.ManyToManyField(NationalThreat, blank=True, related_name="priorities")
    order = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED, editable=False)
    adopted_on = models.DateField(null=True, editable=False)
    retired_on = models.DateField(null=True, editable=False)

    objects = PriorityQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "name"]
        verbose_name_plural = "priorities"
        constraints = [
            models.UniqueConstraint(
                fields=["board", "name"], name="priorities_priority_one_name_per_board"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", adopted_on__isnull=True, retired_on__isnull=True)
                | Q(state="adopted", adopted_on__isnull=False, retired_on__isnull=True)
                | Q(state="retired", adopted_on__isnull=False, retired_on__isnull=False),
                name="priorities_priority_state_has_its_day",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("priorities:priority", args=[self.slug])

    def clean(self):
        if self.slug in RESERVED:
            raise ValidationError(
                {"slug": f"“{self.slug}” is an address of this site: choose another word."}
            )

    @property
    def url_args(self):
        return [self.slug]


class ResponsibilityQuerySet(TermQuerySet):
    def asked(self, board, day):
        """Who is asked for a return in a round that opens on `day`: lead and contributing
        agencies with a seat, for the priorities in force."""
        return self.current(day).filter(
            role__in=[Responsibility.Role.LEAD, Responsibility.Role.CONTRIBUTING],
            priority__in=board.priorities.in_force(day),
            agency__in=board.seats.current(day).values("agency"),
        )


class Responsibility(Term):
    class Role(models.TextChoices):
        LEAD = "lead", "Lead"
        CONTRIBUTING = "contributing", "Contributing"
        INFORMED = "informed", "Informed"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="responsibilities")
    priority = models.ForeignKey(Priority, models.PROTECT, related_name="responsibilities")
    role = models.CharField(max_length=20, choices=Role)
    answers_for = models.CharField(max_length=300, blank=True)

    objects: ClassVar = ResponsibilityQuerySet.as_manager()

    class Meta(Term.Meta):
        ordering = ["priority", "role", "agency__name"]
        verbose_name_plural = "responsibilities"
        constraints = [
            *Term.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "priority"],
                condition=Q(end__isnull=True),
                name="priorities_responsibility_one_open",
            ),
        ]

    def __str__(self):
        return f"{self.agency}: {self.get_role_display().lower()} on {self.priority}"

    @property
    def board_id(self):
        return self.priority.board_id


class ObjectiveQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(priority__board__in=user.roles.boards)


class Objective(models.Model):
    """One line of the action plan."""

    class Progress(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        ON_COURSE = "on_course", "On course"
        BEHIND = "behind", "Behind"
        DONE = "done", "Done"

    priority = models.ForeignKey(Priority, models.PROTECT, related_name="objectives")
    strand = models.CharField("of the 4 Ps", max_length=10, choices=FourP)
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(Agency, models.PROTECT, related_name="objectives")
    due = models.DateField()
    measure = models.CharField(max_length=200, blank=True)
    progress = models.CharField(max_length=20, choices=Progress, default=Progress.NOT_STARTED)
    progress_note = models.CharField(max_length=300, blank=True)

    objects = ObjectiveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["priority", "strand", "due"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{self.priority.get_absolute_url()}#plan"

    @property
    def board_id(self):
        return self.priority.board_id
