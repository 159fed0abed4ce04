"""The City's quarter of July to September 2018, and the December after it (invented)."""

import datetime

from board.models import Nomination
from meetings.outcomes import ADOPT
from priorities.models import Priority

from . import learning, plan, words_2018
from .meetings_2018 import DECEMBER, EARLIER_ACTIONS, JULY, SEPTEMBER, SEPTEMBER_GROUP
from .people import adopt_second_terms
from .returns import run_round
from .script import at_hour
from .sessions import hold
from .tasks import follow, make_action

DAY = datetime.date
SCOPING = DAY(2018, 3, 14)


def add_story(script, cast):
    people = cast.people
    secretary = people["secretary"]

    script.add(at_hour(DAY(2018, 3, 12)), secretary, lambda: plan.make_list(cast))
    for task in EARLIER_ACTIONS:
        add_earlier(script, cast, task)
    # Before the agenda of 3 July, which proposes them.
    script.add(at_hour(DAY(2018, 5, 21)), secretary, lambda: plan.propose_priorities(cast))
    hold(script, cast, JULY)
    script.add(at_hour(JULY.day, 12, 20), secretary, lambda: adopt(script, cast))
    script.add(
        at_hour(DAY(2018, 7, 16)),
        secretary,
        lambda: learning.tell(script, cast, learning.LESSONS),
    )
    run_round(
        script,
        cast,
        "2018-3",
        ref="soc-board-2018-07",
        first=DAY(2018, 7, 1),
        last=DAY(2018, 9, 30),
        opens=at_hour(DAY(2018, 8, 6)),
        due=DAY(2018, 9, 7),
        closes=at_hour(DAY(2018, 9, 28), 17),
        answers=words_2018.ANSWERS,
        two=words_2018.TWO,
        invented=True,
    )
    hold(script, cast, SEPTEMBER_GROUP)
    hold(script, cast, SEPTEMBER)
    script.add(at_hour(SEPTEMBER.day, 12), secretary, lambda: announce(script, cast))
    hold(script, cast, DECEMBER)
    script.add(at_hour(DAY(2018, 11, 26)), secretary, lambda: answer_nomination(script, cast))


def add_earlier(script, cast, task):
    """An action from the scoping, whose meetings are not in the record."""
    made = {}
    secretary = cast.people["secretary"]

    def agree():
        made["action"] = make_action(script, cast, cast.board, task, SCOPING)

    # After the priorities exist, which it may name.
    script.add(at_hour(DAY(2018, 5, 22)), secretary, agree)

    def on(days, hour=9, minute=30):
        return at_hour(SCOPING + datetime.timedelta(days=days), hour, minute)

    follow(script, cast, task, lambda: made["action"], on)


def adopt(script, cast):
    for key, priority in list(cast.priorities.items()):
        cast.priorities[key] = script.do(ADOPT, Priority.objects.get(pk=priority.pk))
    plan.share_out(cast)


def announce(script, cast):
    """The Chairman retires; the Partnership is asked for nominations."""
    leaving = cast.old_chairmanship
    leaving.leaving_announced_on = SEPTEMBER.day
    leaving.leaving_note = "Retirement"
    leaving.save()
    script.write("announce the leaving", leaving)
    cast.nomination = Nomination.objects.create(
        board=cast.board,
        office="chair",
        put_to=cast.partnership,
        sought_on=SEPTEMBER.day,
        reason="The Chairman has announced that he is to retire",
    )
    script.write("seek nominations", cast.nomination)
    script.write("adopt", adopt_second_terms(cast))


def answer_nomination(script, cast):
    cast.nomination.answer = "The next Borough Commander, London Fire Brigade, from 1 January 2019"
    cast.nomination.answered_on = DAY(2018, 11, 26)
    cast.nomination.save()
    script.write("answer the nomination", cast.nomination)
