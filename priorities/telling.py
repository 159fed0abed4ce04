"""Letters about words that were cleared and are withdrawn."""

import logging
from functools import partial
from smtplib import SMTPException

from django.db import transaction
from django.utils import timezone

from board.mail import TOLD_AT_THE_TIME, letter
from board.models import Board
from board.sitting import chair_on

logger = logging.getLogger(__name__)


def tell_the_chair(record, *, by, note, at):
    """A text was withdrawn: tell the chair once it is done. The letter names the agency and the
    page, and no word of the text or of what it is about: the page asks who is reading."""
    if timezone.now() - at > TOLD_AT_THE_TIME:
        return
    board = Board.objects.get(pk=record.board_id)
    if chair := chair_on(board, timezone.localdate(at)):
        transaction.on_commit(partial(send, record, chair, board, by))


def send(record, chair, board, by):
    agency = getattr(record, "agency_return", record).agency
    message = letter(
        chair,
        f"{agency.short} withdrew a text for the report",
        "withdrawn.txt",
        {"record": record, "agency": agency, "by": by},
        board=board,
    )
    try:
        message.send()
    except (SMTPException, OSError):
        # The withdrawal stands, and the checks of each report show it.
        logger.exception("The chair was not told of a withdrawn text: %s", record.pk)
