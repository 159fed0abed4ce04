"""Acts with their moments, played in the order of time through the real transitions."""

import datetime
import heapq
import itertools
import zoneinfo
from contextlib import contextmanager

from simple_history.signals import pre_create_historical_record

from board import audit
from board.roles import Roles
from board.workflow import perform

LONDON = zoneinfo.ZoneInfo("Europe/London")


def at_hour(day, hour=10, minute=0):
    """An hour in London on a day, aware."""
    return datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


def weekday(day):
    """The day itself, or the Monday after it when it falls on a weekend."""
    return day + datetime.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


class Script:
    """The demo's acts. What would lie after `now` is never played.

    `add` takes a moment (aware), a User and a function without arguments; the function runs
    with `at` and `by` set to them, and changes records through `do` and `write`.
    """

    def __init__(self, now):
        self.now = now
        self.at, self.by = None, None
        self._acts, self._order, self._roles = [], itertools.count(), {}

    def add(self, at, by, act):
        heapq.heappush(self._acts, (at, next(self._order), by, act))

    def play(self):
        with self._dated_history():
            while self._acts and self._acts[0][0] <= self.now:
                self.at, _, self.by, act = heapq.heappop(self._acts)
                act()

    def do(self, transition, record, note="", by=None):
        """Perform a transition as of this moment; return the record as saved."""
        by = by or self.by
        by.roles = self._roles_of(by)
        return perform(transition, record, by=by, note=note, at=self.at)

    def write(self, act, record, by=None):
        """Write a new record in the audit trail, as a page does that has no transition."""
        audit.record(act, record, by=by or self.by, at=self.at)
        return record

    def _roles_of(self, person):
        """What the person was on that day: offices have ended since."""
        key = (person.pk, self.at.astimezone(LONDON).date())
        if key not in self._roles:
            self._roles[key] = Roles(person, self.at)
        return self._roles[key]

    @contextmanager
    def _dated_history(self):
        """Versions of texts bear the day and the person of their act, not those of the load."""

        def date_it(sender, *, history_instance, **kwargs):
            history_instance.history_date = self.at
            history_instance.history_user = self.by

        pre_create_historical_record.connect(date_it, weak=False)
        try:
            yield
        finally:
            pre_create_historical_record.disconnect(date_it)
