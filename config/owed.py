"""What each agency owes a board, and by when."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.text import Truncator

from board.models import Agency
from board.text import to_plain
from meetings.models import Action, Meeting, Minutes, Part
from priorities.models import AgencyReturn, ReturnState, Round


@dataclass(frozen=True)
class Owed:
    """One thing an agency owes.

    key     which of Reminder.KEYS it is
    record  the record itself
    due     the day by which it is owed
    words   what it is, in a sentence that may go by e-mail
    open_to (User) -> bool, who may be told
    """

    key: str
    record: models.Model
    due: datetime.date
    words: str
    open_to: object

    @property
    def url(self):
        return settings.SITE_URL + self.record.get_absolute_url()


def owed_to(board, day):
    """{agency: [Owed]} of everything that agencies owe a board; four queries."""
    found = defaultdict(list)
    for owed, agency in (
        *returns_owed(board),
        *actions_owed(board),
        *minutes_owed(board, day),
    ):
        found[agency].append(owed)
    return dict(found)


def returns_owed(board):
    missing = Q(priority_returns__state=ReturnState.DRAFT, priority_returns__lifted_on=None)
    returns = (
        AgencyReturn.objects.filter(round__board=board, round__state=Round.State.OPEN)
        .annotate(missing=Count("priority_returns", missing))
        .filter(missing__gt=0)
        .select_related("agency", "round")
    )
    for each in returns:
        parts = "one priority" if each.missing == 1 else f"{each.missing} priorities"
        words = f"Your return for {each.round.title}: {parts} to answer."
        yield (
            Owed(
                "agency_return",
                each,
                each.due,
                words,
                lambda person, agency=each.agency_id: person.roles.belongs(agency),
            ),
            each.agency,
        )


def actions_owed(board):
    actions = Action.objects.filter(
        board=board, state=Action.State.OPEN, agency__isnull=False
    ).select_related("agency")
    for action in actions:
        wording = Truncator(" ".join(to_plain(action.wording).split())).chars(120)
        restricted = action.part == Part.RESTRICTED
        yield (
            Owed(
                "action",
                action,
                action.due,
                f"Action {action.reference}" + ("." if restricted else f": {wording}"),
                lambda person, action=action: (
                    Action.objects.visible_to(person).filter(pk=action.pk).exists()
                ),
            ),
            action.agency,
        )


def minutes_owed(board, day):
    """Circulated minutes, to be read before the meeting that is asked to approve them."""
    coming = (
        Meeting.objects.filter(
            board=board,
            state__in=[Meeting.State.PLANNED, Meeting.State.PUBLISHED],
            starts_at__date__gte=day,
        )
        .order_by("starts_at")
        .first()
    )
    if coming is None:
        return
    circulated = list(
        Minutes.objects.filter(
            meeting__board=board,
            meeting__starts_at__lt=coming.starts_at,
            state=Minutes.State.CIRCULATED,
            part=Part.BOARD,
        ).select_related("meeting__board")
    )
    if not circulated:
        return
    agencies = Agency.objects.filter(seats__in=board.seats.current(day)).distinct()
    for minutes in circulated:
        words = (
            f"The minutes of {minutes.meeting.day:%-d %B %Y}: the meeting of "
            f"{coming.day:%-d %B} is asked to agree them. Say before it what is not right."
        )
        owed = Owed(
            "minutes",
            minutes,
            coming.day,
            words,
            lambda person, board=board.pk: person.roles.member(board),
        )
        for agency in agencies:
            yield owed, agency
