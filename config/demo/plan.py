"""What: the national list, the three priorities, who answers for what, and the action plan."""

import datetime

from priorities.models import NationalThreat, Objective, Priority, Responsibility

DAY = datetime.date
ADOPTED = DAY(2018, 7, 3)

SOURCE = (
    "Home Office, annual report on the Serious and Organised Crime Strategy, as summed up by "
    "commentators; other lists of those years divide the field differently"
)
# name, local priorities
NATIONAL = (
    ("Cyber crime", ()),
    ("Economic crime and money laundering", ("fraud",)),
    ("Corruption", ()),
    ("Child sexual exploitation", ()),
    ("Immigration crime, human trafficking and modern slavery", ("modern-slavery",)),
    ("Drugs trafficking", ("drugs",)),
    ("Criminal use of firearms", ()),
    ("Theft", ()),
)

# slug: name, statement, why it was chosen
PRIORITIES = {
    "drugs": (
        "Illicit trade in drugs",
        "Those who sell drugs in the City find it harder each quarter, and those whom they use "
        "to sell find a way out.",
        "The scoping of 2016 to 2018 named it as a threat to the City.",
    ),
    "modern-slavery": (
        "Modern slavery",
        "Forced labour in the City's hotels, kitchens, cleaning and building work is recognised, "
        "reported and ended, and those who suffered it are helped.",
        "The scoping of 2016 to 2018 named it as a threat to the City. It is often hidden.",
    ),
    "fraud": (
        "Fraud",
        "People and firms in the City know the frauds that are about, lose less to them, and "
        "report what happened.",
        "The scoping of 2016 to 2018 named it as a threat to the City.",
    ),
}

LEAD, HELP, TOLD = "lead", "contributing", "informed"
# priority: agency: (role, what it answers for)
RESPONSIBILITIES = {
    "drugs": {
        "police": (LEAD, "Enforcement, and the picture of the market"),
        "fire": (HELP, "What crews see on visits to buildings"),
        "health": (HELP, "Treatment, and harm from what is sold"),
        "probation": (HELP, "People under supervision who are drawn into supply"),
        "trading-standards": (TOLD, ""),
        "community-safety": (HELP, "Licensed premises and night-time patrols"),
        "childrens-services": (HELP, "Children used to carry or sell"),
    },
    "modern-slavery": {
        "police": (LEAD, "Investigation, and safeguarding of those found"),
        "fire": (HELP, "Signs of people living where they work"),
        "health": (HELP, "Care for those found, and training for front desks"),
        "probation": (TOLD, ""),
        "trading-standards": (HELP, "Signs met on inspections of businesses"),
        "community-safety": (HELP, "Awareness among hotels and contractors"),
        "childrens-services": (HELP, "Children found, and their protection"),
    },
    "fraud": {
        "police": (LEAD, "Investigation, and alerts to firms and residents"),
        "fire": (TOLD, ""),
        "health": (TOLD, ""),
        "probation": (HELP, "Supervision of those convicted of fraud"),
        "trading-standards": (HELP, "Doorstep and investment fraud, counterfeit goods"),
        "community-safety": (HELP, "Residents who have been, or may be, victims"),
        "childrens-services": (TOLD, ""),
    },
}

# priority, strand, title, owner, days to the due day (from today), measure, progress, note
OBJECTIVES = (
    (
        "drugs",
        "pursue",
        "Close the courier lines that reach into the City",
        "police",
        120,
        "Lines closed, and closed for good after six months",
        "on_course",
        "Two of three closed.",
    ),
    (
        "drugs",
        "prevent",
        "Offer every young person found carrying a way out",
        "childrens-services",
        90,
        "Offers made within five days",
        "behind",
        "Made within five days in six cases of nine.",
    ),
    (
        "drugs",
        "protect",
        "Train door staff of late-licensed premises",
        "community-safety",
        60,
        "Premises with trained staff",
        "on_course",
        "31 of 44.",
    ),
    (
        "drugs",
        "prepare",
        "Agree how an alert on a dangerous batch goes out",
        "health",
        30,
        "Hours from laboratory to door",
        "on_course",
        "Tested once: nine hours.",
    ),
    (
        "modern-slavery",
        "pursue",
        "Visit places of risk together, once a month",
        "police",
        200,
        "Joint visits, and what followed",
        "on_course",
        "Seven visits this year.",
    ),
    (
        "modern-slavery",
        "prevent",
        "Put the signs of forced labour before every hotel",
        "community-safety",
        45,
        "Hotels reached",
        "on_course",
        "26 of 29.",
    ),
    (
        "modern-slavery",
        "protect",
        "Give a named contact to each person found",
        "health",
        75,
        "Hours to first contact",
        "not_started",
        "",
    ),
    (
        "modern-slavery",
        "prepare",
        "Keep a reception place ready for ten people",
        "childrens-services",
        150,
        "Exercise held",
        "done",
        "Exercise held in spring; two gaps mended.",
    ),
    (
        "fraud",
        "pursue",
        "Bring three cases on courier fraud to charge",
        "police",
        180,
        "Cases charged",
        "behind",
        "One charged.",
    ),
    (
        "fraud",
        "prevent",
        "Work with those convicted before release",
        "probation",
        100,
        "People reached before release",
        "not_started",
        "",
    ),
    (
        "fraud",
        "protect",
        "Send alerts on new frauds to small firms within a day",
        "trading-standards",
        20,
        "Hours from report to alert",
        "on_course",
        "Median 21 hours.",
    ),
    (
        "fraud",
        "prepare",
        "Visit each resident who lost money, within a week",
        "community-safety",
        80,
        "Visits within a week",
        "on_course",
        "Eleven of thirteen.",
    ),
)


def make_list(cast):
    """The dated national list; the City of London Police watches all of it."""
    cast.national = {
        name: NationalThreat.objects.create(
            name=name,
            source=SOURCE,
            valid_from=DAY(2014, 10, 1),
            order=order,
            monitored_by=cast.agencies["police"],
        )
        for order, (name, _) in enumerate(NATIONAL, 1)
    }


def propose_priorities(cast):
    """The three, as proposed to the working group; its decision adopts them."""
    for order, (slug, (name, statement, reason)) in enumerate(PRIORITIES.items(), 1):
        priority = Priority.objects.create(
            board=cast.board,
            slug=slug,
            name=name,
            statement=statement,
            reason=reason,
            lead_agency=cast.agencies["police"],
            order=order,
        )
        priority.national_threats.set(
            cast.national[national] for national, local in NATIONAL if slug in local
        )
        cast.priorities[slug] = priority


def share_out(cast):
    """Who answers for what, from the day the priorities were adopted."""
    for slug, agencies in RESPONSIBILITIES.items():
        for agency, (role, answers_for) in agencies.items():
            Responsibility.objects.create(
                priority=cast.priorities[slug],
                agency=cast.agencies[agency],
                role=role,
                answers_for=answers_for,
                start=ADOPTED,
            )


def make_plan(cast, today):
    for priority, strand, title, owner, days, measure, progress, note in OBJECTIVES:
        Objective.objects.create(
            priority=cast.priorities[priority],
            strand=strand,
            title=title,
            owner=cast.agencies[owner],
            due=today + datetime.timedelta(days=days),
            measure=measure,
            progress=progress,
            progress_note=note,
        )
