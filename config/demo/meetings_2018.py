"""The meetings of July to September 2018, and that of December (invented), as data."""

import datetime

from meetings.models import Meeting

from .sessions import Decided, Item, Kind, Purpose, Session, standing
from .tasks import Task

DAY = datetime.date

EARLIER_ACTIONS = (
    Task(
        "Set the Board's work against the national model, each year",
        "fire",
        140,
        officer="Chairman",
        promises=((140, 273, "After the talk with the Home Office on 5 September"),),
    ),
    Task(
        "Brief managers of hotels and cleaning firms on the signs of forced labour",
        "police",
        98,
        priority="modern-slavery",
        supporting=("community-safety",),
        promises=((112, 198, "The material was not ready"),),
        done=(197, "Two briefings held; 41 managers came."),
    ),
    Task(
        "Name a lead officer for fraud",
        "probation",
        98,
        priority="fraud",
        done=(240, "The Head of Service leads until further notice."),
    ),
    Task(
        "List who holds data on the City's drug market",
        "health",
        139,
        priority="drugs",
        done=(225, "A list of eleven sources was sent to the members."),
    ),
)

JULY = Session(
    "soc-working-group",
    DAY(2018, 7, 3),
    lasts=125,
    kind=Meeting.Kind.WORKING_GROUP,
    chair="old_chair",
    absent={"probation": "apologies"},
    publish=7,
    items=(
        Item(Kind.APOLOGIES, note="Apologies were received from Probation."),
        Item(Kind.DECLARATIONS, note="There were none."),
        Item(
            Kind.OTHER,
            "The work of the Board so far",
            presenter="Chairman",
            minutes=40,
            purpose=Purpose.DISCUSS,
            cleared="public",
            note=(
                "The Board had completed its first scoping of serious and organised crime in the "
                "City. The Working Group reviewed this work: what had been achieved so far, and "
                "what was needed to take it further. It was a good opportunity to go through the "
                "Board's terms of reference, which agencies are its partners, and how they share "
                "intelligence; all three were reviewed."
            ),
            actions=(
                Task(
                    "Bring revised terms of reference and the list of members to the Board",
                    "",
                    78,
                    done=(78, "Put before the Board on 19 September."),
                ),
                Task(
                    "Write one sharing agreement for every member to sign",
                    "community-safety",
                    60,
                    done=(66, "Written and circulated; five of seven members have signed."),
                ),
            ),
        ),
        Item(
            Kind.OTHER,
            "Priorities",
            presenter="Partnership Inspector",
            minutes=30,
            purpose=Purpose.DECIDE,
            recommendation="To concentrate on three areas that the scoping shows to be a threat.",
            note="Members weighed up what the scoping had found in each area.",
            decisions=(
                Decided(
                    "To concentrate on three areas that the work so far has shown to be a threat "
                    "to the City:\n\n- Illicit trade in drugs\n- Modern slavery\n- Fraud"
                ),
                # One each, so that the priority page names its own; the report has them above.
                Decided("The illicit trade in drugs is adopted.", priority="drugs", cleared=""),
                Decided("Modern slavery is adopted.", priority="modern-slavery", cleared=""),
                Decided("Fraud is adopted.", priority="fraud", cleared=""),
            ),
            actions=(
                Task(
                    "Draft an action plan by the 4 Ps for the three priorities",
                    "community-safety",
                    120,
                    done=(150, "The plan was put before the Board in December."),
                ),
            ),
        ),
        Item(
            Kind.OTHER,
            "How the Board will work",
            presenter="Chairman",
            minutes=20,
            purpose=Purpose.DECIDE,
            # What the report says of this it draws from the terms of reference and the list.
            note=(
                "Members talked through what the Board is for: to be reassured by each of them. "
                "Its two questions stay as they are. The police go on watching the whole of the "
                "Home Office's list, all eight areas of it."
            ),
            decisions=(
                Decided(
                    "Meetings become quarterly, with one priority at each and room for threats "
                    "that partners see emerging.",
                    cleared="",
                ),
            ),
        ),
        Item(Kind.ANY_OTHER_BUSINESS, note="There was none."),
        Item(Kind.NEXT_DATE, note="5 September 2018."),
    ),
)

SEPTEMBER_GROUP = Session(
    "soc-working-group",
    DAY(2018, 9, 5),
    begins=(14, 0),
    lasts=95,
    kind=Meeting.Kind.WORKING_GROUP,
    chair="old_chair",
    guests=("guest",),
    absent={"probation": "not_represented", "police": "police_substitute"},
    publish=7,
    approves="soc-working-group-2018-07-03",
    signed="Signed on paper by the Chairman",
    items=(
        Item(Kind.APOLOGIES, note="The Detective Sergeant came for the Partnership Inspector."),
        Item(
            Kind.MINUTES,
            note="The minutes of 3 July 2018 were agreed as a correct record.",
        ),
        Item(
            Kind.OTHER,
            "Our performance, and the national model",
            minutes=60,
            presenter="Head of the Serious and Organised Crime Unit, Home Office",
            purpose=Purpose.DISCUSS,
            cleared="public",
            note=(
                "As a step towards its action plan, the Board had invited the Head of the Home "
                "Office Serious and Organised Crime Unit to this meeting of the Working Group, to "
                "discuss its performance to date. The Group wanted above all to find out how the "
                "Board's work compares with that of other local authorities, and whether it "
                "complies with the national model: it could then be confident of meeting "
                "challenges in line with the objectives of the Home Office.\n\n"
                "He told the Group that the Home Office was finishing a new Serious and Organised "
                "Crime Strategy, which was likely to be delayed until the end of the year, and "
                "was likely to put significant emphasis on child sexual exploitation and on abuse "
                "online. He confirmed that the City's priorities were in line with what the "
                "Government expects. The City should continue to align its local profile with the "
                "national strategy, its operational work included, and to draw attention to the "
                "work of the partnership."
            ),
            actions=(
                Task(
                    "Read the new national strategy against the Board's priorities when it is out",
                    "police",
                    98,
                    done=(91, "Published on 1 November; the three priorities stand."),
                ),
            ),
        ),
        Item(Kind.ANY_OTHER_BUSINESS, note="There was none."),
        Item(Kind.NEXT_DATE, note="To be fixed once the action plan is drafted."),
    ),
)

SEPTEMBER = Session(
    "soc-board",
    DAY(2018, 9, 19),
    lasts=102,
    chair="old_chair",
    focus="modern-slavery",
    round="2018-3",
    absent={"probation": "not_represented", "health": "apologies"},
    publish=8,
    items=standing(
        {
            Kind.MATTERS_ARISING: Item(
                Kind.MATTERS_ARISING,
                minutes=15,
                note="Members went through the open actions. Five of seven have signed the "
                "sharing agreement; Public Health and Probation are awaited.",
                decisions=(
                    Decided(
                        "The revised terms of reference, version 2, are adopted.",
                        cleared="parent",
                    ),
                ),
            ),
            Kind.FOCUS: Item(
                Kind.FOCUS,
                minutes=40,
                presenter="Partnership Inspector",
                purpose=Purpose.DISCUSS,
                note="Members heard the police and the Fire Brigade on joint visits, and what the "
                "Borough Commander had brought back from the conference of 12 July.",
                restricted="Two of the addresses visited are the subject of an enquiry that is "
                "still open.",
                actions=(
                    Task(
                        "Register the members for the anti-slavery toolkit when it goes live",
                        "fire",
                        84,
                        priority="modern-slavery",
                        officer="Chairman",
                        done=(84, "Seven members are registered."),
                    ),
                    Task(
                        "Write one page on the signs of modern slavery, for front desks",
                        "police",
                        42,
                        priority="modern-slavery",
                        supporting=("community-safety", "health"),
                        done=(50, "The page was sent to 29 hotels and five practices."),
                    ),
                ),
            ),
            Kind.OTHER: Item(
                Kind.OTHER,
                "Chairman's announcements",
                presenter="Chairman",
                minutes=5,
                note="The Chairman told members that he will retire soon. They thanked him.",
                cleared="public",
                decisions=(
                    Decided("The Partnership is to be asked who should follow him.", cleared=""),
                ),
                actions=(
                    Task(
                        "Ask the Safer City Partnership for nominations for the chairmanship",
                        "",
                        8,
                        done=(8, "Asked in the report for 27 September."),
                    ),
                ),
            ),
        },
        apologies="Apologies were received from Public Health. Probation was not represented.",
        declarations="There were none.",
        minutes="The Working Group's minutes of 5 September 2018 were laid before members.",
        threats="No threat was raised.",
        round_up="Nothing was added to the returns.",
        aob="There was none.",
        next_date="12 December 2018.",
    ),
)

DECEMBER = Session(
    "soc-board",
    DAY(2018, 12, 12),
    lasts=80,
    chair="old_chair",
    focus="fraud",
    invented=True,
    approves="soc-board-2018-09-19",
    signed="Signed on paper by the Chairman",
    absent={"childrens-services": "apologies"},
    items=standing(
        {
            Kind.OTHER: Item(
                Kind.OTHER,
                "Chairmanship",
                minutes=5,
                note="The Partnership has named the next Borough Commander, from 1 January 2019. "
                "Members thanked the Chairman for his work since 2016.",
            ),
        },
        apologies="Apologies were received from Children's Services.",
        declarations="There were none.",
        minutes="The minutes of 19 September 2018 were agreed as a correct record.",
        matters_arising="Members went through the open actions.",
        focus="Members heard the police and Trading Standards.",
        threats="No threat was raised.",
        round_up="Nothing was added.",
        aob="There was none.",
        next_date="To be fixed by the new Chairman.",
    ),
)
