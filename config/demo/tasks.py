"""Actions as data, and the acts of agreeing one and of what became of it."""

import datetime
from dataclasses import dataclass

from meetings import transitions as life
from meetings.models import Action, Part, Promise
from meetings.models.actions import next_reference

from .script import weekday

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Task:
    """An action. `owner` is an agency's key, or "" for the Board itself.

    due       days after the meeting
    done      (days after the meeting, what was done): proposed by its owner that day and
              confirmed two days later; `proposed` stops after the first
    promises  [(days after the meeting, new due in days after the meeting, reason)]
    """

    wording: str
    owner: str
    due: int
    officer: str = ""
    priority: str = ""
    part: str = Part.BOARD
    supporting: tuple = ()
    done: tuple = ()
    proposed: tuple = ()
    cancelled: tuple = ()
    promises: tuple = ()


def make_action(script, cast, board, task, day, item=None):
    due = weekday(day + task.due * DAY)
    action = Action.objects.create(
        board=board,
        reference=next_reference(board, day.year),
        item=item,
        part=task.part,
        original_wording=task.wording,
        wording=task.wording,
        agency=cast.agencies[task.owner] if task.owner else None,
        board_owns=not task.owner,
        person=cast.people["secretary" if not task.owner else task.owner],
        officer=task.officer,
        agreed_on=day,
        original_due=due,
        due=due,
        priority=cast.priorities[task.priority] if task.priority else None,
    )
    action.supporting.set(cast.agencies[key] for key in task.supporting)
    Promise.objects.create(
        action=action, due=due, note="As agreed", made_at=script.at, made_by=script.by
    )
    return script.write("raise", action)


def follow(script, cast, task, find, on):
    """Add what became of an action: new dates, proposed, complete or cancelled.

    find  () -> the action; on (days, hour) -> that many days after it was agreed
    """
    secretary = cast.people["secretary"]
    owner = cast.people[task.owner] if task.owner else secretary

    def fresh():
        return Action.objects.get(pk=find().pk)

    def promise(due, reason):
        def act():
            action = fresh()
            action.due = weekday(action.agreed_on + due * DAY)
            action.save()
            Promise.objects.create(
                action=action, due=action.due, note=reason, made_at=script.at, made_by=script.by
            )
            script.write("give a new date", action)

        return act

    for days, due, reason in task.promises:
        script.add(on(days, 12), secretary, promise(due, reason))
    if task.done:
        days, evidence = task.done
        if task.owner:
            script.add(on(days, 10), owner, lambda: script.do(life.PROPOSE, fresh(), evidence))
            script.add(on(days + 2, 10), secretary, lambda: script.do(life.CONFIRM, fresh()))
        else:
            script.add(
                on(days, 10), secretary, lambda: script.do(life.COMPLETE_ACTION, fresh(), evidence)
            )
    if task.proposed:
        days, evidence = task.proposed
        script.add(on(days, 10), owner, lambda: script.do(life.PROPOSE, fresh(), evidence))
    if task.cancelled:
        days, reason = task.cancelled
        script.add(on(days, 10), secretary, lambda: script.do(life.CANCEL_ACTION, fresh(), reason))
