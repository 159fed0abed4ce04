"""What the parent committee asked or resolved, and the answers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.confirm import acts, confirm
from meetings.agenda import bring_referral, next_agenda, open_referrals
from meetings.filters import ReferralFilter
from meetings.forms import ReferralForm
from meetings.models import AgendaItem, Referral
from meetings.permissions import can_keep_referral, can_plan_meetings
from meetings.referring import REFERRAL, REFERRAL_CLEARANCE

from .agenda import form_status

A_PAGE = 50


def referrals(request):
    """Those not reported yet, most urgent first, unless the address asks for others."""
    filters = ReferralFilter(request.GET, user=request.user)
    rows = filters.qs.select_related("board", "from_board", "agency", "priority")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    for referral in page:
        referral.late = referral.days_late(today)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "meetings/referrals.html",
        {
            "filter": filters,
            "page": page,
            "query": query.urlencode(),
            "may_add": can_plan_meetings(request.user),
        },
    )


def visible_referral(request, pk):
    rows = Referral.objects.visible_to(request.user).select_related(
        "board__reports_to", "from_board", "agency", "priority", "answered_by", "reported_by"
    )
    return get_object_or_404(rows, pk=pk)


def referral(request, pk):
    found = visible_referral(request, pk)
    keeps = can_keep_referral(request.user, found)
    items = AgendaItem.objects.visible_to(request.user).filter(referral=found)
    items = list(items.select_related("meeting__board").order_by("meeting__starts_at"))
    ahead = next_agenda(found.board) if keeps and found.is_open else None
    listed = ahead and any(item.meeting_id == ahead.pk for item in items)
    return render(
        request,
        "meetings/referral.html",
        {
            "referral": found,
            "late": found.days_late(),
            "items": items,
            "ahead": None if listed else ahead,
            "acts": acts(REFERRAL, request.user, found, "meetings:referral_verb"),
            "clearance": acts(REFERRAL_CLEARANCE, request.user, found, "meetings:referral_verb")
            if found.answer
            else [],
            "may_edit": keeps and found.is_open,
        },
    )


def new(request):
    if not can_plan_meetings(request.user):
        raise PermissionDenied
    form = ReferralForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            found = form.save()
            audit.record("receive a referral", found, by=request.user)
            if ahead := next_agenda(found.board):
                open_referrals(ahead)
        messages.success(request, "It is recorded, and stands on the next agenda by itself.")
        return redirect(found)
    return form_page(request, form, "What the committee asked", "/meetings/referrals/")


def edit(request, pk):
    found = visible_referral(request, pk)
    if not can_keep_referral(request.user, found):
        raise PermissionDenied
    if not found.is_open:
        messages.error(request, f"This is {found.get_state_display().lower()}: it stays as it is.")
        return redirect(found)
    form = ReferralForm(instance=found, user=request.user)
    if request.method == "POST":
        with transaction.atomic():
            row = Referral.objects.select_for_update().get(pk=pk)
            form = ReferralForm(request.POST, instance=row, user=request.user)
            if row.is_open and form.is_valid():
                form.save()
                audit.record("change a referral", row, by=request.user)
                messages.success(request, "Saved.")
                return redirect(row)
    return form_page(request, form, "Change what the committee asked", found.get_absolute_url())


def form_page(request, form, title, back):
    return render(
        request,
        "meetings/form.html",
        {"form": form, "title": title, "button": "Save", "back": back},
        status=form_status(form),
    )


@require_POST
def put(request, pk):
    """Put it on the agenda of the next meeting."""
    found = visible_referral(request, pk)
    if not can_keep_referral(request.user, found):
        raise PermissionDenied
    ahead = next_agenda(found.board)
    if ahead is None:
        messages.error(request, "No meeting is planned: it comes onto the next one by itself.")
    elif not found.is_open:
        messages.error(
            request, f"Nothing was changed: this is {found.get_state_display().lower()}."
        )
    elif bring_referral(found, ahead):
        audit.record("put a referral on the agenda", found, by=request.user, note=str(ahead))
        messages.success(request, f"It is on the agenda of {ahead}.")
    else:
        messages.error(request, f"Nothing was changed: it is on the agenda of {ahead} already.")
    return redirect(found)


def verb(request, pk, verb):
    found = visible_referral(request, pk)
    table = REFERRAL if any(row.slug == verb for row in REFERRAL) else REFERRAL_CLEARANCE
    return confirm(request, found, table, verb, back=found.get_absolute_url())
