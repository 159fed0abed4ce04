from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from board import audit
from board.confirm import acts, confirm
from meetings import agenda
from meetings.forms import MeetingForm
from meetings.models import Action, Attendance, Decision, Meeting, Minutes
from meetings.permissions import can_keep_meeting, can_plan_meetings, can_read_notes
from meetings.queries import forward_plan
from meetings.saving import WRITABLE
from meetings.transitions import END, MEETING, START

SHOWN = 20
# Where the secretary goes on, once it is done.
LEADS_TO = {START.slug: "meetings:minute", END.slug: "meetings:minutes"}


def visible_meeting(request, ref):
    """The meeting of this address, or 404."""
    meetings = Meeting.objects.visible_to(request.user).select_related(
        "board", "focus_priority", "round", "presiding"
    )
    return get_object_or_404(meetings, ref=ref)


def kept_meeting(request, ref):
    """The meeting, for its secretary; 404 or 403 otherwise."""
    meeting = visible_meeting(request, ref)
    if not can_keep_meeting(request.user, meeting):
        raise PermissionDenied
    return meeting


def agenda_shown(user, meeting):
    """The agenda is the secretary's and the chair's own until it is published."""
    return meeting.published_at is not None or can_read_notes(user, meeting)


def calendar(request):
    meetings = Meeting.objects.visible_to(request.user).select_related("board", "focus_priority")
    now = timezone.now()
    coming = meetings.filter(ends_at__gte=now).order_by("starts_at")
    past = meetings.filter(ends_at__lt=now).order_by("-starts_at")
    everything = request.GET.get("all") == "1"
    past_rows = list(past if everything else past[: SHOWN + 1])
    return render(
        request,
        "meetings/calendar.html",
        {
            "coming": coming,
            "past": past_rows if everything else past_rows[:SHOWN],
            "more": not everything and len(past_rows) > SHOWN,
            "priorities": forward_plan(request.user),
            "may_plan": can_plan_meetings(request.user),
        },
    )


def new(request):
    if not can_plan_meetings(request.user):
        raise PermissionDenied
    form = MeetingForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        meeting = form.save(commit=False)
        meeting.presiding = meeting.presiding or agenda.chair_on(meeting.board, meeting.day)
        with transaction.atomic():
            meeting.ref = agenda.free_ref(meeting.board, meeting.day)
            meeting.save()
            agenda.lay_out(meeting)
            audit.record("plan a meeting", meeting, by=request.user)
        messages.success(request, "The meeting is planned, with its standing items.")
        return redirect("meetings:agenda", meeting.ref)
    return render(
        request,
        "meetings/form.html",
        {"form": form, "title": "Plan a meeting", "button": "Plan it", "back": "/meetings/"},
        status=422 if form.errors else 200,
    )


def meeting(request, ref):
    meeting = visible_meeting(request, ref)
    user = request.user
    keeps = can_keep_meeting(user, meeting)
    items = list(meeting.items.select_related("priority")) if agenda_shown(user, meeting) else None
    fits = agenda.timetable(meeting, items) if items else ""
    minutes = list(Minutes.objects.visible_to(user).filter(meeting=meeting))
    for row in minutes:
        row.meeting = meeting
    return render(
        request,
        "meetings/meeting.html",
        {
            "meeting": meeting,
            "items": items,
            "fits": fits if keeps else "",
            "attendance": attendance_groups(meeting),
            "minutes": minutes,
            "decisions": Decision.objects.visible_to(user)
            .filter(item__meeting=meeting)
            .select_related("item"),
            "actions": Action.objects.visible_to(user)
            .filter(item__meeting=meeting)
            .select_related("agency", "board", "person"),
            "acts": acts(MEETING, user, meeting, "meetings:meeting_verb"),
            "keeps": keeps,
            "may_minute": keeps and meeting.state in WRITABLE,
            "reads_notes": can_read_notes(user, meeting),
            "on_board": meeting.board_id in user.roles.reach,
        },
    )


def attendance_groups(meeting):
    """[(heading, rows)] of those groups that have somebody."""
    Status = Attendance.Status
    groups = (
        ("Present", (Status.PRESENT, Status.SUBSTITUTE)),
        ("In attendance", (Status.IN_ATTENDANCE,)),
        ("Apologies for absence", (Status.APOLOGIES,)),
        ("Not represented", (Status.NOT_REPRESENTED,)),
        ("Expected", (Status.EXPECTED,)),
    )
    rows = list(meeting.attendances.select_related("seat__agency", "person"))
    found = [(name, [row for row in rows if row.status in states]) for name, states in groups]
    return [(name, members) for name, members in found if members]


def edit(request, ref):
    meeting = kept_meeting(request, ref)
    form = MeetingForm(request.POST or None, instance=meeting, user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            changed = form.save(commit=False)
            changed.save(update_fields=form_columns(form))
            agenda.list_expected(changed)
            audit.record("change the meeting", changed, by=request.user)
        messages.success(request, "Saved.")
        return redirect(changed)
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": f"Change {meeting}",
            "button": "Save",
            "back": meeting.get_absolute_url(),
        },
        status=422 if form.errors else 200,
    )


def form_columns(form):
    """What the form may change: never the state, which moves by its table alone."""
    own = [name for name in form._meta.fields if name in form.fields]
    return [*own, "starts_at", "ends_at", "began_at", "finished_at"]


def verb(request, ref, verb):
    meeting = visible_meeting(request, ref)
    back = meeting.get_absolute_url()
    if request.method == "POST" and verb in LEADS_TO:
        back = reverse(LEADS_TO[verb], args=[ref])
    return confirm(request, meeting, MEETING, verb, back=back)
