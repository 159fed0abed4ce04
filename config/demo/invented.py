"""Invented quarters, reckoned back from the day of loading: four closed, and one open round.

The open round is that of the quarter in which the day three weeks ago lies, so that it has been
open for three weeks whatever the day; the four before it are over.
"""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from board.models import Nomination
from meetings.agenda import open_referrals
from meetings.models import Action, AgendaItem, Meeting
from priorities.models import AgencyReturn, Learning, quarter_of

from . import between, corrections, learning, papers, referrals, reporting, threats
from .invented_meetings import FOCUS, agenda_of, group_agendas, next_agenda
from .returns import Answer, run_round
from .script import at_hour, weekday
from .sessions import Session, hold
from .words_invented import BECAUSE, GRID, TWO, WORDS

DAY = datetime.timedelta(days=1)
CONFIDENCE = {"H": "high", "F": "fair", "L": "low", "C": "cannot_say"}
DIRECTION = {"+": "improving", "=": "steady", "-": "worsening"}
SIGNED = (
    "Signed by the Chairman",
    "Signed on paper by the Chairman",
    "Signed by the Chairman",
    "",
)
ABSENT = (
    {"childrens-services": "apologies"},
    {"health": "health_substitute", "probation": "apologies"},
    {"probation": "not_represented"},
    {"probation": "not_represented", "police": "police_substitute"},
)


@dataclass(frozen=True)
class Quarter:
    """index 0 is the oldest of the four closed ones, 4 the open one."""

    index: int
    first: datetime.date
    last: datetime.date

    @property
    def key(self):
        return f"invented-{self.index}"

    @property
    def due(self):
        return weekday(self.first + 68 * DAY)

    @property
    def meeting_day(self):
        return weekday(self.first + 80 * DAY)


def quarters_up_to(today):
    """The five quarters, oldest first."""
    first, last = quarter_of(today - 21 * DAY)
    found = [(first, last)]
    for _ in range(4):
        found.append(quarter_of(found[-1][0] - DAY))
    return [Quarter(index, *dates) for index, dates in enumerate(reversed(found))]


def add_quarters(script, cast):
    today = timezone.localdate(script.now)
    *closed, current = quarters_up_to(today)
    cast.threats = {}
    approves = "soc-board-2018-12-12"
    sessions = []
    for quarter in closed:
        add_round(
            script,
            cast,
            quarter,
            opens=at_hour(weekday(quarter.first + 31 * DAY)),
            due=quarter.due,
            closes=at_hour(quarter.last, 17),
        )
        session = board_meeting(quarter, approves)
        hold(script, cast, session)
        threats.add_threats(script, cast, quarter.index, session)
        approves = session.ref
        sessions.append(session)
        if quarter.index >= 2:
            form = reporting.FORM_PLAIN if quarter.index == 2 else reporting.FORM_TODAY
            reporting.add_report(script, cast, session, form)
    corrections.add_corrections(script, cast, sessions)
    referrals.add_referrals(script, cast, today)
    between.add_between(script, cast, closed[-1].meeting_day, today)
    add_round(
        script,
        cast,
        current,
        opens=at_hour(weekday(today - 21 * DAY)),
        due=weekday(today + 6 * DAY),
        closes=None,
    )
    script.add(
        at_hour(weekday(today - 3 * DAY)),
        cast.people["secretary"],
        lambda: give_more_time(script, cast, current, weekday(today + 13 * DAY)),
    )
    add_coming(script, cast, current, today)
    add_group(script, cast, today)
    last = closed[-1]
    papers.add_papers(script, cast, session)
    secretary = cast.people["secretary"]
    script.add(
        at_hour(last.meeting_day, 16, 10),
        secretary,
        lambda: seek_deputy(script, cast, last.meeting_day),
    )
    script.add(at_hour(last.meeting_day, 16, 20), secretary, lambda: number_yearly_action(today))
    script.add(
        at_hour(last.meeting_day - 30 * DAY, 16),
        secretary,
        lambda: learning.tell(
            script,
            cast,
            [awareness_session(last.meeting_day - 33 * DAY)],
            audience="parent",
            follow_up=("police", today + 10 * DAY),
        ),
    )
    script.add(
        at_hour(closed[1].meeting_day, 16), secretary, lambda: review_terms(script, cast, today)
    )


def give_more_time(script, cast, quarter, day):
    whole = AgencyReturn.objects.get(
        round=cast.rounds[quarter.key], agency=cast.agencies["probation"]
    )
    whole.extended_to, whole.extended_reason = day, "The head of service is on leave until then."
    whole.save()
    script.write("give more time", whole)


def add_round(script, cast, quarter, *, opens, due, closes):
    run_round(
        script,
        cast,
        quarter.key,
        ref=f"soc-board-{quarter.first:%Y-%m}",
        first=quarter.first,
        last=quarter.last,
        opens=opens,
        due=due,
        closes=closes,
        answers={
            square: answer_of(square, codes[quarter.index], quarter.index)
            for square, codes in GRID.items()
        },
        two={agency: pair[quarter.index % 2] for agency, pair in TWO.items()},
        invented=True,
    )


def answer_of(square, code, index):
    """The Answer that a code of the grid stands for; None when nothing came."""
    if code in ("x", "."):
        return None
    # In the open round all that came, came well before today.
    came = -10 - len(square[0]) % 4 if index == 4 else -1 - len(square[1]) % 3
    if code == "o":
        return Answer(nothing=True, came=came)
    variants = WORDS[square]
    did, emerging, text, strands = variants[(index + 1) % len(variants)]
    if code == "d":
        return Answer(did, emerging, came=came, state="draft")
    confidence = CONFIDENCE[code[0]]
    mark = code[2:]
    cleared = {"n": "", "b": "board", "S": "", "Q": ""}.get(mark, "public") if text else ""
    query = ()
    if mark == "q":
        query = (1, "Which laboratory found it?", "The one that the Trust uses; its note is kept.")
    elif mark == "Q":
        query = (-9, "How many people is that, and since when?", "")
    return Answer(
        did,
        emerging,
        confidence,
        DIRECTION[code[1]],
        BECAUSE[confidence],
        strands,
        text,
        cleared,
        came=3 if mark == "l" else came,
        late="The figures came late." if mark == "l" else "",
        state="submitted" if mark == "s" else "received",
        query=query,
        letter="Head of Service, Probation, by e-mail" if mark == "e" else "",
        sensitive=mark == "S",
        shared_with=("police",) if mark == "S" else (),
        barriers="A second officer, and a contact for out of hours." if code[0] == "L" else "",
    )


def board_meeting(quarter, approves):
    return Session(
        "soc-board",
        quarter.meeting_day,
        lasts=95 + 5 * quarter.index,
        focus=FOCUS[quarter.index],
        round=quarter.key,
        invented=True,
        absent=ABSENT[quarter.index],
        remote=("health",) if quarter.index % 2 else (),
        link="https://meet.example.org/soc-board" if quarter.index % 2 else "",
        items=agenda_of(quarter.index),
        approves=approves,
        signed=SIGNED[quarter.index],
    )


def add_coming(script, cast, current, today):
    """The next meeting of the Board: its agenda is built, and is to be published soon."""
    day = weekday(today + 15 * DAY)
    hold(
        script,
        cast,
        Session(
            "soc-board",
            day,
            focus=FOCUS[4],
            round=current.key,
            invented=True,
            publish=0,
            items=next_agenda(),
        ),
    )
    threats.add_coming_threats(script, cast, today)
    papers.add_coming_papers(script, cast, f"soc-board-{day}", at_hour(today - 2 * DAY, 16))

    def put_on_agenda():
        meeting = Meeting.objects.get(ref=f"soc-board-{day}")
        item = meeting.items.get(kind=AgendaItem.Kind.THREATS)
        item.threat = cast.threats["riders"]
        item.title = f"Emerging threat: {item.threat.title}"
        item.save()
        script.write("put a threat on the agenda", meeting)
        open_referrals(meeting)

    script.add(at_hour(today - 7 * DAY, 11), cast.people["secretary"], put_on_agenda)


def add_group(script, cast, today):
    """Two meetings of the working group, checked and draft minutes, and one about to come."""
    before, last, coming = group_agendas()
    common = {"kind": Meeting.Kind.WORKING_GROUP, "invented": True, "lasts": 60}
    days = [weekday(today + days * DAY) for days in (-26, -6, 3)]
    hold(
        script,
        cast,
        Session(
            "soc-working-group",
            days[0],
            items=before,
            minutes="checked",
            approves="soc-working-group-2018-09-05",
            absent={"probation": "apologies"},
            instead_of=(weekday(today - 33 * DAY), "The heating had failed in the whole building."),
            **common,
        ),
    )
    hold(
        script,
        cast,
        Session("soc-working-group", days[1], items=last, minutes="draft", **common),
    )
    hold(script, cast, Session("soc-working-group", days[2], items=coming, **common))


def number_yearly_action(today):
    """The Partnership's own list numbers the comparison with the national model anew."""
    action = Action.objects.get(reference="SOC/1/2018")
    for years_ago, number in ((2, "OR11"), (1, "OR4")):
        action.other_references.create(
            reference=number,
            given_by="Safer City Partnership",
            since=weekday(today - (365 * years_ago - 40) * DAY),
        )


def seek_deputy(script, cast, day):
    nomination = Nomination.objects.create(
        board=cast.board,
        office="deputy_chair",
        put_to=cast.partnership,
        sought_on=day,
        reason="The Deputy Chairman would like to hand over next spring",
    )
    script.write("seek nominations", nomination)


def review_terms(script, cast, today):
    """The terms are read through once a year."""
    terms = cast.board.terms_of_reference.get(version=2)
    terms.reviewed_on = timezone.localdate(script.at)
    terms.review_due = today + 100 * DAY
    terms.save()
    script.write("review", terms)


def awareness_session(day):
    return (
        Learning.Kind.TRAINING,
        "The signs of forced labour, for facilities managers",
        weekday(day),
        "Guildhall Library",
        "35 facilities managers",
        "- What the signs are\n- Whom to call\n- What happens after a call",
        "Managers ask for one number to call, at any hour.",
        "Thirty-five facilities managers came to a session on the signs of forced labour.",
        (),
    )
