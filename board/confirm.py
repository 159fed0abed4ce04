"""One page for every transition: what will happen, the reason if one is asked, a button."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from board.forms import NoteForm
from board.workflow import WrongState, open_transitions, perform, state_label


def acts(transitions, user, record, address):
    """The buttons open to this person: [(transition, url)]. `address` is a URL name that takes
    the record's own arguments (`record.url_args`) and the verb."""
    return [
        (row.shown_for(record), reverse(address, args=[*record.url_args, row.slug]))
        for row in open_transitions(transitions, user, record)
        if not (row.idle and row.idle(record))
    ]


def perform_noted(transition, record, form, *, by):
    return perform(transition, record, by=by, note=form.cleaned_data["note"])


def confirm(
    request,
    record,
    transitions,
    verb,
    *,
    back,
    done="",
    template="confirm.html",
    asks=NoteForm,
    carry_out=perform_noted,
    **context,
):
    """Carry out one transition: GET asks, POST does it and returns to `back`.

    `template` extends confirm.html and fills its block "about" from `context`. `asks` is a
    NoteForm that asks for more, `carry_out(transition, record, form, by=)` does more with it.

    404 for a verb that is not in the table, 403 for one that is not this person's, a message
    for one that the record's state no longer allows.
    """
    transition = next((row for row in transitions if row.slug == verb), None)
    if transition is None:
        raise Http404
    if not transition.allowed(request.user, record):
        raise PermissionDenied
    form = asks(transition, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid():
            try:
                carry_out(transition, record, form, by=request.user)
            except WrongState as stale:
                messages.error(request, str(stale))
                return redirect(back)
            except ValidationError as missing:
                form.take_errors(missing)
            else:
                messages.success(request, done or f"Done: {transition.button.lower()}.")
                return redirect(back)
    elif not transition.open_to(request.user, record):
        messages.error(
            request,
            f"Nothing was changed: this is already {state_label(record, transition.field)}.",
        )
        return redirect(back)
    return render(
        request,
        template,
        {
            "form": form,
            "transition": transition.shown_for(record),
            "record": record,
            "back": back,
            **context,
        },
        status=422 if request.method == "POST" else 200,
    )
