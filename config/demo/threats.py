"""Invented emerging threats, one in each state."""

import datetime

from board.transitions import CLEAR_VERBS
from meetings import outcomes as life
from priorities.models import EmergingThreat
from priorities.transitions import THREAT_CLEARANCE

from .script import at_hour

DAY = datetime.timedelta(days=1)

# key: agency, priority, title, description, text for the report, transition, what became of it
THREATS = {
    "tablets": (
        "health",
        "drugs",
        "Stronger tablets under familiar names",
        "Two people in treatment showed tablets that look like a common medicine and are many "
        "times stronger.",
        "Tablets that look like a common medicine and are many times stronger have been seen.",
        life.CLOSE_THREAT,
        "Alerts went out; none has been seen since spring.",
    ),
    "invoices": (
        "police",
        "fraud",
        "Altered invoices",
        "Invoices are altered on their way: one digit of the account is changed.",
        "Invoices are being altered on their way to small firms.",
        life.ADOPT_THREAT,
        "Taken into the plan for fraud, under Protect.",
    ),
    "games": (
        "community-safety",
        "",
        "Street games for money near the bridges",
        "Small teams return each weekend; visitors lose a few hundred pounds each.",
        "Street games for money have returned near the bridges.",
        life.MONITOR,
        "Watched until the next meeting; patrols report numbers.",
    ),
    "vapes": (
        "trading-standards",
        "drugs",
        "Vapes sold with illegal contents",
        "Three shops sold vapes whose contents were not those on the label.",
        "Vapes whose contents are not those on the label have been found in three shops.",
        None,
        "",
    ),
}
OF_QUARTER = ("tablets", "invoices", "games", "vapes")


def add_threats(script, cast, index, session):
    """The threat of one closed quarter: raised, heard at its meeting, and what became of it."""
    key = OF_QUARTER[index]
    transition, became = THREATS[key][5:]
    add_raising(script, cast, key, at_hour(session.day - 20 * DAY, 11, 20), THREATS[key])
    secretary = cast.people["secretary"]
    end = session.starts_at + datetime.timedelta(minutes=session.lasts)

    def discuss():
        cast.threats[key] = script.do(life.DISCUSS, cast.threats[key])

    def conclude():
        cast.threats[key] = script.do(transition, cast.threats[key], became)

    script.add(end + datetime.timedelta(minutes=5), secretary, discuss)
    if transition:
        script.add(end + datetime.timedelta(minutes=10), secretary, conclude)


def add_coming_threats(script, cast, today):
    """Two raised in the open round: one on the next agenda, one marked and not yet anywhere."""
    add_raising(
        script,
        cast,
        "riders",
        at_hour(today - 12 * DAY, 9, 40),
        (
            "police",
            "drugs",
            "Riders who deliver for two trades",
            "Riders of delivery firms carry a second bag. Seen at four addresses.",
            "Some riders of delivery firms are used to carry drugs.",
        ),
    )
    add_raising(
        script,
        cast,
        "lifts",
        at_hour(today - 3 * DAY, 15, 10),
        (
            "childrens-services",
            "modern-slavery",
            "Lifts offered to children at stations",
            "Children were offered lifts at two stations by people who knew their first names.",
            "",
        ),
        sensitive=True,
    )


def add_raising(script, cast, key, at, facts, sensitive=False):
    agency, priority, title, description, text = facts[:5]

    def act():
        threat = EmergingThreat.objects.create(
            board=cast.board,
            agency=cast.agencies[agency],
            title=title,
            description=description,
            priority=cast.priorities[priority] if priority else None,
            report_text=text,
            marking="OFFICIAL-SENSITIVE" if sensitive else "OFFICIAL",
            raised_at=script.at,
            raised_by=script.by,
        )
        if sensitive:
            threat.shared_with.add(cast.agencies["police"])
        script.write("raise", threat)
        if text:
            verb = CLEAR_VERBS["public"]
            threat = script.do(next(row for row in THREAT_CLEARANCE if row.verb == verb), threat)
        cast.threats[key] = threat

    script.add(at, cast.people[agency], act)
