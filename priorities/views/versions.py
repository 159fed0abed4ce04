"""Every version of a return, and any two of them beside each other."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render

from priorities.models import AgencyReturn
from priorities.permissions import can_read_queries
from priorities.versions import differences, versions_of

from .reading import note_reading
from .returns import reachable, read_parts


def versions(request, pk):
    """The earlier texts are drafts: its agency, the secretary and the chair read them."""
    agency_return = reachable(request, pk)
    if not can_read_queries(request.user, agency_return):
        raise PermissionDenied
    records = [("questions", "The Board’s two questions", agency_return)]
    if not AgencyReturn.objects.visible_to(request.user).filter(pk=pk).exists():
        records = []
    records += [
        (part.priority.slug, part.priority.name, part)
        for part in read_parts(agency_return, request.user)
    ]
    sections = [
        section(request.GET, name, title, record, versions_of(record))
        for name, title, record in records
    ]
    shown = [version.row for each in sections for version in each["pair"]]
    return render(
        request,
        "priorities/versions.html",
        {
            "agency_return": agency_return,
            "sections": [each for each in sections if each["versions"]],
            "marking": note_reading(request, agency_return, shown),
        },
    )


def section(asked, name, title, record, versions):
    """One part's versions, and the pair that was asked for: the last two when none was."""
    by_id = {str(version.row.pk): version for version in versions}
    newer = by_id.get(asked.get("newer", "")) or next(iter(versions), None)
    older = by_id.get(asked.get("older", "")) or next(
        (version for version in versions if version is not newer and not version.beside), newer
    )
    pair = [older, newer] if newer else []
    return {
        "name": name,
        "title": title,
        "versions": versions,
        "pair": pair,
        "older": older,
        "compares": older is not newer,
        "newer": newer,
        "differences": differences(record, older, newer) if newer else [],
    }
