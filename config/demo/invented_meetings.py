"""What was said and decided at the invented meetings."""

from .sessions import Decided, Item, Kind, Purpose, Said, standing
from .tasks import Task

FOCUS = ("drugs", "modern-slavery", "fraud", "drugs", "modern-slavery")
FOCUS_NOTES = (
    (
        "The police had searched three short lets. Public Health spoke of a dangerous batch of "
        "tablets. Members asked what becomes of the young people who are used to carry.",
        "Every young person found carrying is to be offered help within five days.",
    ),
    (
        "Members heard of four joint visits. Front desks know the signs better than they did; "
        "contractors who work at night do not yet.",
        "The page of signs is to go to all contractors who work at night.",
    ),
    (
        "The police spoke of couriers, Trading Standards of false investments. Probation had "
        "sent no return on fraud and was not there.",
        "Alerts on new frauds are to reach small firms within a day.",
    ),
    (
        "The police spoke again of short lets; Community Safety of door staff who are trained. "
        "Public Health's own confidence has fallen, for want of quick tests.",
        "A way to have tablets tested within two days is to be sought with the laboratory.",
    ),
)
RESTRICTED = (
    "",
    "",
    "",
    "Two of the short lets are the subject of an enquiry that is still open; nothing of it leaves "
    "this room.",
)
ACTIONS = (
    (
        Task(
            "Write down who makes the offer, and by when",
            "childrens-services",
            60,
            priority="drugs",
            done=(55, "The steps were agreed with the police."),
        ),
        Task(
            "Send the alert on tablets to all services",
            "health",
            14,
            priority="drugs",
            done=(10, "Sent to 14 services."),
        ),
    ),
    (
        Task(
            "Send the page of signs to contractors who work at night",
            "community-safety",
            30,
            priority="modern-slavery",
            done=(28, "Sent to 61 contractors."),
        ),
        Task(
            "Name a contact for each person found",
            "health",
            60,
            priority="modern-slavery",
            supporting=("childrens-services",),
            promises=((85, 150, "The post was vacant"), (176, 330, "Filled; in training")),
        ),
    ),
    (
        Task(
            "Set up the alert to small firms",
            "trading-standards",
            45,
            priority="fraud",
            supporting=("police",),
            done=(40, "First alert sent to 900 firms."),
        ),
        Task(
            "Say who will write Probation's return on fraud",
            "probation",
            30,
            priority="fraud",
            done=(62, "The Head of Service will."),
        ),
        Task(
            "Print a leaflet for residents",
            "community-safety",
            60,
            priority="fraud",
            cancelled=(35, "The library's afternoons do this better."),
        ),
    ),
    (
        Task(
            "Light the third passage", "community-safety", 18, priority="drugs", done=(16, "Lit.")
        ),
        Task(
            "Seek a test of tablets within two days",
            "health",
            150,
            priority="drugs",
            supporting=("police",),
        ),
        Task("Put the plan by the 4 Ps before the Partnership", "", 165),
    ),
)
THREAT_NOTES = (
    "Public Health raised stronger tablets. Alerts had gone out.",
    "The police raised altered invoices. Members want them in the plan for fraud.",
    "Community Safety raised street games. Members want numbers before they decide.",
    "Trading Standards raised vapes with illegal contents. The outcome is to be recorded.",
)
ELECTION = "Election of the group's deputy chairman"
THREATS = ("tablets", "invoices", "games", "vapes")


# The comparison with the national model comes round each year, and is carried over.
SAID = (
    (Said("SOC/1/2018", "new_date", "The Home Office is to say what it now compares", 300),),
    (),
    (Said("SOC/1/2018", "noted", "The Home Office's answer has come"),),
    (Said("SOC/1/2018", "new_date", "This year's comparison is under way", 175),),
)


def agenda_of(index):
    """The agenda of the meeting of a closed quarter, oldest 0, with what was minuted."""
    note, decision = FOCUS_NOTES[index]
    return standing(
        {
            Kind.FOCUS: Item(
                Kind.FOCUS,
                minutes=35,
                presenter="Partnership Inspector",
                purpose=Purpose.DECIDE,
                note=note,
                cleared="public",
                recommendation=decision,
                restricted=RESTRICTED[index],
                working="Ask the Chairman before the last paragraph goes out.",
                decisions=(Decided(decision, priority=FOCUS[index]),),
                actions=ACTIONS[index],
            ),
            Kind.MATTERS_ARISING: Item(Kind.MATTERS_ARISING, said=SAID[index]),
            Kind.THREATS: Item(
                Kind.THREATS,
                minutes=15,
                purpose=Purpose.DISCUSS,
                threat=THREATS[index],
                note=THREAT_NOTES[index],
            ),
        },
        apologies="Apologies are as recorded above.",
        declarations="There were none.",
        minutes="The minutes of the last meeting were agreed as a correct record.",
        matters_arising="Members went through the open actions.",
        round_up="Nothing was added to the returns.",
        aob="There was none.",
        next_date="In three months.",
    )


def next_agenda():
    """The agenda of the Board's next meeting, built and not yet published."""
    return standing(
        {
            Kind.FOCUS: Item(
                Kind.FOCUS,
                minutes=40,
                presenter="Partnership Inspector",
                purpose=Purpose.DECIDE,
                recommendation="To ask every agency that employs contractors to give them the page "
                "of signs.",
            ),
            Kind.THREATS: Item(Kind.THREATS, minutes=15, purpose=Purpose.DISCUSS),
            Kind.MATTERS_ARISING: Item(Kind.MATTERS_ARISING, minutes=15),
        }
    )


def group_agendas():
    """Three meetings of the working group: two held, one to come."""
    before = (
        Item(Kind.APOLOGIES, note="Apologies were received from Probation."),
        Item(Kind.MINUTES, note="The minutes of 5 September 2018 were agreed as a correct record."),
        Item(
            Kind.OTHER,
            "The action plan",
            minutes=30,
            purpose=Purpose.DISCUSS,
            note="The group read through the plan by the 4 Ps. Four objectives in twelve have not "
            "begun or are behind.",
            decisions=(
                Decided("Each owner is to say by the next meeting what stands in the way."),
            ),
            actions=(
                Task(
                    "Ask each owner what stands in the way",
                    "",
                    21,
                    done=(14, "All have answered but one."),
                ),
                Task(
                    "Ask the laboratory what a quick test would cost",
                    "health",
                    14,
                    priority="drugs",
                    supporting=("police",),
                ),
                Task(
                    "Send a return on fraud, if only a short one", "probation", 12, priority="fraud"
                ),
                Task(
                    "Send the list of shops where vapes were found to the police",
                    "trading-standards",
                    16,
                    priority="drugs",
                    proposed=(13, "Sent to the Partnership Inspector."),
                ),
            ),
        ),
        Item(
            Kind.OTHER,
            ELECTION,
            purpose=Purpose.DECIDE,
            note="Nobody had been put forward.",
            decisions=(Decided("For want of nominations.", outcome="deferred", cleared=""),),
        ),
        Item(Kind.NEXT_DATE, note="In three weeks."),
    )
    last = (
        Item(Kind.APOLOGIES, note="There were none."),
        Item(
            Kind.OTHER,
            "What stands in the way of the plan",
            minutes=40,
            purpose=Purpose.DISCUSS,
            note="Three objectives wait for a second officer, one for a figure from the courts.",
            actions=(
                Task("Write to the courts for the figure", "probation", 30, priority="fraud"),
                Task(
                    "Say whether a second officer can be shared",
                    "childrens-services",
                    40,
                    priority="drugs",
                    supporting=("health",),
                ),
            ),
        ),
        Item(
            Kind.OTHER,
            ELECTION,
            purpose=Purpose.DECIDE,
            carried=True,
            note="Nobody has been put forward yet.",
            decisions=(Decided("For want of nominations, again.", outcome="deferred", cleared=""),),
        ),
        Item(Kind.NEXT_DATE, note="Next week."),
    )
    coming = (
        Item(Kind.APOLOGIES),
        Item(Kind.MINUTES),
        Item(
            Kind.OTHER,
            "The Board's next meeting",
            minutes=20,
            purpose=Purpose.DISCUSS,
            recommendation="To put modern slavery first on the agenda.",
        ),
        Item(Kind.NEXT_DATE),
    )
    return before, last, coming
