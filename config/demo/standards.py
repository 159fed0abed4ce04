"""The Board against the national model, as chair and secretary saw it a year ago and now. The
statements are the demo's own summary of what the sources named ask for."""

import datetime

from priorities.models import Assessment, Standard

STRATEGY = "Serious and Organised Crime Strategy, 2013 and 2018"
PROFILES = "Home Office guidance on local profiles, 2014"
INSPECTION = "What inspections of local work found, as the guidance on profiles sums it up"
MET, PARTLY, NOT_MET = "met", "partly", "not_met"

# theme, statement, source, as others do it, last year's (verdict, evidence, next, owner), now's
STANDARDS = (
    (
        "Partnership",
        "Police, council and other agencies meet on serious and organised crime, under a chair "
        "whom all accept.",
        STRATEGY, "",
        (MET, "Four meetings in the year, each with police, fire and the council.", "", ""),
        (MET, "Four meetings in the year; probation joined.", "", ""),
    ),
    (
        "Partnership",
        "It is written down to whom the board answers and what it is for.",
        STRATEGY, "",
        (MET, "Terms of reference, reviewed each year.", "", ""),
        (MET, "Terms of reference, reviewed each year.", "", ""),
    ),
    (
        "Knowledge",
        "A profile of the harm in the area is no older than a year and drives what is done.",
        PROFILES,
        "Some counties renew theirs with the police and crime commissioner’s plan.",
        (NOT_MET, "The profile was of 2016.", "Write a new one with the analysts.", "police"),
        (PARTLY, "A new profile is in draft.", "Put it to the next meeting.", "police"),
    ),
    (
        "Knowledge",
        "Agencies share what they know under an agreement that each has signed.",
        STRATEGY, "",
        (PARTLY, "Signed by all but health.", "Ask the integrated care board.", "health"),
        (MET, "Signed by every agency with a seat.", "", ""),
    ),
    (
        "Plan",
        "One plan for several agencies covers pursue, prevent, protect and prepare.",
        PROFILES, "",
        (PARTLY, "Prepare had one objective.", "Find two more.", "community-safety"),
        (PARTLY, "Prepare has two objectives of eleven.", "Review at year end.",
         "community-safety"),
    ),
    (
        "Plan",
        "Each objective has an owner, a measure and a day, and is reviewed at every meeting.",
        STRATEGY, "",
        (PARTLY, "Owners and days, few measures.", "Agree measures.", "police"),
        (MET, "Every objective has a measure.", "", ""),
    ),
    (
        "Effect",
        "The board can say what difference its work made.",
        INSPECTION,
        "Areas that clear, hold and build ask residents before and after.",
        (NOT_MET, "Outputs are counted, effects are not.", "Choose three measures.", "police"),
        (NOT_MET, "Three measures are proposed, none is agreed.", "Decide at the next meeting.",
         "police"),
    ),
    (
        "Effect",
        "Learning from elsewhere is brought back and something is done with it.",
        STRATEGY, "",
        None,
        (MET, "A conference, two toolkits and a visit are on the record with what came of them.",
         "", ""),
    ),
)  # fmt: skip


def assess_board(cast, today):
    for order, (theme, statement, source, others, before, now) in enumerate(STANDARDS):
        standard = Standard.objects.create(
            board=cast.board,
            theme=theme,
            statement=statement,
            source=source,
            others=others,
            order=order,
        )
        for days, found in ((380, before), (15, now)):
            if found:
                verdict, evidence, next_step, owner = found
                Assessment.objects.create(
                    standard=standard,
                    statement=statement,
                    day=today - datetime.timedelta(days=days),
                    verdict=verdict,
                    evidence=evidence,
                    next_step=next_step,
                    owner=cast.agencies[owner] if owner else None,
                    made_by=cast.people["secretary"],
                )
