"""What waits in this app for a person, for the home page."""

import datetime

from django.urls import reverse
from django.utils import timezone

from board.waiting import Waiting, days_late

from .checks import check
from .english import capital, counted, day_words
from .models import CommitteeReport


def waiting(user, at=None) -> list[Waiting]:
    """Chair: reports to clear and to issue. Secretary and chair: findings to settle.

    A report is due to the committee's clerk the board's notice in clear working days before
    the committee. `at` is aware, now when none is given.
    """
    today = timezone.localdate(at) if at else timezone.localdate()
    unissued = CommitteeReport.objects.filter(
        board__in=user.roles.keeps,
        state__in=[CommitteeReport.State.DRAFT, CommitteeReport.State.CLEARED],
    ).select_related("board", "to_board")
    return [item for report in unissued for item in waiting_for(report, user, today)]


def waiting_for(report: CommitteeReport, user, today: datetime.date) -> list[Waiting]:
    due = clear_days_before(report.committee_date, report.board.notice_days)
    if due and timezone.localdate(report.drafted_at) > report.committee_date:
        due = None  # drawn up after the committee met: it misses no day
    since = timezone.localdate(report.cleared_at or report.drafted_at)
    title = f"the report to the {report.to_board}"
    if report.committee_date:
        title += f" of {day_words(report.committee_date)}"
    found = check(report)
    if found.open:
        address = reverse("reports:checks", args=[report.ref])
        act, why = (
            f"Settle the checks of {title}",
            (
                f"{capital(counted(len(found.open), 'finding'))} "
                f"{'waits' if len(found.open) == 1 else 'wait'} before it can be issued."
            ),
        )
    else:
        if not user.roles.chair(report.board_id):
            return []
        address = report.get_absolute_url()
        cleared = report.state == CommitteeReport.State.CLEARED
        act = f"{'Issue' if cleared else 'Clear'} {title}"
        why = "Cleared: it is fixed when you issue it." if cleared else "No finding is open."
    return [Waiting(due, since, act, address, why, days_late(due, today))]


def clear_days_before(day: datetime.date | None, count: int) -> datetime.date | None:
    """The last day on which papers are sent so that `count` clear working days lie between it
    and `day`; weekends do not count, bank holidays do."""
    if day is None:
        return None
    left = count + 1
    while left:
        day -= datetime.timedelta(days=1)
        if day.weekday() < 5:
            left -= 1
    return day
