"""The order in which the items of a meeting were taken, where it is not that of their numbers."""

import bisect
from itertools import groupby

from board.text import listed

from .models import AgendaItem, Meeting


def as_taken(items):
    """The items of one meeting in the order in which they were taken."""
    return sorted(items, key=lambda item: item.taken)


def take(item, before):
    """Record that an item was taken before another one of its meeting, or after all others (None);
    inside a transaction. When all stand by number again, nothing is varied any more."""
    Meeting.objects.select_for_update().get(pk=item.meeting_id)
    order = as_taken(AgendaItem.objects.filter(meeting=item.meeting_id).exclude(pk=item.pk))
    order.insert(order.index(before) if before else len(order), item)
    numbers = [row.number for row in order]
    varied = numbers != sorted(numbers)
    for turn, row in enumerate(order, 1):
        row.turn = turn if varied else None
    AgendaItem.objects.bulk_update(order, ["turn"])


def sentence_of(items):
    """How the minutes say that the order was varied, or nothing: "The order of business was
    varied: item 7 was taken before item 3."."""
    order = as_taken(items)
    kept = set(longest_rising([item.number for item in order]))
    moves = []
    for moved, run in groupby(order, key=lambda item: item.number not in kept):
        run = list(run)
        if not moved:
            continue
        following = order.index(run[-1]) + 1
        place = (
            f"before item {order[following].number}"
            if following < len(order)
            else f"after item {order[order.index(run[0]) - 1].number}"
        )
        which = f"item{'' if len(run) == 1 else 's'} {listed([str(row.number) for row in run])}"
        moves.append(f"{which} {'was' if len(run) == 1 else 'were'} taken {place}")
    return f"The order of business was varied: {listed(moves)}." if moves else ""


def longest_rising(numbers):
    """A longest subsequence of distinct numbers that rises: what stayed where it was."""
    ends, chains = [], []
    for number in numbers:
        place = bisect.bisect_left(ends, number)
        chain = [*(chains[place - 1] if place else []), number]
        ends[place : place + 1], chains[place : place + 1] = [number], [chain]
    return chains[-1] if chains else []
