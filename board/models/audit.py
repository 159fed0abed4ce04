from django.conf import settings
from django.db import models
from django.db.models import Q

from .boards import Board


class AuditEventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The events of the boards this person is secretary or chair of.

        An event of no board (a sign-in) shows where its actor or subject holds an office.
        """
        boards = user.roles.keeps
        people = Q(subject_person__appointments__board__in=boards) | Q(
            subject_person__agency_memberships__agency__seats__board__in=boards
        )
        return self.filter(
            Q(board__in=boards)
            | Q(board__isnull=True) & Q(pk__in=AuditEvent.objects.filter(people).values("pk"))
        )


class AuditEvent(models.Model):
    """One act, kept for good: triggers refuse to change or delete it."""

    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=200)
    board = models.ForeignKey(Board, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=60)
    refused = models.BooleanField(default=False)
    subject = models.CharField(max_length=100, help_text="app.model:id")
    subject_label = models.CharField(max_length=200)
    subject_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The person a sign-in is about",
    )
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the text then")
    note = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-seq"]
        indexes = [models.Index(fields=["board", "-seq"]), models.Index(fields=["subject"])]

    def __str__(self):
        return f"{self.seq} {self.act} {self.subject}"


class AuditHead(models.Model):
    """The one row that every writer of the trail locks, so the chain cannot fork."""

    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.seq} {self.hash}"
