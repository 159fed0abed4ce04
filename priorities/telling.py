"""Letters about words that were cleared and are withdrawn, and about what became of a threat."""

import logging
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from board.mail import TOLD_AT_THE_TIME, from_office, letter, send_on_commit, send_once
from board.models import AgencyMember, Board
from board.sitting import chair_on

from .models import ThreatLetter

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


def tell_what_became(threat, meeting, at):
    """Write down, and send once it is kept, one letter about the state that a threat has now to
    each lead of the agency that raised it, and to the raiser where still of that agency; to its
    office where there is nobody. It holds no word of the threat, nor of what was said of it.

    meeting  the one that had it before it last
    """
    agency = threat.agency
    members = AgencyMember.objects.current(timezone.localdate(at)).filter(
        agency=agency, person__is_active=True
    )
    people = [
        member.person.email
        for member in members.select_related("person").order_by("person__email")
        if member.role == AgencyMember.Role.LEAD or member.person_id == threat.raised_by_id
    ]
    state = threat.get_state_display().lower()
    words = render_to_string(
        "emails/threat_outcome.txt",
        {
            "agency": agency.name,
            "number": threat.pk,
            "raised_on": timezone.localdate(threat.raised_at),
            "state": threat.state,
            "board_name": threat.board.name,
            "meeting_day": meeting.day,
            "pages": [settings.SITE_URL + r.get_absolute_url() for r in (threat, meeting)],
        },
    )
    for address in dict.fromkeys(people or [agency.office_email] * bool(agency.office_email)):
        ThreatLetter.objects.get_or_create(
            threat=threat,
            state=threat.state,
            address=address,
            defaults={
                "subject": f"Emerging threat {threat.pk}, raised by {agency.short}: {state}"[:200],
                "text": words,
                "made_at": at,
            },
        )
    send_on_commit(letters(threat=threat), e_mail, at)


def letters(**which):
    return ThreatLetter.objects.filter(**which).select_related("threat__board").order_by("pk")


def e_mail(row):
    return from_office(row.threat.board, row.subject, row.text, [row.address])


def send_what_waits():
    """Try again what a mail server did not take; for the daily run. Returns those tried."""
    return send_once(letters(), e_mail)
