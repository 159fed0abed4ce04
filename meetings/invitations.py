"""Who is told of a meeting, of its changes and that it is off: one letter each, with a file for
the calendar. Letters leave once the change is kept, and each shows whether it left."""

from django.db import transaction
from django.utils import timezone

from board.mail import letter, send_on_commit
from board.models import User

from . import agenda
from .icalendar import calendar_file, place
from .models import Invitation, Meeting

UNSENT = {"handed_at": None, "sent_at": None, "failed": "", "settled_by": None}


def attendees(meeting):
    """The people who are to come: expected ones and guests, with an account that is in use."""
    listed = meeting.attendances.exclude(person=None).values("person")
    return User.objects.filter(pk__in=listed, is_active=True)


def invite(meeting, at):
    """Send everybody the meeting as it is at this moment (aware); inside a transaction. A version
    that was sent before is replaced."""
    take_back(meeting)
    if meeting.invitations.exists():
        raise_sequence(meeting)
    tell(meeting, attendees(meeting))
    send_later(meeting, at)


def tell(meeting, people):
    """Write down for each of them the meeting as it is, to be sent."""
    known = {row.person_id: row for row in meeting.invitations.all()}
    for person in people:
        row = known.get(person.pk) or Invitation(meeting=meeting, person=person)
        renew(row, meeting, withdrawn=False)


def renew(row, meeting, *, withdrawn):
    row.again = row.again or row.handed_at is not None
    row.sequence, row.withdrawn = meeting.sequence, withdrawn
    for name, value in UNSENT.items():
        setattr(row, name, value)
    row.save()


def take_back(meeting):
    """Write down that it is off for those who were invited and are no longer expected; for whom
    nothing has left, the invitation is just gone. Returns them."""
    gone = meeting.invitations.filter(withdrawn=False).exclude(person__in=attendees(meeting))
    gone.filter(handed_at=None, again=False).delete()
    rows = list(gone.select_related("person"))
    if rows:
        raise_sequence(meeting)
    for row in rows:
        renew(row, meeting, withdrawn=True)
    return [row.person for row in rows]


def withdraw(meeting, at):
    """Tell those who were invited and are no longer expected, once; inside a transaction.
    Returns who they are. Once a meeting has begun nobody's invitation is taken back."""
    if not is_to_come(meeting, at):
        return []
    people = take_back(meeting)
    if people:
        send_later(meeting, at)
    return people


def is_to_come(meeting, at):
    """Whether people are told of it: its agenda is published and it has not begun."""
    return meeting.state == Meeting.State.PUBLISHED and meeting.starts_at > at


def settle(at=None):
    """Whose seat or appointment has ended is no longer expected at the meetings to come, and is
    told; for the daily job. Returns how many were."""
    at = at or timezone.now()
    told = 0
    for pk in Meeting.objects.ahead(at).filter(state=Meeting.State.PUBLISHED).values_list("pk"):
        with transaction.atomic():
            meeting = Meeting.objects.select_for_update().get(pk=pk[0])
            agenda.drop_who_left(meeting)
            told += len(withdraw(meeting, at))
    return told


def invite_the_rest(meeting, at):
    """Send the present version to those who have not had it; inside a transaction. Returns how
    many they are."""
    have_it = meeting.invitations.filter(withdrawn=False).exclude(handed_at=None).values("person")
    rest = list(attendees(meeting).exclude(pk__in=have_it))
    if meeting.invitations.filter(withdrawn=True, person__in=rest).exists():
        raise_sequence(meeting)  # a calendar takes back nothing that has not a higher number
    tell(meeting, rest)
    send_later(meeting, at)
    return len(rest)


def recall(meeting, at):
    """Tell those who were invited that it is off; inside a transaction."""
    raise_sequence(meeting)
    for row in meeting.invitations.filter(withdrawn=False):
        renew(row, meeting, withdrawn=False)
    send_later(meeting, at)


def move_to(new, meeting, at):
    """Those who were invited to a meeting are told of the one held in its place, and of nothing
    else; inside a transaction."""
    to_come = set(attendees(new))
    invited = meeting.invitations.filter(withdrawn=False).select_related("person")
    moved = new.uid == meeting.uid
    rows = [
        Invitation(
            meeting=new,
            person=row.person,
            sequence=new.sequence,
            again=moved and (row.again or row.handed_at is not None),
            withdrawn=row.person not in to_come,
        )
        for row in invited
        if row.person in to_come or moved
    ]
    if moved:
        meeting.invitations.all().delete()
    Invitation.objects.bulk_create(rows)
    send_later(new, at)


def raise_sequence(meeting):
    meeting.sequence += 1
    meeting.save(update_fields=["sequence"])


def send_later(meeting, at):
    send_on_commit(letters().filter(meeting=meeting), invitation_letter, at)


def letters():
    return Invitation.objects.select_related("meeting__board", "person")


def to_come(at):
    """Those that still tell something at `at`: nobody is invited to a meeting that has begun."""
    return letters().filter(meeting__starts_at__gt=at)


def invitation_letter(row):
    """The letter to one person about the meeting as it now stands. It names the items of a
    published agenda, and nothing of what is said or asked under them."""
    meeting, person = row.meeting, row.person
    off = meeting.state in Meeting.CALLED_OFF
    published = meeting.published_at is not None and not off
    start = timezone.localtime(meeting.starts_at)
    day = f"{start:%-d %B %Y}"
    if row.withdrawn:
        what = "No longer expected"
    elif off:
        what = meeting.get_state_display()
    elif row.again:
        what = "Changed"
    else:
        what = "Agenda" if published else "Invitation"
    message = letter(
        person,
        f"{what}: {meeting.board}, {day}, {start:%H:%M}",
        "invitation.txt",
        {
            "meeting": meeting,
            "off": off,
            "withdrawn": row.withdrawn,
            "place": place(meeting),
            "published": published,
            "items": meeting.items.order_by("number") if published else (),
            "follows": meeting.follows,
        },
        board=meeting.board,
    )
    file = calendar_file(meeting, person, off=row.withdrawn)
    method = "CANCEL" if off or row.withdrawn else "REQUEST"
    message.attach("meeting.ics", file, f"text/calendar; method={method}")
    return message
