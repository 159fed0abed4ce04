"""After a meeting: its action sheet, and what was written to whom."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.downloads import pdf_response
from board.mail import release
from board.pdf import RenderError
from meetings.action_sheets import NO_ADDRESS, agreed_at, send_later, sheet_pdf
from meetings.models import Action, Meeting, Part

from .meetings import kept_meeting, visible_meeting


def sheet(request, ref):
    """The actions of a meeting that was held, as far as this person may read the action log."""
    meeting = visible_meeting(request, ref)
    mine = Action.objects.visible_to(request.user).values("pk")
    actions = list(agreed_at(meeting).filter(part=Part.BOARD, pk__in=mine))
    if meeting.state not in Meeting.HELD or not actions:
        raise Http404
    try:
        data = sheet_pdf(meeting, actions)
    except RenderError as failure:
        messages.error(request, str(failure))
        return redirect(meeting)
    return pdf_response(data, f"actions-{meeting.ref}")


def letters(request, ref):
    meeting = kept_meeting(request, ref)
    rows = list(meeting.action_letters.select_related("agency"))
    return render(
        request,
        "meetings/letters.html",
        {
            "meeting": meeting,
            "letters": rows,
            "unsent": any(row.sent_at is None and row.failed != NO_ADDRESS for row in rows),
        },
    )


@require_POST
def send_again(request, ref):
    """Try once more what the mail server did not take."""
    meeting = kept_meeting(request, ref)
    release(meeting.action_letters)
    unsent = meeting.action_letters.filter(handed_at=None).exclude(failed=NO_ADDRESS)
    if number := unsent.count():
        audit.record("send the action letters again", meeting, by=request.user, note=str(number))
        send_later(meeting, timezone.now())
        messages.success(request, "Tried again: the list below says what left.")
    else:
        messages.error(request, "Nothing was sent: every letter has left, or is on its way.")
    return redirect("meetings:letters", ref)
