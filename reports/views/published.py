"""What anybody may read without signing in: issued public reports, meeting dates, membership.

Allow-lists throughout: what is not fetched here by name cannot be published.
"""

import datetime
from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.db.models.functions import Length
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from board.models import Appointment, Board, Seat
from board.roles import CHAIRS
from meetings.models import Meeting
from reports.models import Issue
from reports.views.reports import gone

SECONDS_KEPT = 300
# How many bytes a reader asks for, counted in the database.
SIZES = {"pdf_size": Length("pdf"), "docx_size": Length("docx")}
# A meeting's state as the public is told of it.
HELD = {
    Meeting.State.PLANNED: "Planned",
    Meeting.State.PUBLISHED: "Planned",
    Meeting.State.IN_SESSION: "Held today",
    Meeting.State.ENDED: "Held",
}


@login_not_required
def everything(request):
    """Each board by itself: its reports, its meetings of this year and ahead, who sits."""
    today = timezone.localdate()
    reports = by_board(published_reports(), "report__board_id")
    meetings = by_board(meeting_dates(today), "board_id")
    offices = by_board(offices_held(today), "board_id")
    seats = by_board(agencies_seated(today), "board_id")
    boards = [
        {
            "board": board,
            "reports": reports.get(board["id"], []),
            "meetings": meetings.get(board["id"], []),
            "chair": chair_of(offices.get(board["id"], []), board["chair_title"]),
            "agencies": [seat["agency__name"] for seat in seats.get(board["id"], [])],
        }
        for board in Board.objects.filter(kind=Board.Kind.BOARD).values(
            "id", "name", "slug", "aim", "chair_title", "reports_to__name"
        )
    ]
    return kept(request, render(request, "published/everything.html", {"boards": boards}))


@login_not_required
def report(request, ref):
    """One report as the web page that was issued, its PDF and Word file beside it."""
    issue = (
        Issue.objects.public()
        .filter(report__ref=ref)
        .select_related("report__board", "report__to_board")
        .defer("pdf", "docx", "document")
        .annotate(**SIZES)
        .first()
    )
    if issue is None:
        return gone(request, ref)
    return kept(request, render(request, "published/report.html", {"issue": issue}))


def kept(request, response):
    """Caches keep what a visitor reads for a few minutes. Who signed in gets it with a name on
    top, which nobody else is to see."""
    if not request.user.is_authenticated:
        patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    return response


def by_board(rows, key):
    """{board id: its rows}, of rows sorted by board."""
    return {board: list(found) for board, found in groupby(rows, key=lambda row: row[key])}


def published_reports():
    """The newest issue of each report; newer committees first."""
    rows = (
        Issue.objects.public()
        .order_by("report__board_id", "-report__committee_date", "report__ref", "-number")
        .annotate(**SIZES)
        .values(
            "number",
            "issued_at",
            *SIZES,
            "report__board_id",
            "report__ref",
            "report__subject",
            "report__to_board__name",
            "report__committee_date",
        )
    )
    return [next(issues) for _, issues in groupby(rows, key=lambda row: row["report__ref"])]


def meeting_dates(today):
    """Ordinary meetings of the last year and ahead: the day and whether it was held."""
    rows = (
        Meeting.objects.filter(
            kind=Meeting.Kind.ORDINARY,
            starts_at__date__gte=today - datetime.timedelta(days=366),
        )
        .order_by("board_id", "-starts_at")
        .values("board_id", "starts_at", "state")
    )
    return [row | {"held": HELD.get(row["state"], row["state"].capitalize())} for row in rows]


def offices_held(today):
    """Who chairs, by agency; never by name."""
    return (
        Appointment.objects.current(today)
        .filter(role__in=CHAIRS)
        .order_by("board_id")
        .values("board_id", "role", "seat__agency__name")
    )


def chair_of(offices, title):
    """(office, agency) of who chairs, None while that office and those next in line are vacant."""
    first = min(offices, key=lambda office: CHAIRS.index(office["role"]), default=None)
    if first is None:
        return None
    role = Appointment.Role(first["role"])
    name = title if role == Appointment.Role.CHAIR else role.label
    return name, first["seat__agency__name"]


def agencies_seated(today):
    return (
        Seat.objects.current(today)
        .order_by("board_id", "agency__name")
        .values("board_id", "agency__name")
    )
