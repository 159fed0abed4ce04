from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from board.models import AuditEvent
from board.permissions import can_read_audit


def home(request):
    return render(request, "config/home.html", {"now": timezone.localtime()})


def audit_trail(request):
    if not can_read_audit(request.user):
        raise PermissionDenied
    events = AuditEvent.objects.visible_to(request.user)
    page = Paginator(events, 100).get_page(request.GET.get("page"))
    return render(request, "config/audit.html", {"page": page})


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
def bad_request(request, exception):
    """400, or 413 with what to do when the page was sent with too much in it."""
    too_big = isinstance(exception, (RequestDataTooBig, TooManyFilesSent))
    return render(
        request, "400.html", {"too_big": too_big}, status=413 if too_big else 400
    )
