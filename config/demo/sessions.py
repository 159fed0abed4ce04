"""Meetings as data, and the acts that plan, hold and minute one."""

import datetime
from dataclasses import dataclass, field, replace

from board.transitions import CLEAR_VERBS
from meetings import transitions as life
from meetings.agenda import list_expected
from meetings.carrying import plan_again
from meetings.invitations import move_to
from meetings.models import Action, AgendaItem, Attendance, Decision, Meeting, Note, Part
from meetings.reviewing import review
from meetings.transitions import DECISION_CLEARANCE, NOTE_CLEARANCE

from .script import at_hour, weekday
from .tasks import follow, make_action

DAY = datetime.timedelta(days=1)
Kind, Purpose = AgendaItem.Kind, AgendaItem.Purpose


@dataclass(frozen=True)
class Decided:
    text: str
    outcome: str = "agreed"
    priority: str = ""
    threat: str = ""
    part: str = Part.BOARD
    cleared: str = "public"


@dataclass(frozen=True)
class Said:
    """What was said of an earlier action; `due` in days after the meeting, for a new date."""

    reference: str
    outcome: str
    note: str
    due: int = 0


@dataclass(frozen=True)
class Item:
    kind: str
    title: str = ""
    note: str = ""
    cleared: str = ""
    restricted: str = ""
    working: str = ""
    purpose: str = Purpose.NOTE
    presenter: str = ""
    minutes: int = 5
    recommendation: str = ""
    priority: str = ""
    threat: str = ""
    decisions: tuple = ()
    actions: tuple = ()
    said: tuple = ()
    urgency: tuple = ()
    carried: bool = False
    """Put on the agenda by what an earlier meeting left over, not by its planning."""


@dataclass(frozen=True)
class Session:
    """One meeting. `absent` maps agencies to apologies, not_represented or a substitute's key."""

    board: str
    day: datetime.date
    begins: tuple = (10, 0)
    lasts: int = 100
    venue: str = "Committee Room 2, Guildhall"
    link: str = ""
    kind: str = Meeting.Kind.ORDINARY
    focus: str = ""
    round: str = ""
    chair: str = "chair"
    items: tuple = ()
    absent: dict = field(default_factory=dict)
    remote: tuple = ()
    guests: tuple = ()
    invented: bool = False
    publish: int = 8
    """Days before the meeting on which the agenda is published; 0 when it is still planned."""
    minutes: str = "circulated"
    """How far its minutes go by themselves: draft, checked, circulated. A later meeting's
    `approves` takes them on."""
    instead_of: tuple = ()
    """(day, reason): first called for that day, and postponed two days before it."""
    approves: str = ""
    """The ref of the meeting whose minutes it agrees as a correct record."""
    signed: str = "Signed by the Chairman"
    """How the minutes that it approves were signed; empty when they still wait for that."""

    @property
    def starts_at(self):
        return at_hour(self.day, *self.begins)

    @property
    def ref(self):
        return f"{self.board}-{self.day}"


def standing(items, **changes):
    """The standing agenda, with the given items in the place of their kind.

    `items` maps a kind to an Item or to a tuple of Items; changes to a kind's text alone are
    given by keyword (apologies="…").
    """
    agenda = []
    for kind in (
        Kind.APOLOGIES,
        Kind.DECLARATIONS,
        Kind.MINUTES,
        Kind.MATTERS_ARISING,
        Kind.FOCUS,
        Kind.THREATS,
        Kind.ROUND_UP,
        Kind.OTHER,
        Kind.ANY_OTHER_BUSINESS,
        Kind.NEXT_DATE,
    ):
        given = items.get(kind, () if kind in (Kind.FOCUS, Kind.OTHER) else Item(kind))
        for item in given if isinstance(given, tuple) else (given,):
            words = changes.get(kind.value)
            agenda.append(replace(item, note=words) if words else item)
    return tuple(agenda)


def hold(script, cast, session):
    """Add the acts of one meeting, from its planning to the signing of its minutes."""
    start = session.starts_at
    end = start + datetime.timedelta(minutes=session.lasts)
    secretary, chair = cast.people["secretary"], cast.people[session.chair]
    stage = Stage(script, cast, session)

    def on(days, hour=9, minute=30):
        """A weekday so many days after the meeting, at an hour."""
        return at_hour(weekday(session.day + days * DAY), hour, minute)

    planned = min(start - 35 * DAY, script.now - 2 * DAY)
    script.add(planned, secretary, stage.plan)
    if session.instead_of:
        first, reason = session.instead_of
        sent = at_hour(first - session.publish * DAY, 15)
        script.add(sent, secretary, lambda: stage.move(life.PUBLISH))
        script.add(at_hour(first - 2 * DAY, 16), secretary, lambda: stage.postpone(reason))
    if not session.publish:
        return stage
    published = at_hour(session.day - session.publish * DAY, 15)
    script.add(published, secretary, lambda: stage.move(life.PUBLISH))
    script.add(start, secretary, lambda: stage.move(life.START))
    script.add(end - datetime.timedelta(minutes=1), secretary, stage.minute)
    script.add(end, secretary, lambda: stage.move(life.END))
    script.add(end + datetime.timedelta(minutes=20), secretary, stage.clear)
    if session.approves:
        script.add(end + datetime.timedelta(minutes=30), secretary, stage.approve)
        if session.signed:
            script.add(on(1, 14), chair, stage.sign)
    for item in session.items:
        for task in item.actions:
            stage.follow(task, on)
    if session.minutes in ("checked", "circulated"):
        script.add(on(2, 11), chair, lambda: stage.move_minutes(life.CHECK))
    if session.minutes == "circulated":
        script.add(on(5, 16), secretary, lambda: stage.move_minutes(life.CIRCULATE))
    return stage


class Stage:
    """One meeting on its way through the script, with the records it has made so far."""

    def __init__(self, script, cast, session):
        self.script, self.cast, self.session = script, cast, session
        self.meeting, self.items, self.actions = None, {}, {}

    def board(self):
        return {b.slug: b for b in (self.cast.board, self.cast.group)}[self.session.board]

    def priority(self, key):
        return self.cast.priorities[key] if key else None

    def topic(self, item):
        """The priority an item is about; the focus item's is the meeting's."""
        return self.priority(self.session.focus if item.kind == Kind.FOCUS else item.priority)

    def threat(self, key):
        return self.cast.threats[key] if key else None

    def plan(self):
        session = self.session
        day = session.instead_of[0] if session.instead_of else session.day
        starts_at = at_hour(day, *session.begins)
        self.meeting = Meeting.objects.create(
            board=self.board(),
            ref=f"{session.board}-{day}",
            kind=session.kind,
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(minutes=120),
            venue=session.venue,
            link=session.link,
            focus_priority=self.priority(session.focus),
            round=self.cast.rounds.get(session.round),
            presiding=self.cast.people[session.chair],
            invented=session.invented,
        )
        self.script.write("plan", self.meeting)
        made = [item for item in session.items if not item.carried]
        for number, item in enumerate(made, 1):
            title = item.title or item.kind.label
            if item.kind == Kind.FOCUS and not item.title:
                title = self.priority(session.focus).name
            reason, agreed_by = item.urgency or ("", "")
            self.items[item] = AgendaItem.objects.create(
                meeting=self.meeting,
                number=number,
                kind=item.kind,
                title=title,
                purpose=item.purpose,
                presenter=item.presenter,
                minutes_allotted=item.minutes,
                recommendation=item.recommendation,
                priority=self.topic(item),
                urgency_reason=reason,
                urgency_agreed_by=agreed_by,
                working_notes=item.working,
            )
        if session.starts_at > self.script.now:
            list_expected(self.meeting)
        for guest in session.guests:
            person = self.cast.people[guest]
            Attendance.objects.create(
                meeting=self.meeting, person=person, guest=True, capacity=person.post
            )

    def postpone(self, reason):
        """To the session's own day, with everything it had."""
        old = self.script.do(life.POSTPONE, self.meeting, reason)
        self.meeting = plan_again(
            old,
            starts_at=self.session.starts_at,
            ends_at=self.session.starts_at + datetime.timedelta(minutes=120),
            venue=old.venue,
            link=old.link,
        )
        move_to(self.meeting, old, self.script.at)
        Meeting.objects.filter(pk=self.meeting.pk).update(invented=self.session.invented)
        self.script.write("plan", self.meeting)
        for item, record in self.items.items():
            self.items[item] = record.carried_to

    def move(self, transition):
        self.meeting = self.script.do(transition, self.meeting)

    def minute(self):
        """Attendance, notes, decisions and actions, as the secretary typed them."""
        self.attend()
        for item in self.session.items:
            if item.carried:
                self.items[item] = self.meeting.items.get(title=item.title)
            record = self.items[item]
            if item.threat:
                record.threat = self.threat(item.threat)
                record.save(update_fields=["threat"])
            for part, text in ((Part.BOARD, item.note), (Part.RESTRICTED, item.restricted)):
                if text:
                    Note.objects.create(
                        item=record, part=part, text=text, version=1, saved_at=self.script.at
                    )
            for decided in item.decisions:
                Decision.objects.create(
                    item=record,
                    part=decided.part,
                    outcome=decided.outcome,
                    text=decided.text,
                    priority=self.priority(decided.priority),
                    threat=self.threat(decided.threat),
                )
            for said in item.said:
                self.review(record, said)
            for task in item.actions:
                self.actions[task.wording] = make_action(
                    self.script, self.cast, self.board(), task, self.session.day, item=record
                )

    def review(self, item, said):
        review(
            Action.objects.get(reference=said.reference),
            said.outcome,
            meeting=self.meeting,
            item=item,
            note=said.note,
            due=weekday(self.session.day + said.due * DAY) if said.due else None,
            by=self.script.by,
            at=self.script.at,
        )

    def attend(self):
        people, session = self.cast.people, self.session
        Attendance.objects.filter(meeting=self.meeting, guest=True).update(
            status=Attendance.Status.IN_ATTENDANCE
        )
        Attendance.objects.update_or_create(
            meeting=self.meeting,
            person=people["secretary"],
            defaults={"capacity": "Secretary", "status": Attendance.Status.IN_ATTENDANCE},
        )
        for (slug, key), seat in self.cast.seats.items():
            if slug != session.board:
                continue
            status = session.absent.get(key, "present")
            usual = people[session.chair if key == "fire" else key]
            substitute = status in people
            remote = key in session.remote
            Attendance.objects.update_or_create(
                meeting=self.meeting,
                seat=seat,
                defaults={
                    "person": people[status] if substitute else usual,
                    "capacity": people[status].post if substitute else self.office(key),
                    "status": Attendance.Status.SUBSTITUTE if substitute else status,
                    "substitute_for": usual.post if substitute else "",
                    "mode": Attendance.Mode.REMOTE if remote else Attendance.Mode.ROOM,
                },
            )

    def office(self, key):
        if key == "fire":
            return "Chairman"
        return "Deputy Chairman" if key == "trading-standards" else ""

    def clear(self):
        """What may go into the report to the Partnership: the secretary clears it."""
        for item in self.session.items:
            record = self.items[item]
            if item.cleared:
                clear(self.script, NOTE_CLEARANCE, record.notes.get(part=Part.BOARD), item.cleared)
            for decided, decision in zip(
                item.decisions, record.decisions.order_by("pk"), strict=True
            ):
                if decided.cleared and decided.part == Part.BOARD:
                    clear(self.script, DECISION_CLEARANCE, decision, decided.cleared)

    def move_minutes(self, transition, note=""):
        for minutes in self.meeting.minutes.all():
            self.script.do(transition, minutes, note)

    def approve(self):
        for minutes in Meeting.objects.get(ref=self.session.approves).minutes.all():
            self.script.do(life.APPROVE, minutes)

    def sign(self):
        for minutes in Meeting.objects.get(ref=self.session.approves).minutes.all():
            self.script.do(life.SIGN, minutes, self.session.signed)

    def follow(self, task, on):
        follow(self.script, self.cast, task, lambda: self.actions[task.wording], on)


def clear(script, rows, record, audience):
    """Clear a record's words for "board", "parent" or "public"."""
    row = next(row for row in rows if row.verb == CLEAR_VERBS[audience])
    return script.do(row, record)
