"""The chase log: what was written to whom, what may not have left, and what goes over a head."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.mail import release
from board.models import Agency, Board
from board.permissions import can_keep_board, can_read_audit
from board.sitting import chair_on
from config.forms import OverTheHeadForm
from config.models import Notice
from config.reminders import letter, send, to_come, unheeded

ON_A_PAGE = 100


def reminders(request):
    if not can_read_audit(request.user):
        raise PermissionDenied
    notices = Notice.objects.visible_to(request.user).select_related("agency", "board", "person")
    pages = Paginator(notices.exclude(pk__in=notices.unconfirmed()), ON_A_PAGE)
    return render(
        request,
        "config/reminders.html",
        {
            "unheeded": unheeded(request.user),
            "unconfirmed": notices.unconfirmed(),
            "to_come": to_come(
                Board.objects.filter(pk__in=request.user.roles.keeps), timezone.localdate()
            ),
            "page": pages.get_page(request.GET.get("page")),
            "kept": request.user.roles.kept,
        },
    )


@require_POST
def send_again(request, pk):
    """The secretary's word on what may not have left."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    if not can_keep_board(request.user, notice.board):
        raise PermissionDenied
    with transaction.atomic():
        freed = release(Notice.objects.filter(pk=pk))
        if freed:
            audit.record("send the reminder again", notice, by=request.user)
    if freed:
        send_now(request, notice)
    else:
        messages.error(request, "Nothing was sent: this one is confirmed by now, or on its way.")
    return redirect("reminders")


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
    """Hand one notice to the mail server, and say truly what became of it."""
    tried = send(Notice.objects.filter(pk=notice.pk), timezone.localdate())
    if not tried:
        messages.success(request, "Nothing was sent: it is answered by now.")
    elif tried[0].failed:
        messages.error(request, f"Not sent to {tried[0].address}. {tried[0].failed}")
    elif tried[0].unconfirmed:
        messages.error(request, "Nobody knows whether it left: the mail server did not say.")
    else:
        messages.success(request, f"Sent to {tried[0].address}.")
