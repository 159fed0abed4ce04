"""How every view of a report gets at it."""

from django.db.models import Q
from django.shortcuts import get_object_or_404

from board.fields import KEY_FIGURES, is_number
from board.markings import Audience
from reports.models import CommitteeReport


def key_of(text):
    """The number of a record as a button or an address names it; 0, which none has, for anything
    else, also for figures that no table can hold."""
    return int(text) if is_number(text) and len(text) <= KEY_FIGURES else 0


def visible_report(user, ref):
    """The report with its two boards, or Http404."""
    reports = CommitteeReport.objects.visible_to(user).select_related("board", "to_board", "layout")
    return get_object_or_404(reports, ref=ref)


def withdrawn_report(user, ref):
    """A report that was issued and withdrawn, perhaps written anew by now, if this person could
    read it while it was issued, or Http404. `user` may be a visitor."""
    readers = Q(audience=Audience.PUBLIC)
    if user.is_authenticated:
        boards = user.roles.boards | user.roles.keeps
        readers |= Q(board__in=boards) | Q(to_board__in=boards)
    reports = CommitteeReport.objects.filter(readers, withdrawn_at__isnull=False)
    return get_object_or_404(reports.select_related("to_board"), ref=ref)
