from django.conf import settings
from django.db import models
from django.db.models import Q

from board.markings import Audience, Clearance, Marking


class Marked(models.Model):
    """A record with a marking of its own, which only its originator changes."""

    marking = models.CharField(max_length=20, choices=Marking, default=Marking.OFFICIAL)

    class Meta:
        abstract = True

    @property
    def sensitive(self):
        return self.marking == Marking.SENSITIVE


class Clearable(models.Model):
    """A record whose words can be cleared for an audience.

    What was cleared is copied when it is cleared: reports read `cleared_text`, so words typed
    later wait for a clearance of their own. A subclass says in `text_for_report` what is
    copied, and its Meta inherits these constraints.
    """

    clearance = models.CharField(
        max_length=20, choices=Clearance, default=Clearance.NOT_CLEARED, editable=False
    )
    cleared_for = models.CharField(max_length=20, choices=Audience, blank=True, editable=False)
    cleared_text = models.TextField(blank=True, editable=False)
    cleared_at = models.DateTimeField(null=True, editable=False)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(clearance="cleared")
                | Q(cleared_at__isnull=False, cleared_by__isnull=False) & ~Q(cleared_for=""),
                name="%(app_label)s_%(class)s_cleared_by_and_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(clearance="cleared") | Q(cleared_text=""),
                name="%(app_label)s_%(class)s_cleared_text_only_when_cleared",
            ),
        ]

    @property
    def text_for_report(self):
        raise NotImplementedError

    @property
    def cleared_text_is_current(self):
        return self.clearance == Clearance.CLEARED and self.cleared_text == self.text_for_report

    def words_for(self, audience):
        """The words this audience may read: what was cleared for it, or nothing."""
        if self.clearance == Clearance.CLEARED and Audience(self.cleared_for).reaches(audience):
            return self.cleared_text
        return ""
