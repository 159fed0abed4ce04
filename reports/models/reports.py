import functools
import operator

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from board.markings import Audience
from board.models import Appointment, Board, Nomination, TermsOfReference
from board.prose import ProseField
from meetings.models import Action, Decision, Meeting, Note, Referral
from priorities.models import EmergingThreat, Learning, PriorityReturn, Round

from .layouts import Layout


class CommitteeReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Draft: secretary and chair. Issued: its audience, board and parent committee."""
        roles = user.roles
        issued = Q(state=CommitteeReport.State.ISSUED)
        return self.filter(
            Q(board__in=roles.keeps)
            | issued & (Q(board__in=roles.boards) | Q(to_board__in=roles.boards))
        )

    def locked(self, pk):
        """The report with what a draft of it needs, locked until the transaction ends."""
        reports = self.select_for_update(of=("self",))
        return reports.select_related("board", "to_board", "layout").get(pk=pk)


class CommitteeReport(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        CLEARED = "cleared", "Cleared"
        ISSUED = "issued", "Issued"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Purpose(models.TextChoices):
        INFORMATION = "information", "For Information"
        DECISION = "decision", "For Decision"

    board = models.ForeignKey(Board, models.PROTECT, related_name="reports")
    to_board = models.ForeignKey(
        Board, models.PROTECT, related_name="reports_received", verbose_name="to"
    )
    ref = models.SlugField(unique=True, editable=False)
    committee_date = models.DateField("date of the committee", null=True)
    subject = models.CharField(max_length=200)
    report_of = models.CharField(
        max_length=200, help_text="Post and agency, such as Borough Commander, London Fire Brigade"
    )
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.INFORMATION)
    audience = models.CharField(
        max_length=20,
        choices=[(a.value, a.label) for a in (Audience.PARENT, Audience.PUBLIC)],
        default=Audience.PUBLIC,
    )
    layout = models.ForeignKey(
        Layout,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="form of the report",
    )
    header_rows = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Further rows of the header: [[label, text], …]",
    )
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    summary = ProseField(blank=True)
    recommendations = ProseField(
        blank=True, help_text="One a line; empty for a report For Information"
    )
    appendices = ProseField(blank=True, help_text="One a line")
    background_papers = ProseField(blank=True, help_text="One a line")
    contact = ProseField(blank=True, help_text="Post, office telephone, office e-mail")
    changes = models.CharField(
        "what changed since it was last issued",
        max_length=300,
        blank=True,
        help_text="Printed in the header of a report that is issued again",
    )
    follows = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="followed_by",
        help_text="The issued report that this one was started from",
    )
    leftovers = models.TextField(
        blank=True, editable=False, help_text="What an import could not place"
    )
    imported_from = models.CharField(max_length=120, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    drafted_at = models.DateTimeField(editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, editable=False)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = CommitteeReportQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-committee_date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_from__isnull=True)
                | Q(period_to__isnull=True)
                | Q(period_to__gte=F("period_from")),
                name="reports_committeereport_period_runs_forward",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cleared", "issued", "withdrawn"])
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="reports_committeereport_cleared_with_by",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "withdrawn"])
                | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="reports_committeereport_issued_with_by",
            ),
            # A withdrawn report that is written anew keeps the day until it is issued again.
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False),
                name="reports_committeereport_withdrawn_with_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(withdrawn_at__isnull=True),
                name="reports_committeereport_in_force_when_issued",
            ),
        ]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("reports:report", args=[self.ref])

    @property
    def url_args(self):
        return [self.ref]


class Section(models.Model):
    report = models.ForeignKey(CommitteeReport, models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120)

    history = HistoricalRecords()

    class Meta:
        ordering = ["report", "order"]

    def __str__(self):
        return self.heading


class Paragraph(models.Model):
    section = models.ForeignKey(Section, models.CASCADE, related_name="paragraphs")
    order = models.PositiveSmallIntegerField()
    text = ProseField()
    numbered = models.BooleanField(default=True)
    carried_from = models.SlugField(
        blank=True,
        editable=False,
        help_text="The earlier report it was taken over from, until somebody says it still holds",
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["section", "order"]

    def __str__(self):
        return self.text[:60]


# What a paragraph can rest on, by its key in ParagraphSource.
SOURCES: dict[str, type[models.Model]] = {
    "note": Note,
    "decision": Decision,
    "action": Action,
    "priority_return": PriorityReturn,
    "threat": EmergingThreat,
    "learning": Learning,
    "referral": Referral,
    "round": Round,
    "appointment": Appointment,
    "nomination": Nomination,
    "terms_of_reference": TermsOfReference,
    "meeting": Meeting,
}


def exactly_one(names):
    """A Q that holds when one of the named keys is filled and the others are not."""
    return functools.reduce(
        operator.or_,
        (Q(**{f"{name}__isnull": name != filled for name in names}) for filled in names),
    )


class ParagraphSource(models.Model):
    """One record a paragraph rests on. A paragraph without any was written by hand.

    `digest` is of the record's words when the paragraph was drafted, so that a later change of
    the record shows; `label` names it for readers and stays when the record does not.
    """

    paragraph = models.ForeignKey(Paragraph, models.CASCADE, related_name="sources")
    label = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    note = models.ForeignKey(Note, models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    action = models.ForeignKey(Action, models.PROTECT, null=True, related_name="+")
    priority_return = models.ForeignKey(PriorityReturn, models.PROTECT, null=True, related_name="+")
    threat = models.ForeignKey(EmergingThreat, models.PROTECT, null=True, related_name="+")
    learning = models.ForeignKey(Learning, models.PROTECT, null=True, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, related_name="+")
    terms_of_reference = models.ForeignKey(
        TermsOfReference, models.PROTECT, null=True, related_name="+"
    )
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="+")

    # So that a paragraph which was removed can be put back with what it rested on.
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(SOURCES), name="reports_paragraphsource_exactly_one_record"
            )
        ]

    def __str__(self):
        return self.label

    @property
    def record(self):
        return next(getattr(self, key) for key in SOURCES if getattr(self, f"{key}_id"))
