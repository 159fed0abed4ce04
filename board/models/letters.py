from django.db import models
from django.db.models import Q


class LetterQuerySet(models.QuerySet):
    def unconfirmed(self):
        """Handed to the mail server, and nobody knows whether it left."""
        return self.filter(handed_at__isnull=False, sent_at__isnull=True)


class Letter(models.Model):
    """A record that goes out by e-mail, once (see board.mail).

    It is kept before it is sent: `handed_at` just before the mail server has it, `sent_at` when
    that server took it. Whatever stops in between is never sent again by itself. `failed` says
    why the last try is known not to have left.
    """

    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)

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
        ]

    @property
    def unconfirmed(self):
        return self.handed_at is not None and self.sent_at is None
