"""The report as PDF, Word and HTML: a draft rendered now, an issued one as it was issued."""

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render as page
from django.utils.http import parse_etags

from board.pdf import RenderError
from reports.issuing import FORMATS, draft_paper, render
from reports.models import CommitteeReport, Issue
from reports.permissions import can_edit_report
from reports.views.doors import visible_report
from reports.views.reports import gone

STORED = (CommitteeReport.State.ISSUED,)


def paper(request, ref, form):
    """One paper. Stored bytes in one query: a download costs what a static file costs."""
    found = (
        Issue.objects.filter(
            report__in=CommitteeReport.objects.visible_to(request.user),
            report__ref=ref,
            report__state__in=STORED,
        )
        .order_by("-number")
        .values_list(f"{form}_sha256", form)
        .first()
    )
    if found:
        digest, data = found
        etag = f'"{digest}"'
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            response = HttpResponseNotModified()
        else:
            response = answer(bytes(data) if form != "html" else data, ref, form)
        response.headers["ETag"] = etag
        return response
    try:
        report = visible_report(request.user, ref)
    except Http404:
        return gone(request, ref)
    if report.state == CommitteeReport.State.WITHDRAWN:
        return gone(request, ref)
    if not can_edit_report(request.user, report):
        raise Http404
    try:
        return answer(render(draft_paper(report), form), f"{ref}-draft", form)
    except RenderError as error:
        return page(request, "reports/unprinted.html", {"report": report, "why": error}, status=422)


def answer(data, name, form):
    response = HttpResponse(data, content_type=FORMATS[form])
    kept = "attachment" if form == "docx" else "inline"
    response.headers["Content-Disposition"] = f'{kept}; filename="{name}.{form}"'
    return response
