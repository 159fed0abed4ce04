"""The chase log: what was written to whom, what goes over a head, and of every kind of letter what
is not known to have left."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.fields import KEY_FIGURES, is_number
from board.mail import release, settle
from board.models import Agency, Board
from board.permissions import can_keep_board, can_read_audit
from board.sitting import chair_on
from config.forms import OverTheHeadForm
from config.letters import KINDS, left_over
from config.models import Notice
from config.reminders import letter, send, to_come, unheeded

ON_A_PAGE = 100


def reminders(request):
    if not can_read_audit(request.user):
        raise PermissionDenied
    at = timezone.now()
    log = Notice.objects.visible_to(request.user).exclude(sent_at=None)
    pages = Paginator(log.select_related("agency", "person", "settled_by"), ON_A_PAGE)
    left = left_over(request.user, at)
    return render(
        request,
        "config/reminders.html",
        {
            "unheeded": unheeded(request.user),
            "left": left,
            "may_settle": any(each.settleable for _, each in left),
            "to_come": to_come(
                Board.objects.filter(pk__in=request.user.roles.keeps), timezone.localdate(at)
            ),
            "page": pages.get_page(request.GET.get("page")),
        },
    )


@require_POST
def settle_letters(request):
    """The secretary's word on what is not known to have left: once more, or that it arrived."""
    if not request.user.roles.kept:
        raise PermissionDenied
    at = timezone.now()
    arrived = request.POST.get("do") == "arrived"
    ticked = set(request.POST.getlist("letter"))
    done, tried = 0, []
    for kind in KINDS:
        rows = chosen(kind, ticked, request.user, at)
        with transaction.atomic():
            found = settle(rows, by=request.user) if arrived else release(rows)
            for row in found:
                audit.record(
                    "say that a letter arrived" if arrived else "send a letter again",
                    row.about,
                    by=request.user,
                    note=f"{row.title}, to {row.to}",
                )
        done += len(found)
        if found and not arrived:
            tried += kind.send(kind.letters(at).filter(pk__in=[row.pk for row in found]), at)
    if not done:
        messages.error(request, "Nothing was done: tick a letter that is still listed below.")
    elif arrived:
        noted = "1 letter" if done == 1 else f"{done} letters"
        messages.success(request, f"Noted: {noted} arrived, on your word.")
    else:
        say_what_became(request, tried)
    return redirect(f"{reverse('reminders')}#letters")


def chosen(kind, ticked, user, at):
    """Of those ticked, as "kind-key", the rows of this kind that are this person's to settle."""
    keys = [key for slug, _, key in (each.partition("-") for each in ticked) if slug == kind.slug]
    keys = [int(key) for key in keys if is_number(key) and len(key) <= KEY_FIGURES]
    return kind.letters(at).kept_by(user).filter(pk__in=keys)


def say_what_became(request, tried):
    """Say truly of each letter what the mail server made of it."""
    if not tried:
        messages.success(request, "Nothing was sent: it is answered by now.")
    for row in tried:
        if row.failed:
            messages.error(request, f"Not sent to {row.to}. {row.failed}.")
        elif row.unconfirmed:
            messages.error(request, f"Nobody knows whether it left: to {row.to}.")
        else:
            messages.success(request, f"Sent to {row.to}.")


def over_the_head(request, board, agency):
    """A letter to whoever stands above the lead; prepared here, sent by the secretary alone."""
    board = get_object_or_404(Board.objects.visible_to(request.user), slug=board)
    agency = get_object_or_404(Agency.objects.visible_to(request.user), slug=agency)
    if not can_keep_board(request.user, board):
        raise PermissionDenied
    rows = unheeded(request.user).get((board, agency))
    if not rows:
        messages.error(request, f"{agency.short} has been written to, or has answered.")
        return redirect("reminders")
    recipients = recipients_of(board, agency)
    form = OverTheHeadForm(
        recipients,
        request.POST or None,
        instance=Notice(
            board=board,
            agency=agency,
            kind=Notice.Kind.ESCALATION,
            subject=f"{board}: no answer from {agency.short}",
            made_by=request.user,
        ),
        initial={"text": letter(board, agency, rows)},
    )
    if request.method == "POST" and form.is_valid():
        form.instance.made_at = timezone.now()
        with transaction.atomic():
            notice = form.save()
            audit.record("write over the lead’s head", notice, by=request.user, note=notice.text)
        send_now(request, notice)
        return redirect("reminders")
    return render(
        request,
        "config/over_the_head.html",
        {"form": form, "board": board, "agency": agency, "rows": rows, "recipients": recipients},
        status=422 if request.method == "POST" else 200,
    )


def recipients_of(board, agency):
    """[(address, name)]: the head of the agency when known, and the chair."""
    found = [(agency.head_email, agency.head or f"Head of {agency}")] if agency.head_email else []
    if chair := chair_on(board, timezone.localdate()):
        found.append((chair.email, f"{chair.named}, {board.chair_title.lower()} of the {board}"))
    return found


def send_now(request, notice):
    """Hand one notice to the mail server."""
    say_what_became(request, send(Notice.objects.filter(pk=notice.pk), timezone.localdate()))
