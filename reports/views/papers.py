"""The report as PDF, Word and HTML: a draft rendered now, an issued one as it was issued."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render as page
from django.utils.http import parse_etags

from board.pdf import RenderError
from reports.issuing import FORMATS, draft_paper, render
from reports.models import CommitteeReport
from reports.permissions import can_edit_report
from reports.views.doors import visible_report
from reports.views.reports import gone


@login_not_required
def paper(request, ref, form):
    """One paper of a report: as it was issued, or a draft made now. What anybody may read never
    comes here: reports/middleware.py has served it."""
    if not request.user.is_authenticated:
        try:
            return gone(request, ref)
        except Http404:
            return redirect_to_login(request.get_full_path())
    try:
        report = visible_report(request.user, ref)
    except Http404:
        return gone(request, ref)
    if report.state == CommitteeReport.State.ISSUED:
        kept = report.issues.in_force().values_list(f"{form}_sha256", form).first()
        return kept_paper(request, ref, form, *kept) if kept else gone(request, ref)
    if report.state == CommitteeReport.State.WITHDRAWN:
        return gone(request, ref)
    if not can_edit_report(request.user, report):
        raise Http404
    try:
        return answer(render(draft_paper(report), form), f"{ref}-draft", form)
    except RenderError as error:
        return page(request, "reports/unprinted.html", {"report": report, "why": error}, status=422)


def kept_paper(request, ref, form, digest, data):
    """The bytes that were issued, or word that the reader has them already."""
    etag = f'"{digest}"'
    if etag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        response = HttpResponseNotModified()
    else:
        response = answer(bytes(data) if form != "html" else data, ref, form)
    response.headers["ETag"] = etag
    return response


def answer(data, name, form):
    response = HttpResponse(data, content_type=FORMATS[form])
    response.headers["Content-Length"] = len(response.content)
    kept = "attachment" if form == "docx" else "inline"
    response.headers["Content-Disposition"] = f'{kept}; filename="{name}.{form}"'
    return response
