import datetime

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from board.markings import Marking
from board.models import Agency, Clearable, Marked
from board.prose import ProseField

from .plan import FourP, Priority
from .rounds import Round, days_after


class Confidence(models.TextChoices):
    """How sure an agency is of its own work, in its own judgement."""

    HIGH = "high", "High"
    FAIR = "fair", "Fair"
    LOW = "low", "Low"
    CANNOT_SAY = "cannot_say", "Cannot say"


class Direction(models.TextChoices):
    IMPROVING = "improving", "Improving"
    STEADY = "steady", "Steady"
    WORSENING = "worsening", "Worsening"


class ReturnState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    RECEIVED = "received", "Received"


def stamps_agree(model):
    """Constraints: a draft bears no stamp, the other states bear theirs."""
    return [
        models.CheckConstraint(
            condition=Q(state="draft", submitted_at__isnull=True, submitted_by__isnull=True)
            | ~Q(state="draft") & Q(submitted_at__isnull=False, submitted_by__isnull=False),
            name=f"priorities_{model}_submitted_with_by",
        ),
        models.CheckConstraint(
            condition=Q(state="received", received_at__isnull=False, received_by__isnull=False)
            | ~Q(state="received") & Q(received_at__isnull=True, received_by__isnull=True),
            name=f"priorities_{model}_received_with_by",
        ),
    ]


class Submitted(models.Model):
    """The life that a return and its parts share."""

    state = models.CharField(
        max_length=20, choices=ReturnState, default=ReturnState.DRAFT, editable=False
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    received_at = models.DateTimeField(null=True, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    late_reason = models.CharField(max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


def readable(user, *, agency, board, marking, received, shared_with):
    """The rule of who reads a return, as a Q over the given lookups.

    Its agency, the secretary and the chair; once received the Board's members; when it is
    OFFICIAL-SENSITIVE, instead of the members, the agencies it names.
    """
    roles = user.roles
    return (
        Q(**{f"{agency}__in": roles.agencies})
        | Q(**{f"{board}__in": roles.keeps})
        | received & Q(**{f"{board}__in": roles.boards, marking: Marking.OFFICIAL})
        | received & Q(**{f"{board}__in": roles.reach, f"{shared_with}__in": list(roles.agencies)})
    )


class AgencyReturnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whole returns this person may open; their parts have the same rule of their own."""
        rule = readable(
            user,
            agency="agency",
            board="round__board",
            marking="marking",
            received=Q(state=ReturnState.RECEIVED),
            shared_with="shared_with",
        )
        return self.filter(pk__in=self.model.objects.filter(rule).values("pk"))

    def of_the_quarter_before(self, round):
        """Returns to the round that ended on the day before this one's quarter began."""
        return self.filter(
            round__board=round.board_id,
            round__quarter_end=round.quarter_start - datetime.timedelta(days=1),
        )

    def reachable_by(self, user):
        """Returns of which this person may read something, the two questions or one part."""
        return self.filter(
            Q(pk__in=self.model.objects.visible_to(user).values("pk"))
            | Q(pk__in=PriorityReturn.objects.visible_to(user).values("agency_return"))
        )


class AgencyReturn(Marked, Submitted):
    """One agency's answer to one round: the Board's two questions, and a part per priority."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="agency_returns")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="returns")
    emerging_priorities = ProseField(
        "What are your emerging priorities?",
        blank=True,
    )
    new_information = ProseField("How do you capture new information?", blank=True)
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    sharing_basis = models.CharField(
        "basis for sharing",
        max_length=200,
        blank=True,
        help_text="The agreement or power under which this is shared with the Board",
    )
    shared_with = models.ManyToManyField(
        Agency,
        blank=True,
        related_name="returns_shared",
        help_text="Agencies that may read this when it is OFFICIAL-SENSITIVE",
    )
    # More time for this agency alone; the round's day stays what it is for the others.
    extended_to = models.DateField(null=True, editable=False)
    extended_reason = models.CharField(max_length=300, blank=True, editable=False)
    # A return that came by letter or e-mail, typed in by the secretary.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    entered_at = models.DateTimeField(null=True, editable=False)
    sender = models.CharField("sent by", max_length=120, blank=True, editable=False)
    sent_on = models.DateField(null=True, editable=False)

    objects = AgencyReturnQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["agency__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "agency"], name="priorities_agencyreturn_one_per_round"
            ),
            *stamps_agree("agencyreturn"),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True, extended_reason="")
                | Q(extended_to__isnull=False) & ~Q(extended_reason=""),
                name="priorities_agencyreturn_extended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=True, entered_by__isnull=True, sender="")
                | Q(entered_at__isnull=False, entered_by__isnull=False),
                name="priorities_agencyreturn_entered_with_by",
            ),
        ]

    def __str__(self):
        return f"{self.agency}, {self.round.title}"

    def get_absolute_url(self):
        return reverse("priorities:return", args=[self.pk])

    @property
    def due(self):
        """The day by which this agency answers."""
        return self.extended_to or self.round.due

    def days_late(self, moment=None):
        """Whole London days since that day; 0 when not late. `moment` is aware, or now."""
        return days_after(self.due, moment)

    def was_entered(self, parts):
        """Whether its two questions or one of `parts` stand as the secretary entered them."""
        by = self.entered_by_id
        return by is not None and any(one.submitted_by_id == by for one in (self, *parts))

    @property
    def url_args(self):
        return [self.pk]

    @property
    def board_id(self):
        return self.round.board_id


class PriorityReturnQuerySet(models.QuerySet):
    def visible_to(self, user):
        rule = readable(
            user,
            agency="agency_return__agency",
            board="agency_return__round__board",
            marking="marking",
            received=Q(state=ReturnState.RECEIVED),
            shared_with="agency_return__shared_with",
        )
        return self.filter(pk__in=self.model.objects.filter(rule).values("pk"))

    def expected(self):
        return self.filter(lifted_on__isnull=True)

    def answered(self):
        return self.exclude(state=ReturnState.DRAFT)

    def late(self, day=None):
        """Those that came after the due day, or had not come by `day` (a date; today in London
        when none is given) or by the day on which the round closed."""
        day = day or timezone.localdate()
        due = Coalesce("agency_return__extended_to", "agency_return__round__due")
        return (
            self.expected()
            .alias(was_due=due)
            .filter(
                Q(submitted_at__date__gt=F("was_due"))
                | Q(submitted_at=None, agency_return__round__state=Round.State.OPEN)
                & Q(was_due__lt=day)
                | Q(submitted_at=None, agency_return__round__closed_at__date__gt=F("was_due"))
            )
        )

    def unheard(self):
        """Expected, and nothing was ever heard. What came and was queried is no silence."""
        return self.expected().filter(state=ReturnState.DRAFT, queries__isnull=True)

    def as_read_by(self, user):
        """Adds `may_read`, whether this person may read it, and `queried_at`, the last query."""
        last_query = ReturnQuery.objects.filter(priority_return=OuterRef("pk"))
        return self.annotate(
            may_read=ExpressionWrapper(
                Q(pk__in=PriorityReturn.objects.visible_to(user).values("pk")),
                output_field=models.BooleanField(),
            ),
            queried_at=Subquery(last_query.order_by("-raised_at").values("raised_at")[:1]),
        )


class PriorityReturn(Marked, Clearable, Submitted):
    """One agency's answer on one priority in one round."""

    agency_return = models.ForeignKey(AgencyReturn, models.PROTECT, related_name="priority_returns")
    priority = models.ForeignKey(Priority, models.PROTECT, related_name="returns")
    nothing_to_report = models.BooleanField(default=False)
    did = ProseField("what we did", blank=True)
    pursue = models.BooleanField(default=False)
    prevent = models.BooleanField(default=False)
    protect = models.BooleanField(default=False)
    prepare = models.BooleanField(default=False)
    emerging = ProseField("what is emerging", blank=True)
    confidence = models.CharField(max_length=20, choices=Confidence, blank=True)
    confidence_because = models.CharField("because", max_length=300, blank=True)
    direction = models.CharField(max_length=20, choices=Direction, blank=True)
    report_text = ProseField("text for the report", blank=True)
    objectives_progress = ProseField("progress on our objectives", blank=True)
    outcome = ProseField("outcome and evidence", blank=True)
    barriers = ProseField("barriers, and what we ask of the Board", blank=True)
    # The expectation, frozen when the round opens; a later change is dated and explained.
    added_on = models.DateField(null=True, blank=True, editable=False)
    added_reason = models.CharField(max_length=300, blank=True, editable=False)
    lifted_on = models.DateField(null=True, blank=True, editable=False)
    lifted_reason = models.CharField(max_length=300, blank=True, editable=False)

    objects = PriorityReturnQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["priority__order", "priority__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency_return", "priority"],
                name="priorities_priorityreturn_one_per_round_agency_priority",
            ),
            *stamps_agree("priorityreturn"),
            *Clearable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True, lifted_reason="")
                | Q(lifted_on__isnull=False) & ~Q(lifted_reason=""),
                name="priorities_priorityreturn_lifted_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.agency_return.agency} on {self.priority}"

    def get_absolute_url(self):
        return f"{self.agency_return.get_absolute_url()}#priority-{self.priority.slug}"

    @property
    def url_args(self):
        return [self.agency_return_id, self.priority.slug]

    @property
    def board_id(self):
        return self.agency_return.round.board_id

    @property
    def text_for_report(self):
        return self.report_text

    @property
    def strands(self):
        """The 4 Ps that were ticked, as FourP members."""
        return [strand for strand in FourP if getattr(self, strand.value)]

    @property
    def days_late(self):
        """Days after the due day on which it was submitted; 0 when in time or not submitted."""
        if self.submitted_at is None:
            return 0
        return self.agency_return.days_late(self.submitted_at)


class Original(models.Model):
    """The file in which a return came, as it came; apart, so that lists do not load it."""

    agency_return = models.OneToOneField(
        AgencyReturn, models.PROTECT, related_name="original", primary_key=True
    )
    name = models.CharField(max_length=120)
    content = models.BinaryField()

    def __str__(self):
        return self.name


class ReturnQuery(models.Model):
    """What the secretary asked about a return or one part of it; it stays with the return."""

    agency_return = models.ForeignKey(AgencyReturn, models.PROTECT, related_name="queries")
    priority_return = models.ForeignKey(
        PriorityReturn, models.PROTECT, null=True, blank=True, related_name="queries"
    )
    text = ProseField()
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = ProseField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["raised_at"]
        verbose_name_plural = "return queries"
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="priorities_returnquery_answered_with_by",
            )
        ]

    def __str__(self):
        return f"Query on {self.priority_return or self.agency_return}"
