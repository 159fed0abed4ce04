from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.confirm import acts, confirm
from board.downloads import attachment
from board.markings import Marking, highest
from board.workflow import perform
from meetings import agenda, invitations
from meetings.action_sheets import letters_due
from meetings.carrying import plan_again
from meetings.forms import AgainForm, CallOffForm, MeetingForm
from meetings.icalendar import calendar_file
from meetings.models import Action, Attendance, Decision, Meeting, Minutes, Part
from meetings.pages import readable
from meetings.permissions import can_keep_meeting, can_read_notes
from meetings.saving import WRITABLE
from meetings.transitions import ADJOURN, END, MEETING, POSTPONE, START

# Where the secretary goes on, once it is done.
LEADS_TO = {START.slug: "meetings:minute", END.slug: "meetings:minutes"}
# What may be told with the new date.
HELD_AGAIN = (POSTPONE.slug, ADJOURN.slug)
LETTERS_GO = (END.slug, ADJOURN.slug)
# What everybody who was invited is told of.
TOLD = {"day", "starts", "ends", "venue", "link"}


def visible_meeting(request, ref):
    """The meeting of this address, or 404."""
    meetings = Meeting.objects.visible_to(request.user).select_related(
        "board", "focus_priority", "round", "presiding", "follows__board", "followed_by__board"
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


def meeting(request, ref):
    meeting = visible_meeting(request, ref)
    user = request.user
    keeps = can_keep_meeting(user, meeting)
    items = list(agenda.with_sources(meeting)) if agenda_shown(user, meeting) else None
    fits = agenda.timetable(meeting, items) if items else ""
    minutes = list(Minutes.objects.visible_to(user).filter(meeting=meeting).defer("pdf", "text"))
    for row in minutes:
        row.meeting = meeting
    papers = readable(meeting, user) if items is not None else []
    decisions = list(
        Decision.objects.visible_to(user)
        .filter(item__meeting=meeting)
        .select_related("item", "between")
    )
    actions = list(
        Action.objects.visible_to(user)
        .filter(item__meeting=meeting)
        .select_related("agency", "board", "person")
    )
    parts = {row.part for row in [*decisions, *actions]}
    return render(
        request,
        "meetings/meeting.html",
        {
            "meeting": meeting,
            "items": items,
            "comes_in": agenda.comes_in(user, meeting) if items else None,
            "fits": fits if keeps else "",
            "attendance": attendance_groups(meeting),
            "minutes": minutes,
            "papers": papers,
            "restricted_papers": any(paper.restricted for paper in papers),
            "decisions": decisions,
            "actions": actions,
            "sheet": meeting.state in Meeting.HELD
            and any(action.part == Part.BOARD for action in actions),
            "marking": Marking.SENSITIVE if Part.RESTRICTED in parts else highest(papers),
            "acts": acts(MEETING, user, meeting, "meetings:meeting_verb"),
            "keeps": keeps and meeting.state not in Meeting.CALLED_OFF,
            "called_off": meeting.state in Meeting.CALLED_OFF,
            "may_minute": keeps and meeting.state in WRITABLE,
            "reads_notes": can_read_notes(user, meeting),
            "on_board": meeting.board_id in user.roles.reach,
            "may_plan_again": keeps and may_be_held_again(meeting),
            "invited": list(meeting.invitations.select_related("person", "settled_by"))
            if keeps
            else [],
            "may_invite": keeps and invitations.is_to_come(meeting, timezone.now()),
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
    if meeting.state in Meeting.CALLED_OFF:
        state = meeting.get_state_display().lower()
        messages.error(request, f"Nothing was changed: this meeting is {state}.")
        return redirect(meeting)
    form = MeetingForm(request.POST or None, instance=meeting, user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            changed = form.save(commit=False)
            changed.save(update_fields=form_columns(form))
            agenda.list_expected(changed)
            if TOLD & set(form.changed_data) and invitations.is_to_come(changed, timezone.now()):
                invitations.invite(changed, timezone.now())
            else:
                invitations.withdraw(changed, timezone.now())
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
    more = {}
    if verb in LETTERS_GO:
        more = {
            "template": "meetings/ending.html",
            "letters": letters_due(meeting, timezone.now()),
            "told": meeting.action_letters.exists(),
        }
    if verb in HELD_AGAIN:
        more |= {"asks": partial(CallOffForm, meeting=meeting), "carry_out": call_off}
    return confirm(request, meeting, MEETING, verb, back=back, **more)


@transaction.atomic
def call_off(transition, meeting, form, *, by):
    """Postpone or adjourn, and plan the new date with it when there is one."""
    off = perform(transition, meeting, by=by, note=form.cleaned_data["note"])
    if form.new_date:
        hold_again(off, form.new_date, by=by)
    return off


def hold_again(meeting, new_date, *, by):
    new = plan_again(meeting, **new_date)
    invitations.move_to(new, meeting, timezone.now())
    audit.record("plan a meeting", new, by=by)
    return new


def may_be_held_again(meeting):
    """Whether it was postponed or adjourned, and no meeting has taken its place yet."""
    states = (Meeting.State.POSTPONED, Meeting.State.ADJOURNED)
    return meeting.state in states and not hasattr(meeting, "followed_by")


def again(request, ref):
    """Plan the meeting in place of a postponed one, or the one that resumes an adjourned one."""
    meeting = kept_meeting(request, ref)
    if not may_be_held_again(meeting):
        messages.error(request, "Nothing was changed: this meeting waits for no new date.")
        return redirect(meeting)
    form = AgainForm(request.POST or None, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            row = Meeting.objects.select_for_update().get(pk=meeting.pk)
            if may_be_held_again(row):
                row = hold_again(row, form.new_date, by=request.user)
                messages.success(request, "The meeting is planned, with what was left over.")
            else:
                messages.error(request, "Nothing was changed: it has its new date already.")
        return redirect(row)
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": "Plan the new date",
            "meta": meeting,
            "button": "Plan it",
            "back": meeting.get_absolute_url(),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def send_invitations(request, ref):
    """Send the meeting to those whose letter did not leave, and to who joined since."""
    meeting = kept_meeting(request, ref)
    if invitations.is_to_come(meeting, timezone.now()):
        with transaction.atomic():
            number = invitations.invite_the_rest(meeting, timezone.now())
            if number:
                audit.record("send invitations", meeting, by=request.user, note=str(number))
        people = "1 person" if number == 1 else f"{number} people"
        messages.success(request, f"Sent to {people}." if number else "Everybody has it already.")
    else:
        messages.error(request, "Nothing was sent: its agenda is not published, or it has begun.")
    return redirect(meeting)


def calendar_entry(request, ref):
    meeting = visible_meeting(request, ref)
    return attachment(f"{meeting.ref}.ics", "text/calendar; charset=utf-8", calendar_file(meeting))
