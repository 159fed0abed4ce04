"""How every view of a report gets at it."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from reports.models import CommitteeReport


def visible_report(user, ref):
    """The report with its two boards, or Http404."""
    reports = CommitteeReport.objects.visible_to(user).select_related("board", "to_board")
    return get_object_or_404(reports, ref=ref)


def withdrawn_report(user, ref):
    """A withdrawn report that this person could read while it was issued, or Http404."""
    boards = user.roles.boards | user.roles.keeps
    report = (
        CommitteeReport.objects.filter(
            Q(board__in=boards) | Q(to_board__in=boards),
            ref=ref,
            state=CommitteeReport.State.WITHDRAWN,
        )
        .select_related("to_board")
        .first()
    )
    if report is None:
        raise Http404
    return report
