from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify

from board.markings import Marking
from board.models import Agency, Marked
from priorities.models import EmergingThreat, PriorityReturn

from .meetings import AgendaItem
from .minutes import Minutes, Part, keepers, part_readable


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With the agenda, once that is published: the Board part is for whoever may see the
        meeting, the restricted part for secretary and chair, who presides, the agencies it
        names, and who was there for its item. What is taken from a record is as that record."""
        roles = user.roles
        named = Q(
            part=Part.RESTRICTED,
            item__meeting__board__in=roles.boards,
            pk__in=Paper.shared_with.through.objects.filter(agency__in=roles.agencies).values(
                "paper"
            ),
        )
        shown = Q(item__meeting__published_at__isnull=False, state=Paper.State.LISTED)
        rule = keepers(user, "item__meeting") | shown & (part_readable(user) | named)
        for source, records in (
            ("priority_return", PriorityReturn),
            ("threat", EmergingThreat),
            ("minutes", Minutes),
        ):
            open_records = records.objects.visible_to(user).values("pk")
            rule &= Q(**{source: None}) | Q(**{f"{source}__in": open_records})
        return self.filter(rule)

    def of(self, meeting):
        return self.filter(item__meeting=meeting)

    def listed(self):
        return self.filter(state=Paper.State.LISTED)


class Paper(Marked):
    """What goes with an item of the agenda: a file, or a record as it stood on a day.

    Its pages are numbered through the meeting's pack. Publishing the agenda gives each its
    `first_page`; what joins later stands after a page that is there, as 31a, and moves none.
    """

    class Timing(models.TextChoices):
        WITH_AGENDA = "with_agenda", "With the agenda"
        TO_FOLLOW = "to_follow", "To follow"
        SUPPLEMENTARY = "supplementary", "Supplementary"
        TABLED = "tabled", "Tabled at the meeting"

    class State(models.TextChoices):
        LISTED = "listed", "Listed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="papers")
    title = models.CharField(max_length=160)
    part = models.CharField(max_length=12, choices=Part, default=Part.BOARD)
    shared_with = models.ManyToManyField(
        Agency,
        blank=True,
        related_name="papers_shared",
        help_text="Agencies whose members may read it before the meeting, when it is restricted",
    )
    timing = models.CharField(max_length=20, choices=Timing, default=Timing.WITH_AGENDA)
    reason = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(editable=False)
    priority_return = models.ForeignKey(
        PriorityReturn, models.PROTECT, null=True, editable=False, related_name="papers"
    )
    threat = models.ForeignKey(
        EmergingThreat, models.PROTECT, null=True, editable=False, related_name="papers"
    )
    minutes = models.ForeignKey(
        Minutes, models.PROTECT, null=True, editable=False, related_name="papers"
    )
    first_page = models.PositiveSmallIntegerField(null=True, editable=False)
    first_letter = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="0 for a page such as 31, 1 for 31a"
    )
    added_at = models.DateTimeField(editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    arrived_at = models.DateTimeField(null=True, editable=False)
    state = models.CharField(max_length=20, choices=State, default=State.LISTED, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["item__number", "order"]
        constraints = [
            models.UniqueConstraint(fields=["item", "order"], name="meetings_paper_one_per_place"),
            models.CheckConstraint(
                condition=Q(part="restricted") | Q(marking=Marking.OFFICIAL),
                name="meetings_paper_board_part_is_official",
            ),
            models.CheckConstraint(
                condition=Q(timing="with_agenda") | ~Q(reason=""),
                name="meetings_paper_late_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(priority_return=None, threat=None)
                | Q(priority_return=None, minutes=None)
                | Q(threat=None, minutes=None),
                name="meetings_paper_from_one_record",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="withdrawn", withdrawn_at__isnull=False, withdrawn_by__isnull=False
                )
                | Q(state="listed", withdrawn_at__isnull=True, withdrawn_by__isnull=True),
                name="meetings_paper_withdrawn_with_by",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("meetings:paper", args=[self.item.meeting.ref, self.pk])

    def get_place_url(self):
        """Where it stands among the meeting's papers, also while it has no file."""
        return f"{reverse('meetings:papers', args=[self.item.meeting.ref])}#item-{self.item_id}"

    @property
    def url_args(self):
        return [self.item.meeting.ref, self.pk]

    @property
    def board_id(self):
        return self.item.meeting.board_id

    @property
    def restricted(self):
        return self.part == Part.RESTRICTED

    @property
    def source(self):
        """The record it was taken from, or None for a file."""
        return self.priority_return or self.threat or self.minutes

    @property
    def late(self):
        return self.timing != self.Timing.WITH_AGENDA


class PaperFile(models.Model):
    """The bytes of a paper, apart, so that lists do not load them.

    A PDF is kept as board/binding.py left it: its pages, and nothing that runs or hides.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel"
        PPTX = "pptx", "PowerPoint"
        ODT = "odt", "OpenDocument text"
        ODS = "ods", "OpenDocument spreadsheet"
        ODP = "odp", "OpenDocument presentation"

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="file", primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind, help_text="The end of the file's name")
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(default=0, help_text="0: not in the pack")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="pdf", pages__gt=0) | ~Q(kind="pdf") & Q(pages=0),
                name="meetings_paperfile_only_a_pdf_has_pages",
            )
        ]

    def __str__(self):
        return f"{self.paper}.{self.kind}"

    @property
    def name(self):
        """What it is saved as: never the name it came with; of a restricted one, no word."""
        paper = self.paper
        words = f"restricted-paper-{paper.pk}" if paper.restricted else slugify(paper.title)[:60]
        return f"{words or f'paper-{paper.pk}'}.{self.kind}"
