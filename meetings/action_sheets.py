"""What follows a meeting at once: the action sheet, and one e-mail to each agency with its own
actions. Words of the restricted part stand in neither."""

import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from board.mail import from_office, send_on_commit
from board.models import AgencyMember
from board.pdf import render_pdf, running_title

from .models import Action, ActionLetter, Part

NO_ADDRESS = "The agency has no lead and no office address: name one, or tell it yourself"
TRIED_FOR = datetime.timedelta(days=7)


def agreed_at(meeting):
    """The actions that a meeting agreed, without those cancelled, in the order of the agenda."""
    return (
        Action.objects.filter(item__meeting=meeting)
        .exclude(state=Action.State.CANCELLED)
        .select_related("agency", "board", "person", "item")
        .prefetch_related("supporting")
        .order_by("item__number", "pk")
    )


def prepare_letters(meeting, at):
    """The letters that this meeting's actions ask for, by agency, not saved; four queries.

    An agency has one when it leads or supports an action.
    """
    own, supported, restricted, agencies = {}, {}, {}, {}
    for action in agreed_at(meeting):
        if action.agency_id:
            agencies[action.agency_id] = action.agency
            if action.part == Part.RESTRICTED:
                restricted[action.agency_id] = restricted.get(action.agency_id, 0) + 1
            else:
                own.setdefault(action.agency_id, []).append(action)
        if action.part == Part.BOARD:
            for agency in action.supporting.all():
                agencies[agency.pk] = agency
                supported.setdefault(agency.pk, []).append(action)
    found = []
    to = addresses_of(agencies.values(), timezone.localdate(at))
    for agency in sorted(agencies.values(), key=lambda agency: agency.name):
        addresses = to[agency.pk]
        words = render_to_string(
            "emails/action_sheet.txt",
            {
                "agency": agency,
                "meeting": meeting,
                "own": own.get(agency.pk, ()),
                "supported": supported.get(agency.pk, ()),
                "restricted": restricted.get(agency.pk, 0),
                "board_name": meeting.board.name,
                "site": settings.SITE_URL,
            },
        )
        found.append(
            ActionLetter(
                meeting=meeting,
                agency=agency,
                addresses=addresses,
                subject=f"Actions for {agency.short}: {meeting}",
                text=words,
                made_at=at,
                failed="" if addresses else NO_ADDRESS,
            )
        )
    return found


def addresses_of(agencies, day):
    """{agency pk: [address]}: those of its leads on that day, or its office's; one query."""
    leads = {}
    members = AgencyMember.objects.current(day).filter(
        agency__in=agencies, role=AgencyMember.Role.LEAD, person__is_active=True
    )
    for member in members.select_related("person").order_by("person__email"):
        leads.setdefault(member.agency_id, []).append(member.person.email)
    return {
        agency.pk: leads.get(agency.pk) or [agency.office_email] * bool(agency.office_email)
        for agency in agencies
    }


def letters_due(meeting, at):
    """The letters that go out when it ends now, not saved; five queries. After a mistaken end
    only what has changed since goes out again, and says so."""
    last, found = {}, []
    for letter in meeting.action_letters.order_by("made_at", "pk"):
        last[letter.agency_id] = letter
    for letter in prepare_letters(meeting, at):
        before = last.get(letter.agency_id)
        if before and before.text == letter.text:
            continue
        if before:
            letter.subject = f"Corrected: {letter.subject}"
        found.append(letter)
    return found


def send_letters(meeting, at):
    """Keep the letters that are due and send them on commit; inside a transaction."""
    for letter in letters_due(meeting, at):
        letter.save()
    send_later(meeting, at)


def send_later(meeting, at):
    """Send on commit what is unsent of one meeting and has an address."""
    rows = letters().filter(meeting=meeting).exclude(failed=NO_ADDRESS)
    send_on_commit(rows, message, at)


def letters():
    return ActionLetter.objects.select_related("meeting__board", "agency")


def to_try(at):
    """Those that the daily run tries by itself: of the last days, since actions move on."""
    return letters().filter(made_at__gt=at - TRIED_FOR)


def message(letter):
    """The EmailMessage; None while there is nobody in the agency to write to."""
    if not letter.addresses:
        letter.addresses = addresses_of([letter.agency], timezone.localdate())[letter.agency_id]
    if not letter.addresses:
        return None
    return from_office(letter.meeting.board, letter.subject, letter.text, letter.addresses)


def sheet_pdf(meeting, actions):
    """The action sheet as PDF/UA-1, by owner. Raises RenderError.

    actions  those of the Board part that its reader may see
    """
    owners = {}
    for action in actions:
        owners.setdefault(action.owner, []).append(action)
    day = f"{meeting.day:%-d %B %Y}"
    title = f"{meeting.board}: actions agreed on {day}"
    html = render_to_string(
        "meetings/pdf/actions.html",
        {
            "meeting": meeting,
            "title": title,
            "owners": sorted(owners.items()),
            "running": running_title(meeting.board, day),
        },
    )
    return render_pdf(html, title=title, css=("pdf/frame.css", "meetings/pdf/minutes.css"))
