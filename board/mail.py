"""Letters: plain text from templates/emails/, one addressee each, links that begin with
SITE_URL. What may not travel by e-mail is not in the template's context."""

import datetime
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import timezone

logger = logging.getLogger(__name__)
# An act dated back, as the demo's are, was told at the time: it is written down, not sent.
TOLD_AT_THE_TIME = datetime.timedelta(minutes=5)


def letter(person, subject, template, context, *, board):
    """An EmailMessage to one person (a User), from this board's office; not sent yet.

    template  under templates/emails/, given `context`, `person`, `board_name` and `site`
    """
    words = render_to_string(
        f"emails/{template}",
        {
            "person": person,
            "board_name": board.name,
            "site": settings.SITE_URL,
            **context,
        },
    )
    return EmailMessage(
        subject,
        words,
        to=[person.email],
        reply_to=[board.office_email] if board.office_email else None,
    )


def send_unsent(rows, message, at=None):
    """Send the letter of each row that has not left. One that cannot leave is kept, with the
    reason, and keeps none of the others back.

    rows     a queryset of records with `sent_at` and `failed`
    message  (row) -> EmailMessage
    """
    at = at or timezone.now()
    connection = get_connection()
    for row in rows.filter(sent_at=None):
        # Whoever sets the time sends it: two at once send one letter.
        mine = rows.model.objects.filter(pk=row.pk, sent_at=None)
        if not mine.update(sent_at=at, failed=""):
            continue
        letter = message(row)
        letter.connection = connection
        try:
            letter.send()
        except (SMTPException, OSError) as failure:
            logger.exception("A letter was not sent: %s %s", row._meta.label_lower, row.pk)
            rows.model.objects.filter(pk=row.pk).update(sent_at=None, failed=type(failure).__name__)
