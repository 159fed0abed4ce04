"""Letters: plain text from templates/emails/, one addressee each, links that begin with
SITE_URL. What may not travel by e-mail is not in the template's context."""

import datetime
import logging
from contextlib import suppress
from functools import partial
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

logger = logging.getLogger(__name__)
# An act dated back, as the demo's are, was told at the time: it is written down, not sent.
TOLD_AT_THE_TIME = datetime.timedelta(minutes=5)
# Longer than a mail server is waited for (EMAIL_TIMEOUT, at each of its answers).
IN_HAND = datetime.timedelta(minutes=2)
NO_ANSWER = "The mail server does not answer"


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
    return from_office(board, subject, words, [person.email])


def from_office(board, subject, words, to):
    """An EmailMessage to these addresses, to be answered to the board's office."""
    office = board.office_email
    return EmailMessage(subject, words, to=to, reply_to=[office] if office else None)


def send_on_commit(rows, message, at):
    """Send the unsent letters among `rows` once the present transaction is kept; what was done
    long ago (`at`, aware) is only written down as sent then. See `send_once`."""
    if timezone.now() - at > TOLD_AT_THE_TIME:
        rows.filter(handed_at=None, failed="").update(handed_at=at, sent_at=at)
    else:
        transaction.on_commit(partial(send_once, rows, message))


def send_once(rows, message):
    """Send the letter of each row that was not handed over yet, whatever is run twice, at once or
    again after a crash. One that cannot leave keeps none of the others back. Outside transactions.
    Returns the rows tried: `sent_at` is set, or `failed`, or nobody knows (`unconfirmed`).

    rows     a queryset of a board.models.Letter
    message  (row) -> EmailMessage, or None when there is nothing to say any more; called with the
             row locked, and what it sets on the row is kept
    """
    tried = []
    connection = get_connection()
    for row in rows.filter(handed_at=None):
        try:
            connection.open()
        except (SMTPException, OSError):
            logger.exception(NO_ANSWER)
            waiting = rows.filter(handed_at=None)
            waiting.update(failed=NO_ANSWER)
            tried.extend(waiting)
            break
        if mine := hand_over(row.pk, rows, message, connection):
            tried.append(mine)
    hang_up(connection)
    return tried


def hand_over(pk, rows, message, connection):
    """One of `send_once`; the row as tried, or None when another run was faster or there is
    nothing to say.

    The moment before the mail server has it is committed first. A server that refuses it has not
    got it, and the next run tries again. After any other failure nobody knows.
    """
    with transaction.atomic(durable=True):
        row = rows.select_for_update(of=("self",)).filter(pk=pk, handed_at=None).first()
        letter = row and message(row)
        if letter is None:
            return None
        row.handed_at, row.failed = timezone.now(), ""
        row.save()
    # A newer version may be asked for meanwhile, and is not this one's to mark.
    this_one = rows.model.objects.filter(pk=pk, handed_at=row.handed_at)
    try:
        connection.send_messages([letter])
    except (SMTPRecipientsRefused, SMTPResponseException) as refusal:
        row.handed_at, row.failed = None, str(refusal)[:200]
        hang_up(connection)
    except (SMTPException, OSError):
        logger.exception("Nobody knows whether it left: %s %s", row._meta.label_lower, pk)
        hang_up(connection)
    else:
        row.sent_at = timezone.now()
    this_one.update(handed_at=row.handed_at, sent_at=row.sent_at, failed=row.failed)
    return row


def hang_up(connection):
    with suppress(SMTPException, OSError):
        connection.close()


def release(rows):
    """Let go out again, on somebody's word, what nobody knows of; never what is being handed over
    at this moment. Returns how many."""
    settled = timezone.now() - IN_HAND
    return rows.unconfirmed().filter(handed_at__lte=settled).update(handed_at=None)
