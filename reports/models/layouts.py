from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from board.models import Board
from reports.layouts import USUAL_LEAD_IN, left_out, read_header, read_order


class LayoutQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The standard ones, and those of the boards whose reports this person writes."""
        return self.filter(Q(board__isnull=True) | Q(board__in=user.roles.keeps))


class Layout(models.Model):
    """The form of a committee's reports: header and parts. reports/layouts.py reads its lines."""

    class Marks(models.TextChoices):
        BULLETS = "bullets", "Bullets"
        LETTERS = "letters", "(a), and (i) within"

    board = models.ForeignKey(
        Board,
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="layouts",
        help_text="Empty for a standard one, which nobody changes",
    )
    name = models.CharField(max_length=80)
    header = models.TextField(
        validators=[read_header],  # type: ignore[list-item]
        max_length=3000,
        help_text="A row a line, two fields at most with | between. After = what fills it: "
        "committee, date, subject, report of, purpose or access; without =, the writer does.",
    )
    order = models.TextField(
        "parts",
        validators=[read_order],  # type: ignore[list-item]
        max_length=1000,
        blank=True,
        help_text="One a line, with its heading after a colon: summary, recommendations, report, "
        "appendices, background papers, information withheld, contact. What this form does not "
        "have stands after without: as in without: summary, contact.",
    )
    lead_in = models.CharField(
        "words before the recommendations", max_length=120, default=USUAL_LEAD_IN
    )
    marks = models.CharField(
        "marks of the recommendations", max_length=10, choices=Marks, default=Marks.BULLETS
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = LayoutQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "name"], name="reports_layout_one_per_name_and_board"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def parts(self):
        """The headings of its parts in order, as its page lists them."""
        return [heading or "The report" for _, heading in read_order(self.order)]

    @property
    def left_out(self):
        return left_out(read_order(self.order))
