from django.conf import settings
from django.db import models
from django.db.models import F, Q


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretary's and the chair's, of their own boards; with `board_key`."""
        return self.filter(**{f"{self.model.BOARD}__in": user.roles.keeps}).annotate(
            board_key=F(self.model.BOARD)
        )

    def kept_by(self, user):
        """Those of the boards whose secretary this person is."""
        return self.filter(**{f"{self.model.BOARD}__in": user.roles.kept})

    def unsettled(self):
        """What is not known to have left."""
        return self.filter(sent_at__isnull=True)

    def unconfirmed(self):
        """Handed to the mail server, and nobody knows whether it left."""
        return self.unsettled().filter(handed_at__isnull=False)


class Letter(models.Model):
    """A record that goes out by e-mail, once (see board.mail).

    It is kept before it is sent: `handed_at` just before the mail server has it, `sent_at` when
    that server took it. Whatever stops in between is never sent again by itself. `failed` says
    why the last try is known not to have left. `settled_by` is who said that it arrived, or that
    its reader was told otherwise; `sent_at` is then when they said so.

    Each kind says what it is about (`about`, a record of a board), and to whom it goes (`to`) with
    what subject (`title`), for the page of what did not leave.
    """

    BOARD = "board"  # the way to the board whose letter it is, as a lookup

    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(handed_at__isnull=False),
                name="%(app_label)s_%(class)s_handed_before_sent",
            ),
            models.CheckConstraint(
                condition=Q(handed_at__isnull=True) | Q(failed=""),
                name="%(app_label)s_%(class)s_handed_or_failed",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | Q(sent_at__isnull=False),
                name="%(app_label)s_%(class)s_settled_is_sent",
            ),
        ]

    @property
    def unconfirmed(self):
        return self.handed_at is not None and self.sent_at is None

    @property
    def identity(self):
        """The same however often this letter is made, so that a mailbox can tell a second copy."""
        return f"{self._meta.model_name}-{self.pk}"
