"""Letters about words that were cleared and are withdrawn, and about what became of a threat."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from board.mail import from_office, send_on_commit
from board.models import AgencyMember, Board
from board.sitting import chair_on

from .models import EmergingThreat, ThreatLetter, WithdrawalLetter


def tell_the_chair(record, *, by, note, at):
    """A text was withdrawn: write down, and send once it is kept, a letter to the chair. It names
    the agency and the page, and no word of the text or of what it is about: the page asks who is
    reading."""
    board = Board.objects.get(pk=record.board_id)
    day = timezone.localdate(at)
    chair = chair_on(board, day)
    if chair is None:
        return
    agency = getattr(record, "agency_return", record).agency
    of = "threat" if isinstance(record, EmergingThreat) else "part"
    row = WithdrawalLetter.objects.create(
        **{of: record},
        board=board,
        address=chair.email,
        subject=f"{agency.short} withdrew a text for the report"[:200],
        text=render_to_string(
            "emails/withdrawn.txt",
            {
                "agency": agency,
                "by": by,
                "day": day,
                "page": settings.SITE_URL + record.get_absolute_url(),
                "board_name": board.name,
            },
        ),
        made_at=at,
    )
    send_on_commit(withdrawal_letters().filter(pk=row.pk), e_mail, at)


def withdrawal_letters():
    return WithdrawalLetter.objects.select_related("board", "part__agency_return__round", "threat")


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
    send_on_commit(threat_letters().filter(threat=threat), e_mail, at)


def threat_letters():
    return ThreatLetter.objects.select_related("threat__board")


def e_mail(row):
    board = getattr(row, "board", None) or row.threat.board
    return from_office(board, row.subject, row.text, [row.address])
