"""The e-mails that say what an agency owes.

A reminder is written down first and sent afterwards, one digest for each person and agency. The
database holds each person to one reminder of one thing at one step, so that a job that is run
twice, at once or again after a crash repeats nothing. What was handed to the mail server and
never confirmed is left for the secretary: twice is worse than asked.
"""

import datetime
from collections import defaultdict
from functools import cache

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from board.mail import from_office, send_once
from board.models import Agency, AgencyMember, Board, User
from board.waiting import Waiting, days_late
from board.working_days import is_working_day, working_day_from, working_day_until
from config.models import Notice, Reminder
from config.owed import owed_to
from meetings.models import Action
from priorities.models import PriorityReturn, ReturnState, Round

Step = Reminder.Step
# A first run must not write about debts of years ago; after this the secretary writes.
CATCH_UP = datetime.timedelta(days=7)
OVER_THE_HEAD = 7
FORESEEN = datetime.timedelta(days=21)


def steps(due):
    """The days on which a thing due on `due` is reminded of: a week before, the day before, the
    day after. Those that fall on days off move away from the due day."""
    return (
        working_day_until(due - datetime.timedelta(days=7)),
        working_day_until(due - datetime.timedelta(days=1)),
        working_day_from(due + datetime.timedelta(days=1)),
    )


def step_on(day, due):
    """The step at which a thing due on `due` is reminded of on `day`, or None."""
    week, eve, after = steps(due)
    if week <= day < eve:
        return Step.WEEK
    if eve <= day <= due:
        return Step.DAY
    if after <= day <= after + CATCH_UP:
        return Step.AFTER
    return None


# Reminding


def remind(at=None):
    """Write down and send what is due today; return the notices that this run tried to send, as
    board.mail.send_once. Does nothing on a day off."""
    at = at or timezone.now()
    day = timezone.localdate(at)
    if not is_working_day(day):
        return []
    for board in Board.objects.exclude(kind=Board.Kind.PARENT):
        for agency, things in owed_to(board, day).items():
            if any(step_on(day, owed.due) for owed in things):
                for person in people_of(agency, day):
                    write_down(board, agency, person, things, at)
    return send(Notice.objects.all(), day)


def people_of(agency, day):
    """Its leads and contributors on that day, each once."""
    members = AgencyMember.objects.current(day).filter(agency=agency)
    return User.objects.filter(pk__in=members.values("person"), is_active=True)


def to_come(boards, day):
    """What goes in the weeks after `day` unless it is answered first, soonest first: [(day, words,
    [Agency])], where `agency.reached` says whether somebody is there to be written to. One query,
    and four a board."""
    members = AgencyMember.objects.current(day).filter(person__is_active=True)
    reached = set(members.values_list("agency", flat=True))
    found = defaultdict(list)
    for board in boards:
        for agency, things in owed_to(board, day).items():
            agency.reached = agency.pk in reached
            for owed in things:
                days = zip(Step, steps(owed.due), strict=True)
                ahead = [on for step, on in days if on > day and not never_sent(owed, step)]
                if ahead and ahead[0] <= day + FORESEEN:
                    found[ahead[0], owed.words].append(agency)
    return sorted((on, words, agencies) for (on, words), agencies in found.items())


def never_sent(owed, step):
    """Minutes are no debt: once the meeting has met there is nothing to remind of."""
    return owed.key == "minutes" and step == Step.AFTER


@transaction.atomic
def write_down(board, agency, person, things, at):
    """A notice for what this person is not yet reminded of at today's step."""
    Agency.objects.select_for_update().get(pk=agency.pk)  # two runs at once take turns
    day = timezone.localdate(at)
    known = {
        (key, getattr(row, f"{key}_id"), row.step, row.due)
        for row in Reminder.objects.filter(person=person, due__gte=day - 2 * CATCH_UP)
        for key in Reminder.KEYS
    }
    rows = [
        Reminder(person=person, step=step, due=owed.due, **{owed.key: owed.record})
        for owed in things
        if (step := step_on(day, owed.due))
        and (owed.key, owed.record.pk, step, owed.due) not in known
        and not never_sent(owed, step)
        and owed.open_to(person)
    ]
    if not rows:
        return
    notice = Notice.objects.create(
        board=board, agency=agency, person=person, address=person.email, made_at=at
    )
    for row in rows:
        row.notice = notice
    Reminder.objects.bulk_create(rows)


def send(notices, day):
    """Send these in the words of `day`, without what was answered since; what is not owed any
    more is not said. Returns those tried, as board.mail.send_once."""
    owed_on = cache(lambda board: owed_to(board, day))

    def message(notice):
        if notice.kind == Notice.Kind.DIGEST:
            things = still_owed(notice, owed_on(notice.board))
            if not things:
                notice.delete()
                return None
            notice.subject, notice.text = digest(notice, things, day)
        return from_office(notice.board, notice.subject, notice.text, [notice.address])

    return send_once(notices.select_related("board", "agency", "person").order_by("pk"), message)


def still_owed(notice, owed):
    """Of what it was written for, what is owed yet, as [Owed]; `owed` is that of its board."""
    promised = {
        (key, getattr(row, f"{key}_id"), row.due)
        for row in notice.reminders.all()
        for key in Reminder.KEYS
    }
    return [
        each
        for each in owed.get(notice.agency, [])
        if (each.key, each.record.pk, each.due) in promised and each.open_to(notice.person)
    ]


def digest(notice, things, day):
    """(subject, text) of one e-mail."""
    things = sorted(things, key=lambda owed: (owed.due, owed.words))
    late = [(owed, days_late(owed.due, day)) for owed in things if owed.due < day]
    number = "1 thing" if len(things) == 1 else f"{len(things)} things"
    subject = f"{notice.board}: {number} due from {notice.agency.short}"
    if late:
        subject += f", {len(late)} late"
    text = render_to_string(
        "emails/reminder.txt",
        {
            "board_name": notice.board.name,
            "agency": notice.agency,
            "late": late,
            "soon": [owed for owed in things if owed.due >= day],
        },
    )
    return subject[:200], text


# Over the lead's head


def unheeded(user, at=None):
    """{(board, agency): [Reminder]} of boards this person keeps: what was reminded of the day
    after, is still owed a week past its day, and was not yet taken over the lead's head. One
    query."""
    late = timezone.localdate(at) - datetime.timedelta(days=OVER_THE_HEAD)
    taken_up = Notice.objects.filter(
        kind=Notice.Kind.ESCALATION,
        board=OuterRef("notice__board"),
        agency=OuterRef("notice__agency"),
        made_at__date__gt=OuterRef("due"),
    )
    unanswered = (
        PriorityReturn.objects.expected()
        .filter(
            agency_return=OuterRef("agency_return"),
            agency_return__round__state=Round.State.OPEN,
            state=ReturnState.DRAFT,
        )
        .filter(
            Q(agency_return__extended_to=OuterRef("due"))
            | Q(agency_return__extended_to=None, agency_return__round__due=OuterRef("due"))
        )
    )
    rows = (
        Reminder.objects.filter(
            ~Exists(taken_up),
            Q(action__state=Action.State.OPEN, action__due=F("due")) | Exists(unanswered),
            notice__board__in=user.roles.kept,
            notice__sent_at__isnull=False,
            step=Step.AFTER,
            due__lte=late,
        )
        .select_related(
            "notice__board", "notice__agency", "agency_return__round", "action", "minutes"
        )
        .order_by("due", "pk")
    )
    found = defaultdict(dict)
    for row in rows:
        things = found[row.notice.board, row.notice.agency]
        things.setdefault((row.agency_return_id, row.action_id), row)  # two people, one thing
    return {key: list(things.values()) for key, things in found.items()}


def waiting(user, at=None):
    """For the secretary, as a list of Waiting; one query."""
    if not user.roles.kept:
        return []
    return [
        Waiting(
            None,
            rows[0].due,
            f"Escalate beyond {agency.short}’s lead",
            reverse("over_the_head", args=[board.slug, agency.slug]),
            f"{len(rows)} late by more than a week, and the reminders were not answered.",
        )
        for (board, agency), rows in unheeded(user, at).items()
    ]


def letter(board, agency, rows):
    """The words the system prepares for whoever stands above the lead."""
    return render_to_string(
        "emails/over_the_head.txt", {"board_name": board.name, "agency": agency, "rows": rows}
    ).strip()
