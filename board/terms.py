"""Terms of office: from a first day to a last day, both included."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class TermQuerySet(models.QuerySet):
    def current(self, day=None):
        """Those in force on `day` (a date; today in London when none is given)."""
        day = day or timezone.localdate()
        return self.filter(Q(start__lte=day), Q(end__isnull=True) | Q(end__gte=day))


class Term(models.Model):
    start = models.DateField("from")
    end = models.DateField("last day", null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="%(app_label)s_%(class)s_ends_after_it_starts",
            )
        ]

    def in_force(self, day):
        return self.start <= day and (self.end is None or day <= self.end)
