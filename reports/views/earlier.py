"""An earlier report, uploaded or pasted, read into a draft."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from reports.earlier import import_lines
from reports.forms import ImportForm
from reports.permissions import can_draft_reports
from reports.reading import NotAReport


def import_report(request):
    if not can_draft_reports(request.user):
        raise PermissionDenied
    if request.method == "POST":
        form = ImportForm(request.user, request.POST, request.FILES)
        if form.is_valid():
            file = request.FILES.get("file")
            try:
                report = import_lines(
                    form.lines,
                    board=form.cleaned_data["board"],
                    by=request.user,
                    name=file.name if file else "",
                )
            except NotAReport as error:
                form.add_error("file" if file else "pasted", str(error))
            else:
                messages.success(request, "The report was read; compare it with the paper.")
                return redirect(report)
        return render(request, "reports/import.html", {"form": form}, status=422)
    return render(request, "reports/import.html", {"form": ImportForm(request.user)})
