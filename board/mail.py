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
# Mailboxes send no notice of absence back to it.
BY_ITSELF = {"Auto-Submitted": "auto-generated"}


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
    again after a crash. One that cannot leave keeps none of the others back; a mail server that
    is silent is not asked again by this run. Outside transactions.
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
        except (SMTPException, OSError) as failure:
            logger.exception(NO_ANSWER)
            tried += give_up(rows, failure)
            break
        if outcome := hand_over(row.pk, rows, message, connection):
            mine, silent = outcome
            tried.append(mine)
            if silent:
                tried += give_up(rows, silent)
                break
    hang_up(connection)
    return tried


def hand_over(pk, rows, message, connection):
    """One of `send_once`: (the row as tried, the failure if the server kept silent over it); None
    when another run was faster or there is nothing to say.

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
    letter.extra_headers |= BY_ITSELF | {"Message-ID": f"<{row.identity}@{host()}>"}
    # A newer version may be asked for meanwhile, and is not this one's to mark.
    this_one = rows.model.objects.filter(pk=pk, handed_at=row.handed_at)
    silent = None
    try:
        connection.send_messages([letter])
    except (SMTPRecipientsRefused, SMTPResponseException) as refusal:
        row.handed_at, row.failed = None, words_of(refusal)
        hang_up(connection)
    except (SMTPException, OSError) as failure:
        logger.exception("Nobody knows whether it left: %s %s", row._meta.label_lower, pk)
        hang_up(connection)
        # The letters after it would fare no better, and each would be one more to ask about.
        if isinstance(failure, TimeoutError) or isinstance(failure.__context__, TimeoutError):
            silent = failure
    else:
        row.sent_at = timezone.now()
    this_one.update(handed_at=row.handed_at, sent_at=row.sent_at, failed=row.failed)
    return row, silent


def give_up(rows, failure):
    """Say of all that waits why it did not leave; returns them, and what nobody knows of."""
    why = words_of(failure) if isinstance(failure, SMTPResponseException) else NO_ANSWER
    waiting = rows.filter(handed_at=None)
    waiting.update(failed=why)
    return list(waiting)


def words_of(refusal):
    """What the mail server said, as "550 no such box"."""
    if isinstance(refusal, SMTPRecipientsRefused):
        code, said = next(iter(refusal.recipients.values()))
    else:
        code, said = refusal.smtp_code, refusal.smtp_error
    said = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return f"The mail server refused it: {code} {' '.join(said.split())}"[:200]


def hang_up(connection):
    with suppress(SMTPException, OSError):
        connection.close()


def host():
    return settings.SITE_URL.partition("://")[2].partition(":")[0]


# On the secretary's word


def release(rows):
    """Let go out again what is not known to have left; inside a transaction. Returns the rows, not
    sent yet, without what is being handed over at this moment."""
    found = locked(settleable(rows, timezone.now()))
    for row in found:
        row.handed_at = None
        row.save(update_fields=["handed_at"])
    return found


def settle(rows, *, by):
    """Keep somebody's word that these arrived, or that their readers were told otherwise; inside a
    transaction. Returns the rows."""
    found = locked(settleable(rows, timezone.now()))
    for row in found:
        row.sent_at, row.failed, row.settled_by = timezone.now(), "", by
        row.handed_at = row.handed_at or row.sent_at
        row.save(update_fields=["handed_at", "sent_at", "failed", "settled_by"])
    return found


def settleable(rows, at):
    """What is not known to have left, without what is in hand."""
    return rows.unsettled().exclude(handed_at__gt=at - IN_HAND)


def locked(rows):
    return list(rows.select_for_update(of=("self",)))
