"""After a meeting: its action sheet, and what was written to whom."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from board.downloads import pdf_response
from board.pdf import RenderError
from meetings.action_sheets import agreed_at, sheet_pdf
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
    rows = list(meeting.action_letters.select_related("agency", "settled_by"))
    return render(request, "meetings/letters.html", {"meeting": meeting, "letters": rows})
