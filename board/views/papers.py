"""Terms of reference, sharing agreement, nominations."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.forms.papers import AnswerForm, NominationForm, SignForm, TermsForm
from board.models import Board, SharingSignature
from board.permissions import can_keep_board
from board.views.shared import keep, kept_board, posted, visible_board


def terms(request, slug):
    board = visible_board(request, slug)
    return render(
        request,
        "board/terms.html",
        {
            "board": board,
            "versions": board.terms_of_reference.order_by("-version"),
            "may_keep": can_keep_board(request.user, board),
        },
    )


def nominate(request, slug):
    board = kept_board(request, slug)
    form = NominationForm(board, posted(request), initial={"sought_on": timezone.localdate()})

    def save():
        nomination = form.save()
        audit.record("seek a nomination", nomination, by=request.user, note=nomination.reason)
        return f"A nomination for {nomination.get_office_display().lower()} is sought."

    return keep(request, form, save, title="Seek a nomination", about=board)


def answer(request, slug, pk):
    board = kept_board(request, slug)
    nomination = get_object_or_404(board.nominations, pk=pk)
    form = AnswerForm(
        posted(request),
        instance=nomination,
        initial={"answered_on": nomination.answered_on or timezone.localdate()},
    )

    def save():
        form.save()
        audit.record("record the answer", nomination, by=request.user, note=nomination.answer)
        return "The answer is on record."

    return keep(request, form, save, title="Record the answer to a nomination", about=board)


def sign(request, slug, pk):
    board = kept_board(request, slug)
    signature = get_object_or_404(
        SharingSignature.objects.filter(agreement__board=board).select_related(
            "agency", "agreement"
        ),
        pk=pk,
    )
    form = SignForm(posted(request), instance=signature)

    def save():
        form.save()
        audit.record(
            "record a signature",
            signature.agreement,
            by=request.user,
            note=f"{signature.agency}, {signature.signed_by}, {signature.signed_on:%-d %B %Y}",
        )
        return f"{signature.agency} has signed."

    return keep(
        request, form, save, title=f"{signature.agency} signed", about=signature.agreement, to=board
    )


def new_terms(request, slug):
    """A new version; one made meanwhile by somebody else is shown beside it, never overwritten."""
    board = kept_board(request, slug)
    if request.method == "POST":
        form = TermsForm(request.POST)
        if form.is_valid():
            with transaction.atomic():
                Board.objects.select_for_update().get(pk=board.pk)
                current = board.terms_of_reference.order_by("-version").first()
                number = current.version if current else 0
                if form.cleaned_data["base"] == number:
                    form.instance.board, form.instance.version = board, number + 1
                    made = form.save()
                    audit.record("make a new version", made, by=request.user)
                    messages.success(request, f"Version {made.version} is in force.")
                    return redirect(board)
            data = request.POST.copy()
            data["base"] = number
            return terms_form(request, board, TermsForm(data), status=409, theirs=current)
        return terms_form(request, board, form, status=422)
    current = board.terms_of_reference.order_by("-version").first()
    initial = {"base": current.version if current else 0, "text": current.text if current else ""}
    return terms_form(request, board, TermsForm(initial=initial))


def terms_form(request, board, form, status=200, theirs=None):
    return render(
        request,
        "board/terms_form.html",
        {
            "form": form,
            "title": "New terms of reference",
            "about": board,
            "to": board,
            "theirs": theirs,
        },
        status=status,
    )
