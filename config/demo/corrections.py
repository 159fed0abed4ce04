"""Corrections of the minutes of the invented meetings, one in each state."""

import datetime
from dataclasses import dataclass

from meetings import correcting
from meetings.models import Correction, Minutes, Note, Part
from meetings.transitions import NOTE_CLEARANCE

from .script import at_hour, weekday
from .sessions import clear

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Amendment:
    """What somebody would have the minutes of a closed quarter say instead.

    quarter   the index of its meeting, oldest 0
    fate      the transitions it goes through; those of a meeting wait for `decided`
    proposed  days after the meeting
    decided   the index of the meeting that decides on it
    """

    quarter: int
    by: str
    old: str
    new: str
    reason: str
    fate: tuple = ()
    proposed: int = 8
    decided: int | None = None


AMENDMENTS = (
    Amendment(
        0,
        "police",
        "three short lets",
        "two short lets",
        "The third was searched after the meeting",
        (correcting.INCORPORATE,),
    ),
    # Approved by the meeting of the next quarter, corrected by that of the one after.
    Amendment(
        0,
        "health",
        "a dangerous batch of tablets",
        "two dangerous batches of tablets",
        "The laboratory has since told them apart",
        (correcting.PUT_TO_MEETING, correcting.AGREE),
        proposed=112,
        decided=2,
    ),
    Amendment(
        1,
        "police",
        "four joint visits",
        "five joint visits",
        "That of 3 am was left out",
        (correcting.PUT_TO_MEETING, correcting.AGREE),
        decided=2,
    ),
    Amendment(
        2,
        "trading-standards",
        "false investments",
        "false investments sold by telephone",
        "It was said, I think",
        (correcting.PUT_TO_MEETING, correcting.DO_NOT_AGREE),
        decided=3,
    ),
    Amendment(
        2,
        "police",
        "couriers",
        "couriers and of mules",
        "Mules came up under another item",
        (correcting.WITHDRAW,),
    ),
    Amendment(
        3,
        "community-safety",
        "door staff who are trained",
        "door staff of 14 houses who are trained",
        "The number was given",
    ),
    Amendment(
        3,
        "health",
        "confidence has fallen",
        "confidence is low",
        "It was low before",
        (correcting.PUT_TO_MEETING,),
    ),
)


def add_corrections(script, cast, sessions):
    """`sessions` are those of the closed quarters, oldest first."""
    for amendment in AMENDMENTS:
        add(script, cast, amendment, sessions)


def add(script, cast, amendment, sessions):
    session = sessions[amendment.quarter]
    proposer, secretary = cast.people[amendment.by], cast.people["secretary"]
    day = weekday(session.day + amendment.proposed * DAY)
    made = {}

    def propose():
        minutes = Minutes.objects.get(meeting__ref=session.ref, part=Part.BOARD)
        made["correction"] = script.write("propose a correction", written(minutes))

    def written(minutes):
        circulation = minutes.circulations.order_by("number").last()
        entry = next(
            row
            for row in correcting.correctable(circulation.paragraphs).values()
            if amendment.old in row["text"]
        )
        return Correction.objects.create(
            minutes=minutes,
            circulation=circulation,
            paragraph=entry["number"],
            item_id=entry["item"],
            was=entry["text"],
            wording=entry["text"].replace(amendment.old, amendment.new),
            reason=amendment.reason,
            proposed_at=script.at,
            proposed_by=proposer,
        )

    def move(transition):
        correction = Correction.objects.get(pk=made["correction"].pk)
        correction = script.do(transition, correction)
        taken = transition in (correcting.INCORPORATE, correcting.AGREE)
        if taken and correction.decision_id is None:
            # The words that had been cleared are others now.
            note = Note.objects.get(item=correction.item_id, part=Part.BOARD)
            clear(script, NOTE_CLEARANCE, note, note.cleared_for)

    script.add(at_hour(day, 10), proposer, propose)
    for transition in amendment.fate:
        at, by = at_hour(day, 15), secretary
        if transition == correcting.WITHDRAW:
            by = proposer
        if transition in (correcting.AGREE, correcting.DO_NOT_AGREE):
            then = sessions[amendment.decided]
            at = then.starts_at + datetime.timedelta(minutes=then.lasts + 25)
        script.add(at, by, lambda transition=transition: move(transition))
