"""Decisions between the invented meetings: by written procedure, and by the Chairman."""

import datetime

from meetings.between import AGREE_BETWEEN
from meetings.models import BetweenMeetings, Reply

from .script import at_hour, weekday

DAY = datetime.timedelta(days=1)
ALL = {
    "police": "agree",
    "fire": "agree",
    "health": "agree",
    "trading-standards": "abstain",
    "community-safety": "agree",
    "childrens-services": "agree",
}


def add_between(script, cast, last_meeting, today):
    """`last_meeting` is the day of the last meeting held; the first question was before it."""
    put = weekday(last_meeting - 24 * DAY)
    add_question(
        script,
        cast,
        put,
        "written",
        text="To lend the Board's name to the campaign on investment fraud.",
        reason="The campaign's posters go to print before the Board meets.",
        deadline=weekday(put + 10 * DAY),
        priority="fraud",
        replies=ALL,
        taken=weekday(put + 12 * DAY),
    )
    add_question(
        script,
        cast,
        weekday(today - 14 * DAY),
        "chair",
        text="To ask the laboratory for a price for quick tests, without commitment.",
        reason="The laboratory fixes its prices for the year this week.",
        authority="paragraph 7 of the terms of reference",
        priority="drugs",
        taken=weekday(today - 13 * DAY),
    )
    add_question(
        script,
        cast,
        weekday(today - 5 * DAY),
        "written",
        text="To support the hotels' charter against forced labour, as sent round.",
        reason="The hotels sign it before the Board's next meeting.",
        deadline=weekday(today + 4 * DAY),
        priority="modern-slavery",
        replies={"police": "agree", "community-safety": "agree", "health": "meeting"},
    )


def add_question(script, cast, day, route, *, priority, replies=None, taken=None, **fields):
    made = {}
    secretary = cast.people["secretary"]

    def put():
        question = BetweenMeetings.objects.create(
            board=cast.board,
            route=route,
            priority=cast.priorities[priority],
            opened_at=script.at,
            opened_by=script.by,
            **fields,
        )
        made["question"] = script.write("seek a decision between meetings", question)

    def reply(key, answer):
        asks = "There is more to say on this than fits a letter." if answer == "meeting" else ""
        Reply.objects.create(
            question=made["question"],
            seat=cast.seats["soc-board", key],
            answer=answer,
            comment=asks,
            given_at=script.at,
            given_by=script.by,
        )
        script.write("reply", made["question"])

    def take():
        question = BetweenMeetings.objects.get(pk=made["question"].pk)
        script.do(AGREE_BETWEEN, question)

    script.add(at_hour(day, 9), secretary, put)
    for hour, (key, answer) in enumerate((replies or {}).items(), 11):
        script.add(
            at_hour(day, hour, 20),
            cast.people[key],
            lambda key=key, answer=answer: reply(key, answer),
        )
    if taken:
        taker = cast.people["chair"] if route == "chair" else secretary
        script.add(at_hour(taken, 10), taker, take)
