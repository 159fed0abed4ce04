from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.downloads import pdf_response
from board.models import Board
from board.pdf import RenderError
from priorities.forms.standards import AssessmentForm, StandardForm
from priorities.models import Standard
from priorities.permissions import can_assess, can_edit_standard, can_keep_standards
from priorities.standards import compared, standards_pdf, tally

from .plan import edit, form_page


def standards(request):
    boards = Board.objects.filter(pk__in=request.user.roles.boards)
    with_standards = boards.filter(standards__isnull=False).distinct()
    shown = [(board, compared(board)) for board in with_standards]
    return render(
        request,
        "priorities/standards.html",
        {
            "shown": [(board, rows, tally(rows)) for board, rows in shown],
            "may_add": can_keep_standards(request.user),
            "keeps": request.user.roles.keeps,
        },
    )


def standards_paper(request, slug):
    boards = Board.objects.filter(pk__in=request.user.roles.boards)
    board = get_object_or_404(boards, slug=slug)
    day = timezone.localdate()
    try:
        data = standards_pdf(board, day)
    except RenderError as failure:
        messages.error(request, str(failure))
        return redirect("priorities:standards")
    return pdf_response(data, f"national-model-{board.slug}-{day}")


def new_standard(request):
    if not can_keep_standards(request.user):
        raise PermissionDenied
    form = StandardForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            standard = form.save()
            audit.record("add a standard", standard, by=request.user)
        messages.success(request, "Added.")
        return redirect(standard)
    return form_page(request, form, title="Add a standard", button="Add it")


def get_standard(request, pk):
    return get_object_or_404(Standard.objects.visible_to(request.user), pk=pk)


def standard(request, pk):
    standard = get_standard(request, pk)
    return render(
        request,
        "priorities/standard.html",
        {
            "standard": standard,
            "assessments": standard.assessments.select_related("owner", "made_by"),
            "may_edit": can_edit_standard(request.user, standard),
            "may_assess": can_assess(request.user, standard),
        },
    )


def edit_standard(request, pk):
    standard = get_standard(request, pk)
    if not can_edit_standard(request.user, standard):
        raise PermissionDenied
    return edit(
        request,
        standard,
        lambda record, data: StandardForm(data, instance=record, user=request.user),
        title="Edit the standard",
        act="edit a standard",
    )


def assess(request, pk):
    standard = get_standard(request, pk)
    if not can_assess(request.user, standard):
        raise PermissionDenied
    form = AssessmentForm(request.POST or None, standard=standard, by=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            assessment = form.save()
            audit.record("assess", standard, by=request.user, after=assessment.verdict)
        messages.success(request, "Recorded. The last assessment stands beside it.")
        return redirect(standard)
    return form_page(
        request,
        form,
        title=f"Assess: {standard}",
        button="Record it",
        back=standard.get_absolute_url(),
    )
