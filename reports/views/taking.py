"""One thing of the record goes into a draft report with one press, from its own page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from board import audit
from priorities.models import Learning
from reports.editing import add_learning
from reports.models import CommitteeReport, ParagraphSource
from reports.permissions import can_edit_report
from reports.record import record_of
from reports.views.doors import visible_report


@require_POST
def take_learning(request, ref, pk):
    report = visible_report(request.user, ref)
    found = get_object_or_404(Learning.objects.visible_to(request.user), pk=pk)
    if not can_edit_report(request.user, report) or found.board_id != report.board_id:
        raise PermissionDenied
    with transaction.atomic():
        locked = CommitteeReport.objects.locked(report.pk)
        problem = why_not(locked, found)
        if not problem and not add_learning(locked, found):
            problem = f"its text is not cleared for {locked.get_audience_display().lower()}"
        if not problem:
            audit.record("put learning into the report", locked, by=request.user, note=str(found))
    if problem:
        messages.error(request, f"Nothing was changed: {problem}.")
    else:
        messages.success(request, f"It is in the {locked}, at the end. Move it where it belongs.")
    return redirect(found)


def why_not(report, learning):
    """A sentence's end, or ""."""
    if report.state != CommitteeReport.State.DRAFT:
        return f"this report is {report.get_state_display().lower()}"
    if record_of(report) is None:
        return "this report covers no period of ours, so nothing is drafted into it"
    used = ParagraphSource.objects.filter(learning=learning, paragraph__section__report=report)
    return "this report has it already" if used.exists() else ""
