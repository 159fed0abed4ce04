"""The checks before issue: what is open, what was accepted and why, what is withheld."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse

from board.confirm import acts
from board.markings import Marking
from reports import checks, editing
from reports.issuing import withheld
from reports.models import CommitteeReport, Paragraph
from reports.permissions import can_accept, can_edit_report
from reports.transitions import CLEAR, ISSUE, REPORT
from reports.views.doors import key_of, visible_report

DRAFT, CLEARED = CommitteeReport.State.DRAFT, CommitteeReport.State.CLEARED


class ReasonForm(forms.Form):
    """Why a finding is accepted."""

    reason = forms.CharField(
        label="Reason for accepting",
        max_length=300,
        error_messages={"required": "Enter the reason for accepting this finding."},
        widget=forms.TextInput,
    )


def checking(request, ref):
    report = visible_report(request.user, ref)
    if not can_edit_report(request.user, report):
        raise PermissionDenied
    if report.state not in (DRAFT, CLEARED):
        messages.error(
            request, f"This report is {report.get_state_display().lower()}: nothing is checked."
        )
        return redirect(report)
    if request.method == "POST":
        act, _, key = request.POST.get("act", "").partition(":")
        return ACTS.get(act, unknown)(request, report, key)
    return show(request, report)


def show(request, report, refused=None, status=200):
    """`refused`: (key of a finding, its form with errors)."""
    found = checks.check(report)
    rows = []
    for finding in found.open:
        if refused and refused[0] == finding.key:
            form = refused[1]
        else:
            form = ReasonForm(prefix=finding.key[:12])
        rows.append((finding, form, may_accept(request.user, report, finding)))
    everything = acts(REPORT, request.user, report, "reports:report_verb")
    sensitive = any(finding.kind == checks.SENSITIVE for finding in found.open)
    context = {
        "marking": Marking.SENSITIVE if sensitive else Marking.OFFICIAL,
        "marking_note": "a source; the report itself holds none of its words" if sensitive else "",
        "report": report,
        "rows": rows,
        "found": found,
        "withheld": withheld(report),
        "acts": [] if found.open else [pair for pair in everything if pair[0] in (CLEAR, ISSUE)],
        "editable": report.state == DRAFT,
        "forms": [refused[1]] if refused else None,
        "has_errors": bool(refused),
    }
    return render(request, "reports/checks.html", context, status=status)


def may_accept(user, report, finding):
    return can_accept(user, report, chairs_alone=checks.chairs_alone(report, finding))


def back(report):
    return redirect(reverse("reports:checks", args=[report.ref]))


def accept(request, report, key):
    form = ReasonForm(request.POST, prefix=key[:12])
    with transaction.atomic():
        report = CommitteeReport.objects.locked(report.pk)
        finding = next((f for f in checks.open_findings(report) if f.key == key), None)
        if finding is None:
            messages.info(request, "Nothing was changed: this finding is not open any more.")
            return back(report)
        if not finding.acceptable or not may_accept(request.user, report, finding):
            raise PermissionDenied
        if form.is_valid():
            checks.accept(
                report, finding, by=request.user, reason=form.cleaned_data["reason"].strip()
            )
            messages.success(request, "Accepted, with the reason.")
            return back(report)
    return show(request, report, refused=(key, form), status=422)


def open_again(request, report, key):
    if not checks.open_again(report, key, by=request.user):
        messages.info(request, "Nothing was changed: this finding is not accepted any more.")
    return back(report)


def leave_out(request, report, key):
    """Take a paragraph out of the report."""
    with transaction.atomic():
        report = CommitteeReport.objects.locked(report.pk)
        if report.state != DRAFT:
            return cleared(request, report)
        paragraph = the_paragraph(report, key)
        if paragraph is None:
            return unknown(request, report, key)
        paragraph.delete()
        editing.touch(report)
    messages.success(request, "The paragraph was left out.")
    return back(report)


def take(request, report, key):
    with transaction.atomic():
        report = CommitteeReport.objects.locked(report.pk)
        if report.state != DRAFT:
            return cleared(request, report)
        paragraph = the_paragraph(report, key)
        if paragraph is None:
            return unknown(request, report, key)
        taken = editing.take_new_words(report, paragraph)
    if taken:
        messages.success(request, "The new words were taken.")
    else:
        messages.error(request, "The record has no words for this paragraph any more.")
    return back(report)


def the_paragraph(report, key):
    return Paragraph.objects.filter(section__report=report, pk=key_of(key)).first()


def cleared(request, report):
    messages.error(request, "Nothing was changed: reopen the report first, then change it.")
    return back(report)


def unknown(request, report, key):
    messages.error(request, "Nothing was changed: somebody has settled that already.")
    return back(report)


ACTS = {"accept": accept, "again": open_again, "leave-out": leave_out, "take": take}
