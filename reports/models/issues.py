from django.conf import settings
from django.db import models
from django.utils.safestring import mark_safe

from board.markings import Audience

from .reports import CommitteeReport


class Acceptance(models.Model):
    """A finding of the checks before issue that somebody accepted, and why."""

    report = models.ForeignKey(CommitteeReport, models.CASCADE, related_name="acceptances")
    finding = models.CharField(max_length=64, help_text="SHA-256 of kind, place and excerpt")
    kind = models.CharField(max_length=60)
    excerpt = models.TextField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_chair = models.BooleanField(default=False, help_text="Who was in the chair at the time")

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "finding"], name="reports_acceptance_once_per_finding"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="reports_acceptance_has_its_reason"
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.reason}"


class IssueQuerySet(models.QuerySet):
    def in_force(self):
        """Issued, not withdrawn; newest first."""
        return self.filter(report__state=CommitteeReport.State.ISSUED).order_by("-number")

    def public(self):
        """What anybody may read, without signing in."""
        return self.in_force().filter(report__audience=Audience.PUBLIC)


class Issue(models.Model):
    """What was issued, byte for byte: written once, and a trigger refuses to change it."""

    report = models.ForeignKey(CommitteeReport, models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField(help_text="The snapshot from which the three were rendered")
    pdf = models.BinaryField()
    docx = models.BinaryField()
    html = models.TextField()
    pdf_sha256 = models.CharField(max_length=64)
    docx_sha256 = models.CharField(max_length=64)
    html_sha256 = models.CharField(max_length=64)
    withheld = models.JSONField(default=list, help_text="Kinds and numbers, never words")
    findings = models.JSONField(default=list, help_text="What was accepted, and why")
    cleared_at = models.DateTimeField()
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], name="reports_issue_one_per_number"
            ),
            models.CheckConstraint(
                condition=~models.Q(pdf_sha256="") & ~models.Q(docx_sha256=""),
                name="reports_issue_with_hashes",
            ),
        ]

    def __str__(self):
        return f"{self.report}, issue {self.number}"

    @property
    def article(self):
        """The report inside its web page, as it was issued: our own sanitised HTML."""
        return mark_safe(self.html.partition("<main>")[2].rpartition("</main>")[0])
