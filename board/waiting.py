"""What waits for a person, in one shape and one order, whichever app it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Waiting:
    """One act that waits.

    due    the day by which it must be done, or None
    since  the day from which it has waited, or None
    act    what to do, in the imperative; it becomes the link
    url    where it is done
    why    one sentence
    late   days past `due`; 0 when it is not late
    hour   "17:00" when something fixed happens at that hour of the day it is due
    who    on whom it waits ("Chair", an agency's name); empty means on the reader
    sensitive  whether its words come from a record marked OFFICIAL-SENSITIVE
    """

    due: date | None
    since: date | None
    act: str
    url: str
    why: str
    late: int = 0
    hour: str = ""
    who: str = ""
    sensitive: bool = False


def days_late(due: date | None, today: date) -> int:
    """Whole days past `due`; 0 when there is no such day or it has not passed."""
    return max(0, (today - due).days) if due else 0


def most_urgent_first(items: Iterable[Waiting], today: date) -> list[Waiting]:
    """A fixed hour today, then late (longest first), today, soon, and what merely waits."""

    def urgency(item: Waiting) -> tuple:
        if item.late:
            return (1, -item.late, item.act)
        if item.due == today:
            return (0, item.hour, item.act) if item.hour else (2, 0, item.act)
        if item.due:
            return (3, item.due.toordinal(), item.act)
        return (4, (item.since or today).toordinal(), item.act)

    return sorted(items, key=urgency)
