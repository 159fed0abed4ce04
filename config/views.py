import datetime

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from board.markings import Marking
from board.models import Appointment, AuditEvent, Board
from board.permissions import can_read_audit
from board.waiting import most_urgent_first
from config import searching
from config.ahead import dates_ahead, waiting_for_others
from config.letters import waiting as letters_waiting
from config.quarter import home_board, quarter_words, round_in_hand, stages
from config.reminders import waiting as reminders_waiting
from meetings.queries import waiting as meetings_waiting
from priorities.queries import waiting as priorities_waiting
from reports.queries import waiting as reports_waiting

SOURCES = (
    priorities_waiting, meetings_waiting, reports_waiting, reminders_waiting, letters_waiting,
)  # fmt: skip


def home(request):
    """My quarter: where the quarter is, and what waits for this person."""
    user = request.user
    at = timezone.now()
    day = timezone.localdate(at)
    if not user.roles.reach:
        return render(request, "config/no_role.html", {"past": last_appointments(user, day)})
    board = home_board(user)
    round = round_in_hand(board, day)
    waiting = [item for source in SOURCES for item in source(user, at)]
    return render(
        request,
        "config/home.html",
        {
            "now": timezone.localtime(at),
            "today": day,
            "tomorrow": day + datetime.timedelta(days=1),
            "quarter": quarter_words(board, round, day),
            "stages": [] if board.kind == Board.Kind.PARENT else stages(user, board, round, at),
            "waiting": most_urgent_first(waiting, day),
            "others": waiting_for_others(user, at),
            "dates": dates_ahead(user, at),
            "marking": (
                Marking.SENSITIVE if any(item.sensitive for item in waiting) else Marking.OFFICIAL
            ),
        },
    )


def last_appointments(user, day):
    """What this person held and no longer holds, the latest first, with whom to ask."""
    held = Appointment.objects.filter(person=user, end__lt=day)
    return held.select_related("board").order_by("-end")[:3]


def audit_trail(request):
    if not can_read_audit(request.user):
        raise PermissionDenied
    events = AuditEvent.objects.visible_to(request.user).select_related("board")
    page = Paginator(events, 100).get_page(request.GET.get("page"))
    return render(request, "config/audit.html", {"page": page})


def search(request):
    text = request.GET.get("q", "").strip()[:200]
    found = searching.search(request.user, text)
    sensitive = any(hit.sensitive for _, hits, _ in found for hit in hits)
    return render(
        request,
        "config/search.html",
        {
            "text": text,
            "found": found,
            "most": searching.MOST,
            "marking": Marking.SENSITIVE if sensitive else Marking.OFFICIAL,
        },
    )


@login_not_required
def healthz(request):
    """200 when the database answers; the server is not ready otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return HttpResponse("The database does not answer.\n", "text/plain", status=503)
    return HttpResponse("ok\n", "text/plain")


@login_not_required
def accessibility(request):
    return render(request, "accessibility.html")


@login_not_required
def nothing_here(request, **kwargs):
    raise Http404


@login_not_required
def bad_request(request, exception):
    """400, or 413 with what to do when the page was sent with too much in it."""
    too_big = isinstance(exception, (RequestDataTooBig, TooManyFilesSent))
    status = 413 if too_big else 400
    return render(request, f"{status}.html", status=status)
