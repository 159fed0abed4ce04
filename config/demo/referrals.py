"""What the Partnership asked after the invented meetings, in each state."""

import datetime
from dataclasses import dataclass

from meetings.agenda import next_agenda, open_referrals
from meetings.models import Referral
from meetings.referring import ANSWER, REFERRAL_CLEARANCE, REPORT_ANSWER, WITHDRAW_REFERRAL

from .script import at_hour, weekday
from .sessions import clear

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A referral. `days` are before today; `answered` and `reported` are days after it."""

    days: int
    text: str
    owner: str
    due: int
    priority: str = ""
    kind: str = "question"
    answer: str = ""
    answered: int = 0
    reported: str = ""
    withdrawn: str = ""


ASKED = (
    Asked(
        140,
        "How many of the hotels written to about modern slavery have answered?",
        "community-safety",
        40,
        "modern-slavery",
        answer="Twenty-one of the 29 hotels have answered; the other eight were visited.",
        answered=30,
        reported="In the Board's report to the next meeting of the Partnership",
    ),
    Asked(
        49,
        "That the Board say what a quick test of tablets would cost, and who would pay.",
        "health",
        60,
        "drugs",
        kind="resolution",
    ),
    Asked(
        49,
        "Does the Board watch the sale of vapes near schools?",
        "trading-standards",
        40,
        answer="It does: Trading Standards raised it as an emerging threat.",
        answered=20,
    ),
    Asked(
        48,
        "Who takes the minutes of the Working Group?",
        "",
        30,
        withdrawn="It was answered at the table.",
    ),
    Asked(47, "Will the Board's next report name its deputy chairman?", "", 57),
)


def add_referrals(script, cast, today):
    for asked in ASKED:
        add(script, cast, asked, today)


def add(script, cast, asked, today):
    made = {}
    secretary = cast.people["secretary"]
    day = weekday(today - asked.days * DAY)

    def receive():
        made["referral"] = Referral.objects.create(
            board=cast.board,
            from_board=cast.partnership,
            kind=asked.kind,
            text=asked.text,
            asked_on=day,
            due=weekday(day + asked.due * DAY),
            agency=cast.agencies[asked.owner] if asked.owner else None,
            priority=cast.priorities[asked.priority] if asked.priority else None,
        )
        script.write("receive a referral", made["referral"])
        if meeting := next_agenda(cast.board, script.at):
            open_referrals(meeting)

    def move(transition, note):
        made["referral"] = script.do(transition, Referral.objects.get(pk=made["referral"].pk), note)

    script.add(at_hour(weekday(day + 2 * DAY), 10), secretary, receive)
    if asked.withdrawn:
        then = at_hour(weekday(day + 5 * DAY), 10)
        script.add(then, secretary, lambda: move(WITHDRAW_REFERRAL, asked.withdrawn))
    if asked.answer:
        then = at_hour(weekday(day + asked.answered * DAY), 11)
        script.add(then, cast.people[asked.owner], lambda: move(ANSWER, asked.answer))
    if asked.reported:
        then = at_hour(weekday(day + (asked.answered + 3) * DAY), 12)
        script.add(
            then,
            secretary,
            lambda: clear(
                script,
                REFERRAL_CLEARANCE,
                Referral.objects.get(pk=made["referral"].pk),
                "parent",
            ),
        )
        then = at_hour(weekday(day + (asked.answered + 10) * DAY), 12)
        script.add(then, secretary, lambda: move(REPORT_ANSWER, asked.reported))
