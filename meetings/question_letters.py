"""The letters of a written procedure: the question to whoever may reply, a reminder the day before
the last one to those of whom no reply is known, and how it ended. Each goes once."""

import datetime

from django.utils import timezone

from board.mail import letter, send_on_commit, send_once
from board.models import AgencyMember, Appointment, User
from board.working_days import working_day_until

from .models import BetweenMeetings, QuestionLetter

Kind = QuestionLetter.Kind
OPEN = BetweenMeetings.State.OPEN


def asked_seats(question):
    """The seats of the board on the day the question was put."""
    day = timezone.localdate(question.opened_at)
    return question.board.seats.current(day).select_related("agency")


def repliers(question):
    """{person: [the seats they may reply for]}: of the members of the board today, those appointed
    to a seat that is asked, and the leads of its agency. Three queries."""
    seats = {seat.agency_id: seat for seat in asked_seats(question)}
    members = (
        Appointment.objects.current()
        .filter(board=question.board, person__is_active=True)
        .exclude(role=Appointment.Role.OBSERVER)
        .select_related("person")
    )
    people = {row.person_id: row.person for row in members}
    found = {}
    for row in members:
        seat = next((seat for seat in seats.values() if seat.pk == row.seat_id), None)
        if seat:
            found.setdefault(row.person, set()).add(seat)
    leads = AgencyMember.objects.current().filter(
        role=AgencyMember.Role.LEAD, agency__in=seats, person__in=people
    )
    for row in leads:
        found.setdefault(people[row.person_id], set()).add(seats[row.agency_id])
    return {person: sorted(own, key=str) for person, own in found.items()}


def write_down(question, kind, people):
    """A letter to each of these people who was not written this kind yet."""
    QuestionLetter.objects.bulk_create(
        [QuestionLetter(question=question, person=person, kind=kind) for person in people],
        ignore_conflicts=True,
    )


def write(question, kind, people, at):
    """Write to each of them, once; inside a transaction."""
    write_down(question, kind, people)
    send_on_commit(letters().filter(question=question), message, at)


def letters():
    return QuestionLetter.objects.select_related("question__board", "person")


def ask(question, at):
    """Put the question to whoever may reply; inside a transaction."""
    if question.written:
        write(question, Kind.ASKED, repliers(question), at)


def tell_result(question, *, by, note, at):
    """Tell those who were asked how it ended; reminders that wait are not sent any more."""
    if not question.written:
        return
    sent = question.letters.filter(kind=Kind.ASKED)
    asked = User.objects.filter(pk__in=sent.values("person"), is_active=True)
    question.letters.filter(kind=Kind.REMINDED, handed_at=None).delete()
    write(question, Kind.CLOSED, asked, at)


def remind_of_questions(at=None):
    """For the daily job: who has not replied a day before the last day is reminded, once, and what
    did not leave is tried again. Returns the letters tried, as board.mail.send_once."""
    at = at or timezone.now()
    day = timezone.localdate(at)
    written = BetweenMeetings.objects.filter(
        state=OPEN, route=BetweenMeetings.Route.WRITTEN, deadline__gte=day
    ).select_related("board")
    for question in written:
        eve = working_day_until(question.deadline - datetime.timedelta(days=1))
        if day < eve:
            continue
        replied = set(question.replies.values_list("seat", flat=True))
        silent = [
            person
            for person, seats in repliers(question).items()
            if any(seat.pk not in replied for seat in seats)
        ]
        write_down(question, Kind.REMINDED, silent)
    return send_once(letters(), message)


def message(row):
    """The EmailMessage; None when there is nothing to ask any more."""
    question, person = row.question, row.person
    own = repliers(question).get(person, [])
    if row.kind == Kind.REMINDED:
        replied = set(question.replies.values_list("seat", flat=True))
        own = [seat for seat in own if seat.pk not in replied]
    if row.kind != Kind.CLOSED and not (question.is_open and own):
        row.delete()
        return None
    last = f"{question.deadline:%-d %B %Y}" if question.deadline else ""
    subject = {
        Kind.ASKED: f"Your reply by {last}",
        Kind.REMINDED: f"Reminder: your reply by {last}",
        Kind.CLOSED: f"{question.get_state_display()}: written procedure",
    }[row.kind]
    return letter(
        person,
        f"{subject}, {question.board}",
        "question.txt",
        {
            "question": question,
            "agencies": [seat.agency.name for seat in own],
            "reminder": row.kind == Kind.REMINDED,
            "closed": row.kind == Kind.CLOSED,
        },
        board=question.board,
    )
