from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from board.models import Agency, Board, Clearable
from board.prose import ProseField

from .plan import Priority


class LearningQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(board__in=user.roles.boards)

    def to_follow_up(self):
        """What somebody is to follow up, and nothing is said to have come of it yet."""
        return self.filter(follow_up_by__isnull=False, followed_up="")


class Learning(Clearable):
    """Something the Board learns from, or a session it ran for others."""

    class Kind(models.TextChoices):
        CONFERENCE = "conference", "Conference"
        VISIT = "visit", "Visit"
        TOOLKIT = "toolkit", "Toolkit"
        CASE_STUDY = "case_study", "Case study"
        TRAINING = "training", "Training or awareness session"

    board = models.ForeignKey(Board, models.PROTECT, related_name="learning")
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=120)
    day = models.DateField("date")
    place = models.CharField(max_length=120, blank=True)
    who = models.CharField("who went, or how many it reached", max_length=200, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="learning"
    )
    priorities = models.ManyToManyField(Priority, blank=True, related_name="learning")
    themes = ProseField("key themes", blank=True)
    meaning = ProseField("what it means for us", blank=True)
    report_text = ProseField("text for the report", blank=True)
    follow_up_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    follow_up_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    follow_up_by = models.DateField(null=True, blank=True)
    followed_up = ProseField("what came of it", blank=True)

    objects = LearningQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "title"]
        verbose_name_plural = "learning"
        constraints = [
            *Clearable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(follow_up_by=None, follow_up_agency=None, follow_up_person=None)
                | Q(follow_up_by__isnull=False)
                & (Q(follow_up_agency__isnull=False) | Q(follow_up_person__isnull=False)),
                name="priorities_learning_followed_up_by_somebody",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("priorities:learning", args=[self.pk])

    @property
    def url_args(self):
        return [self.pk]

    @property
    def who_follows_up(self):
        """ "Lead, Police", either of them alone, or "" for nobody."""
        people = (self.follow_up_person, self.follow_up_agency and self.follow_up_agency.short)
        return ", ".join(str(one) for one in people if one)

    @property
    def text_for_report(self):
        return self.report_text


class LearningLink(models.Model):
    learning = models.ForeignKey(Learning, models.CASCADE, related_name="links")
    label = models.CharField(max_length=120)
    address = models.URLField(validators=[URLValidator(schemes=["http", "https"])])
    dead = models.BooleanField(default=False, help_text="Somebody said so: no link is ever tried")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.label
