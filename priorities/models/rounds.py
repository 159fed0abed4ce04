import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from board.models import Board


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Members see rounds; an agency that was asked knows them through its own return."""
        return self.filter(board__in=user.roles.boards)

    def counted(self):
        """Adds `asked` and `heard`: returns expected, and those that came (queried ones too)."""
        expected = Q(agency_returns__priority_returns__id__isnull=False) & Q(
            agency_returns__priority_returns__lifted_on__isnull=True
        )
        came = ~Q(agency_returns__priority_returns__state="draft") | Q(
            agency_returns__priority_returns__queries__isnull=False
        )
        part = "agency_returns__priority_returns"
        return self.annotate(
            asked=Count(part, filter=expected, distinct=True),
            heard=Count(part, filter=expected & came, distinct=True),
        ).order_by(*self.model._meta.ordering)  # which grouping would drop


class Round(models.Model):
    """One quarter's returns. Opening it freezes which returns are expected."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    board = models.ForeignKey(Board, models.PROTECT, related_name="rounds")
    ref = models.SlugField(unique=True)
    quarter_start = models.DateField(help_text="The first day of the quarter")
    quarter_end = models.DateField()
    due = models.DateField()
    invented = models.BooleanField(default=False, editable=False, help_text="Demo data")
    state = models.CharField(max_length=20, choices=State, default=State.PLANNED, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-quarter_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "quarter_start"], name="priorities_round_one_per_quarter"
            ),
            models.CheckConstraint(
                condition=Q(quarter_end__gt=F("quarter_start")),
                name="priorities_round_quarter_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", opened_at__isnull=True, opened_by__isnull=True)
                | ~Q(state="planned") & Q(opened_at__isnull=False, opened_by__isnull=False),
                name="priorities_round_opened_with_by",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                | ~Q(state="closed") & Q(closed_at__isnull=True, closed_by__isnull=True),
                name="priorities_round_closed_with_by",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("priorities:round", args=[self.ref])

    @property
    def url_args(self):
        return [self.ref]

    @property
    def title(self):
        """ "July to September 2018"."""
        first, last = self.quarter_start, self.quarter_end
        if first.year == last.year:
            return f"{first:%B} to {last:%B %Y}"
        return f"{first:%B %Y} to {last:%B %Y}"

    def days_late(self, moment=None):
        """Whole London days since the due day; 0 when not late. `moment` is aware, or now."""
        return days_after(self.due, moment)


def days_after(due, moment=None):
    """Whole London days from `due`, a date, to `moment` (aware, or now); 0 when none."""
    day = timezone.localdate(moment) if moment else timezone.localdate()
    return max((day - due).days, 0)


def quarter_of(day, start_month=1):
    """(first day, last day) of the quarter that `day` lies in, quarters starting in the given
    month (1 to 12)."""
    offset = (day.month - start_month) % 3
    months = day.year * 12 + day.month - 1 - offset
    first = datetime.date(months // 12, months % 12 + 1, 1)
    months += 3
    return first, datetime.date(months // 12, months % 12 + 1, 1) - datetime.timedelta(days=1)
