"""Terms of reference, sharing agreement, nominations."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.forms.papers import (
    AgreementForm,
    AnswerForm,
    NominationForm,
    SignatoriesForm,
    SignForm,
    TermsForm,
    seated,
)
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


def agreement(request, slug):
    """Every version of the sharing agreement, with who signed it."""
    board = visible_board(request, slug)
    return render(
        request,
        "board/agreement.html",
        {
            "board": board,
            "versions": signed_versions(board),
            "seated": set(board.seats.current().values_list("agency", flat=True)),
            "may_keep": can_keep_board(request.user, board),
        },
    )


def signed_versions(board):
    """The versions of its sharing agreement with their signatures, the newest first."""
    signatures = SharingSignature.objects.select_related("agency").order_by("agency__name")
    return board.sharing_agreements.order_by("-version").prefetch_related(
        Prefetch("signatures", signatures)
    )


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


def ask_to_sign(request, slug, pk):
    """Agencies that came to the board after the agreement."""
    board = kept_board(request, slug)
    agreement = get_object_or_404(board.sharing_agreements, pk=pk)
    form = SignatoriesForm(agreement, posted(request))
    if not form.fields["agencies"].queryset.exists():
        messages.error(request, "Every agency with a seat is named in it already.")
        return redirect(board)

    def save():
        agencies = form.cleaned_data["agencies"]
        for agency in agencies:
            agreement.signatures.create(agency=agency)
        names = ", ".join(agency.name for agency in agencies)
        audit.record("ask to sign", agreement, by=request.user, note=names)
        return f"Asked to sign: {names}."

    return keep(request, form, save, title="Ask more agencies to sign", about=agreement, to=board)


def new_terms(request, slug):
    board = kept_board(request, slug)
    current = board.terms_of_reference.order_by("-version").first()
    return new_version(
        request,
        board,
        TermsForm,
        {"text": current.text} if current else {},
        board.terms_of_reference,
        title="New terms of reference",
    )


def new_agreement(request, slug):
    board = kept_board(request, slug)
    current = board.sharing_agreements.order_by("-version").first()
    names = ("title", "legal_basis", "text")
    initial = {name: getattr(current, name) for name in names} if current else {}

    def sign_anew(made, form):
        for agency in form.cleaned_data["agencies"]:
            made.signatures.create(agency=agency)

    return new_version(
        request,
        board,
        partial(AgreementForm, board),
        initial | {"agencies": list(seated(board))},
        board.sharing_agreements,
        title="New version of the sharing agreement" if current else "Sharing agreement",
        then=sign_anew,
    )


def new_version(request, board, make_form, initial, versions, *, title, then=None):
    """Make the next of `versions`; one made meanwhile by somebody else is shown beside the words
    that were typed, never overwritten.

    then  (made, form): what else is written with it
    """
    theirs, status = None, 200
    if request.method == "POST":
        form, status = make_form(request.POST), 422
        if form.is_valid():
            with transaction.atomic():
                Board.objects.select_for_update().get(pk=board.pk)
                theirs = versions.order_by("-version").first()
                number = theirs.version if theirs else 0
                if form.cleaned_data["base"] == number:
                    form.instance.board, form.instance.version = board, number + 1
                    made = form.save()
                    if then:
                        then(made, form)
                    audit.record("make a new version", made, by=request.user)
                    messages.success(request, f"Version {made.version} is in force.")
                    return redirect(board)
            form, status = make_form(with_base(request.POST, number)), 409
    else:
        current = versions.order_by("-version").first()
        form = make_form(initial=initial | {"base": current.version if current else 0})
    return render(
        request,
        "board/version_form.html",
        {"form": form, "title": title, "about": board, "to": board, "theirs": theirs},
        status=status,
    )


def with_base(data, number):
    """The posted data, to be saved again upon the version that is there now."""
    data = data.copy()
    data["base"] = number
    return data
