"""Who is told of a meeting, of its changes and that it is off: one letter each, with a file for
the calendar. Letters leave once the change is kept, and each shows whether it left."""

from django.utils import timezone

from board.mail import letter, release, send_on_commit
from board.models import User

from .icalendar import calendar_file, place
from .models import Invitation, Meeting

UNSENT = {"handed_at": None, "sent_at": None, "failed": ""}


def attendees(meeting):
    """The people who are to come: expected ones and guests, with an account that is in use."""
    listed = meeting.attendances.exclude(person=None).values("person")
    return User.objects.filter(pk__in=listed, is_active=True)


def invite(meeting, at):
    """Send everybody the meeting as it is at this moment (aware); inside a transaction. A version
    that was sent before is replaced."""
    if meeting.invitations.exists():
        raise_sequence(meeting)
    known = {row.person_id: row for row in meeting.invitations.all()}
    for person in attendees(meeting):
        row = known.get(person.pk) or Invitation(meeting=meeting, person=person)
        row.sequence, row.handed_at, row.sent_at, row.failed = meeting.sequence, None, None, ""
        row.save()
    send_later(meeting, at)


def invite_the_rest(meeting, at):
    """Send the present version to those who have not had it, or of whom nobody knows; inside a
    transaction. Returns how many they are."""
    release(meeting.invitations)
    have_it = meeting.invitations.exclude(handed_at=None).values("person")
    rest = list(attendees(meeting).exclude(pk__in=have_it))
    for person in rest:
        meeting.invitations.update_or_create(
            person=person,
            defaults={"sequence": meeting.sequence, **UNSENT},
        )
    send_later(meeting, at)
    return len(rest)


def recall(meeting, at):
    """Tell those who were invited that it is off; inside a transaction."""
    raise_sequence(meeting)
    to_come = attendees(meeting).values("pk")
    meeting.invitations.filter(person__in=to_come).update(sequence=meeting.sequence, **UNSENT)
    send_later(meeting, at)


def move_to(new, meeting, at):
    """Those who were invited to a meeting are told of the one held in its place, and of nothing
    else; inside a transaction."""
    to_come = attendees(new)
    invited = set(meeting.invitations.values_list("person", flat=True))
    if new.uid == meeting.uid:
        meeting.invitations.all().delete()
    Invitation.objects.bulk_create(
        Invitation(meeting=new, person=person, sequence=new.sequence)
        for person in to_come
        if person.pk in invited
    )
    send_later(new, at)


def raise_sequence(meeting):
    meeting.sequence += 1
    meeting.save(update_fields=["sequence"])


def send_later(meeting, at):
    rows = Invitation.objects.filter(meeting=meeting).select_related("meeting__board", "person")
    send_on_commit(rows, lambda row: invitation_letter(row.meeting, row.person), at)


def invitation_letter(meeting, person):
    """The letter to one person about the meeting as it now stands. It names the items of a
    published agenda, and nothing of what is said or asked under them."""
    off = meeting.state in Meeting.CALLED_OFF
    published = meeting.published_at is not None and not off
    start = timezone.localtime(meeting.starts_at)
    day = f"{start:%-d %B %Y}"
    if off:
        what = meeting.get_state_display()
    elif meeting.sequence:
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
            "place": place(meeting),
            "published": published,
            "items": meeting.items.order_by("number") if published else (),
            "follows": meeting.follows,
        },
        board=meeting.board,
    )
    file = calendar_file(meeting, person)
    method = "CANCEL" if off else "REQUEST"
    message.attach("meeting.ics", file, f"text/calendar; method={method}")
    return message
