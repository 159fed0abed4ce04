"""What waits in this app for a person, for the home page."""

import datetime

from django.urls import reverse
from django.utils import timezone

from board.waiting import Waiting, days_late
from board.working_days import clear_days_before

from .english import day_words
from .models import CommitteeReport


def waiting(user, at=None) -> list[Waiting]:
    """Secretary and chair: drafts whose checks are to settle. Chair: reports to clear and issue.
    One query, however many there are.

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
    due = None
    # One drawn up after the committee met misses no day.
    if report.committee_date and timezone.localdate(report.drafted_at) <= report.committee_date:
        due = clear_days_before(report.committee_date, report.board.notice_days)
    since = timezone.localdate(report.cleared_at or report.drafted_at)
    title = f"the report to the {report.to_board}"
    if report.committee_date:
        title += f" of {day_words(report.committee_date)}"
    chair = user.roles.chair(report.board_id)
    if report.state == CommitteeReport.State.DRAFT:
        # The checks themselves read the whole record: their page runs them, home does not.
        address = reverse("reports:checks", args=[report.ref])
        act = f"Settle the checks of {title}" + (" and clear it" if chair else "")
        why = "A draft: each finding is settled, or accepted with a reason, before it is cleared."
    elif chair:
        address = report.get_absolute_url()
        act, why = f"Issue {title}", "Cleared: it is fixed when you issue it."
    else:
        return []
    return [Waiting(due, since, act, address, why, days_late(due, today))]
