"""The list, one report, its transitions, and the draft of a new one."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from board.confirm import acts, confirm
from board.markings import Audience
from reports import checks
from reports.contents import gather
from reports.drafting import draft_report
from reports.following import start_next
from reports.forms import DraftForm, NextForm, kept_boards
from reports.heading import default_header as header_from_record
from reports.issuing import withheld
from reports.models import CommitteeReport
from reports.permissions import can_draft_reports, can_edit_report
from reports.record import PeriodRecord
from reports.sources import address_of, corrections_of
from reports.transitions import CLEAR, ISSUE, REPORT
from reports.views.doors import visible_report, withdrawn_report

ASKED_OF_RECORD = ("subject", "report_of")


def reports(request):
    """The list; who drafts reports can draft a new one from here."""
    drafts = can_draft_reports(request.user)
    form = None
    if drafts:
        form = DraftForm(request.user, request.POST or None, initial=proposed(request.user))
    if request.method == "POST":
        if not drafts:
            raise PermissionDenied
        if form.is_valid():
            return redirect("reports:edit", draft(form.cleaned_data, by=request.user).ref)
    found = CommitteeReport.objects.visible_to(request.user).select_related("board", "to_board")
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "reports/reports.html", {"page": page, "form": form}, status=status)


def draft(values, *, by):
    """Draft from the values of the form; what was left empty comes from the record."""
    header = {name: values[name] for name in ASKED_OF_RECORD if values[name].strip()}
    return draft_report(
        values["board"],
        values["to_board"],
        committee_date=values["committee_date"],
        period_from=values["period_from"],
        period_to=values["period_to"],
        audience=values["audience"],
        purpose=values["purpose"],
        by=by,
        **header,
    )


def proposed(user, today=None):
    """What the form proposes: the first board, and the time since its last report."""
    today = today or timezone.localdate()
    board = kept_boards(user).first()
    if board is None:
        return {}
    last = CommitteeReport.objects.filter(board=board, period_to__lt=today).first()
    first_day = last.period_to + datetime.timedelta(days=1) if last else quarter_before(today)
    record = PeriodRecord(board, board.reports_to, today, first_day, today, "")
    return {
        "board": board,
        "to_board": board.reports_to,
        "period_from": first_day,
        "period_to": today,
        "subject": f"{board} - update",
        "report_of": header_from_record(record)["report_of"],
    }


def next_report(request, ref):
    """Start the next report from an issued one: asks for its days, once."""
    report = visible_report(request.user, ref)
    if not can_edit_report(request.user, report):
        raise PermissionDenied
    if started := CommitteeReport.objects.filter(follows=report).first():
        messages.info(request, "The next report was started already: here it is.")
        return redirect(started)
    if report.state != CommitteeReport.State.ISSUED:
        messages.error(
            request, "Issue this report first: the next one starts from what was issued."
        )
        return redirect(report)
    today = timezone.localdate()
    first = report.period_to and report.period_to + datetime.timedelta(days=1)
    initial = {"period_from": first or quarter_before(today), "period_to": today}
    form = NextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        days = {name: form.cleaned_data[name] for name in NextForm.Meta.fields}
        return redirect("reports:edit", start_next(report, **days, by=request.user).ref)
    context = {
        "form": form,
        "title": "Start the next report from this one",
        "meta": f"{report.subject}, {report.committee_date:%-d %B %Y}. Its form, readers and "
        "contact stay, and so do the paragraphs that were written by hand: each is to be checked. "
        "The rest is drafted anew from the record of the new period.",
        "button": "Start the next report",
        "back": report.get_absolute_url(),
    }
    return render(request, "meetings/form.html", context, status=422 if form.is_bound else 200)


def quarter_before(day):
    return (day - datetime.timedelta(days=91)).replace(day=1)


def report(request, ref):
    try:
        report = visible_report(request.user, ref)
    except Http404:
        return gone(request, ref)
    keeps = can_edit_report(request.user, report)
    context = {"report": report, "keeps": keeps, "acts": acts_of(request.user, report)}
    if keeps and report.state in (CommitteeReport.State.DRAFT, CommitteeReport.State.CLEARED):
        found = checks.check(report)
        context |= {"checked": found, "not_yet": bool(found.open), "withheld": withheld(report)}
        if found.open:
            context["acts"] = [
                (row, url) for row, url in context["acts"] if row not in (CLEAR, ISSUE)
            ]
    if keeps:
        sources = [r.source for item in gather(report).paragraphs for r in item.readings]
        context["sources"] = list(
            {source.label: (source.label, address_of(source)) for source in sources}.values()
        )
    # The papers themselves stay where they are: only the record beside them is read.
    context["issue"] = (
        report.issues.defer("pdf", "docx", "html", "document")
        .select_related("cleared_by", "issued_by")
        .first()
    )
    if context["issue"]:
        context["corrected"] = corrections_of(report, context["issue"].issued_at)
    context["checkable"] = "checked" in context
    context["editable"] = keeps and report.state == CommitteeReport.State.DRAFT
    context["issued"] = report.state == CommitteeReport.State.ISSUED
    context["published"] = context["issued"] and report.audience == Audience.PUBLIC
    if keeps:
        context["followed"] = CommitteeReport.objects.filter(follows=report).first()
    context["downloads"] = report.state != CommitteeReport.State.WITHDRAWN
    return render(request, "reports/report.html", context)


def acts_of(user, report):
    return acts(REPORT, user, report, "reports:report_verb")


def gone(request, ref):
    """410: it was issued once, and is withdrawn."""
    report = withdrawn_report(request.user, ref)
    return render(request, "reports/gone.html", {"report": report}, status=410)


def transition(request, ref, verb):
    report = visible_report(request.user, ref)
    return confirm(request, report, REPORT, verb, back=report.get_absolute_url())


def preview(request, ref):
    report = visible_report(request.user, ref)
    if not can_edit_report(request.user, report):
        raise PermissionDenied
    if report.state == CommitteeReport.State.WITHDRAWN:
        messages.error(request, "This report was withdrawn: there is no preview of it.")
        return redirect(report)
    state = report.state
    context = {
        "report": report,
        "editable": state == CommitteeReport.State.DRAFT,
        "checkable": state in (CommitteeReport.State.DRAFT, CommitteeReport.State.CLEARED),
    }
    if state == CommitteeReport.State.ISSUED:
        context["issue"] = report.issues.defer("pdf", "docx", "document").first()
    else:
        context["document"] = gather(report).document(draft=True, hold=True)
    return render(request, "reports/preview.html", context)
