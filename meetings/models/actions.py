from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from board.models import Agency, AgencyMember, Appointment, Board
from board.prose import ProseField
from priorities.models import Learning, Objective, Priority, PriorityReturn

from .meetings import AgendaItem, Meeting
from .minutes import Minutes, Part, keepers, part_readable


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Members; its owner's and supporters' people; restricted ones as their minute."""
        roles = user.roles
        mine = Q(agency__in=roles.agencies) | Q(
            pk__in=Action.supporting.through.objects.filter(agency__in=roles.agencies).values(
                "action"
            )
        )
        return self.filter(
            Q(part=Part.BOARD) & (Q(board__in=roles.boards) | mine & Q(board__in=roles.reach))
            | Q(part=Part.RESTRICTED) & (Q(board__in=roles.keeps) | part_readable(user))
        )

    def open(self):
        return self.filter(state__in=Action.NOT_DONE)

    def with_carry_overs(self):
        """Annotate `carried_over`: how many meetings were held from its first due day on while
        it was not done."""
        held = (
            Meeting.objects.held()
            .filter(
                board=OuterRef("board"),
                starts_at__date__gte=OuterRef("original_due"),
            )
            .filter(
                Q(starts_at__lt=OuterRef("completed_at"))
                | Q(Exists(Action.objects.open().filter(pk=OuterRef(OuterRef("pk")))))
            )
            .order_by()
            .values("board")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(carried_over=Coalesce(Subquery(held), 0))

    def with_holders(self):
        """Annotate `person_left`: who was to do it is of its agency and its board no longer; and
        `lead`, the name of the agency's lead today, to whom it falls then."""
        of_agency = AgencyMember.objects.current().filter(agency=OuterRef("agency"))
        of_board = Appointment.objects.current().filter(board=OuterRef("board"))
        own = OuterRef("person")
        stays = Exists(of_agency.filter(person=own)) | Exists(of_board.filter(person=own))
        leads = of_agency.filter(role=AgencyMember.Role.LEAD).order_by("start", "pk")
        return self.annotate(
            person_left=Case(
                When(Q(person__isnull=False, agency__isnull=False) & ~stays, then=Value(True)),
                default=Value(False),
            ),
            lead=Subquery(leads.values("person__name")[:1]),
        )

    def overdue(self, at=None):
        """Open and past their day, on the London day of `at` (aware; now when none is given)."""
        day = timezone.localdate(at) if at else timezone.localdate()
        return self.open().filter(due__lt=day)


class Action(models.Model):
    class State(models.TextChoices):
        OPEN = "open", "Open"
        PROPOSED = "proposed", "Proposed complete"
        COMPLETE = "complete", "Complete"
        CANCELLED = "cancelled", "Cancelled"

    NOT_DONE = (State.OPEN, State.PROPOSED)

    board = models.ForeignKey(Board, models.PROTECT, related_name="actions")
    reference = models.CharField(max_length=30, unique=True, editable=False)
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    part = models.CharField(max_length=12, choices=Part, default=Part.BOARD)
    original_wording = ProseField(editable=False)
    wording = ProseField("what is to be done")
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name="lead agency",
        help_text="Empty when the Board itself owns it",
    )
    board_owns = models.BooleanField(default=False)
    supporting = models.ManyToManyField(Agency, blank=True, related_name="actions_supported")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    officer = models.CharField(
        max_length=120,
        blank=True,
        help_text="A name when the person has no account; empty means officer to be confirmed",
    )
    agreed_on = models.DateField()
    original_due = models.DateField(editable=False)
    due = models.DateField()
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    objective = models.ForeignKey(
        Objective, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    priority_return = models.ForeignKey(
        PriorityReturn, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    learning = models.ForeignKey(
        Learning, models.PROTECT, null=True, blank=True, editable=False, related_name="actions"
    )
    state = models.CharField(max_length=20, choices=State, default=State.OPEN, editable=False)
    evidence = ProseField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = ActionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(board_owns=True, agency__isnull=True)
                | Q(board_owns=False, agency__isnull=False),
                name="meetings_action_owned_by_an_agency_or_the_board",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="complete", completed_at__isnull=False, completed_by__isnull=False
                )
                | ~Q(state="complete") & Q(completed_at__isnull=True, completed_by__isnull=True),
                name="meetings_action_completed_with_by",
            ),
            models.CheckConstraint(
                condition=Q(original_due__gte=F("agreed_on")),
                name="meetings_action_due_after_it_was_agreed",
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("meetings:action", args=[self.pk])

    @property
    def url_args(self):
        return [self.pk]

    @property
    def owner(self):
        return str(self.board) if self.board_owns else str(self.agency)

    @property
    def who(self):
        if self.person_id:
            return str(self.person)
        return self.officer or "Officer to be confirmed"

    @property
    def holder(self):
        """Who is to do it today. When that person has left, it falls to the lead of the agency,
        and this says so. Reads what `with_holders` annotates."""
        if self.person_left:
            return f"{self.lead or 'Lead to be named'}, since {self.person} has left"
        return self.who

    @property
    def not_done(self):
        return self.state in self.NOT_DONE

    @property
    def days_promised(self):
        """The day first agreed and each day promised since, none twice running; one query
        unless the promises are prefetched."""
        days = [self.original_due]
        for promise in self.promises.all():
            if promise.due != days[-1]:
                days.append(promise.due)
        return days

    def days_late(self, day=None):
        day = day or timezone.localdate()
        return max((day - self.due).days, 0) if self.not_done else 0

    def age(self, day=None):
        return ((day or timezone.localdate()) - self.agreed_on).days


class Promise(models.Model):
    """A date promised for an action, when it was promised and what was said with it."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="promises")
    due = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at"]

    def __str__(self):
        return f"{self.action} by {self.due}"


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As the minutes in which they stand: those who write and check them at once, others once
        they are circulated; of a restricted action who was there for the item."""
        readable = Minutes.objects.visible_to(user).filter(
            meeting=OuterRef("meeting"), part=OuterRef("action__part")
        )
        heard = Q(action__part=Part.BOARD) | part_readable(user, part="action__part")
        return self.filter(keepers(user) | Q(Exists(readable)) & heard)

    def in_draft(self):
        """Those whose minutes nobody has circulated yet."""
        circulated = Minutes.objects.filter(
            meeting=OuterRef("meeting"), part=OuterRef("action__part"), state__in=Minutes.READABLE
        )
        return self.filter(~Exists(circulated))


class Review(models.Model):
    """What a meeting said of an action from an earlier one.

    `item` is where it was said, and there the minutes say it; none when the choice that a third
    carry-over asks for was made after the meeting.
    """

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        NEW_DATE = "new_date", "New date promised"
        NOTED = "noted", "Stands, with a note"
        ESCALATED = "escalated", "Escalated to the chair"
        NOT_DONE = "not_done", "Closed as not done"

    # The answers to a third carry-over.
    CHOICES = (Outcome.NEW_DATE, Outcome.ESCALATED)

    action = models.ForeignKey(Action, models.CASCADE, related_name="reviews")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="reviews")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    outcome = models.CharField(max_length=20, choices=Outcome)
    note = models.CharField(max_length=300, blank=True)
    due = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="new_date", due__isnull=False)
                | ~Q(outcome="new_date") & Q(due__isnull=True),
                name="meetings_review_new_date_with_its_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="done") | ~Q(note=""),
                name="meetings_review_with_its_reason",
            ),
        ]

    def __str__(self):
        return f"{self.action}: {self.sentence}"

    @property
    def sentence(self):
        """ "New date promised, 12 March 2027. The post was vacant."."""
        words = self.get_outcome_display()
        if self.due:
            words = f"{words}, {self.due:%-d %B %Y}"
        if self.note:
            words = f"{words}. {self.note}"
        return words if words.endswith((".", "?")) else f"{words}."


class OtherReference(models.Model):
    """The number by which somebody else keeps an action, such as a committee that numbers its
    list anew at each meeting. The action stays one record, and is found by any of them."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="other_references")
    reference = models.CharField(max_length=30)
    given_by = models.CharField(max_length=120)
    since = models.DateField()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "reference", "given_by", "since"],
                name="meetings_otherreference_once",
            )
        ]

    def __str__(self):
        return f"{self.reference} of {self.given_by}, since {self.since:%-d %B %Y}"


class ActionCounter(models.Model):
    """The last number given to an action of a board in a year; locked to give the next."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="action_counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "year"], name="meetings_actioncounter_one_per_year"
            )
        ]

    def __str__(self):
        return f"{self.board} {self.year}: {self.last}"


def next_reference(board, year):
    """The next permanent reference of a board, such as "SOC/3/2018"; inside a transaction.

    The counter rows are locked until commit, so two people at once get two numbers. Boards that
    share a prefix, such as a working group and its board, share one run of numbers.
    """
    own, _ = ActionCounter.objects.get_or_create(board=board, year=year)
    counters = (
        ActionCounter.objects.select_for_update(of=("self",))
        .filter(board__action_prefix=board.action_prefix, year=year)
        .order_by("pk")
    )
    own.last = max(counter.last for counter in counters) + 1
    own.save(update_fields=["last"])
    return f"{board.action_prefix}/{own.last}/{year}"
