from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from board.models import Agency, Appointment, Board
from board.permissions import can_keep_agency, can_keep_board, can_read_audit
from board.sitting import offices, seats_taken
from board.views.papers import signed_versions
from board.views.setting_up import may_keep_committee
from board.views.shared import visible_board


def boards(request):
    found = Board.objects.visible_to(request.user).select_related("reports_to")
    return render(request, "board/boards.html", {"boards": found})


def board(request, slug):
    board = visible_board(request, slug)
    day = timezone.localdate()
    sitting = list(
        board.appointments.current(day).select_related("person", "seat__agency").order_by("start")
    )
    seats = list(board.seats.current(day).select_related("agency").order_by("agency__name"))
    versions = list(board.terms_of_reference.order_by("-version"))
    agreement = signed_versions(board).first()
    may_keep = can_keep_board(request.user, board)
    ended = board.appointments.filter(end__lt=day).select_related("person", "seat__agency")
    return render(
        request,
        "board/board.html",
        {
            "board": board,
            "offices": offices(board, sitting),
            "seats": seats_taken(seats, sitting),
            "others": [each for each in sitting if each.role == Appointment.Role.OBSERVER],
            "ended": ended.order_by("-end")[:20],
            "terms": versions[0] if versions else None,
            "versions": versions,
            "agreement": agreement,
            "nominations": board.nominations.select_related("put_to"),
            "today": day,
            "seated": {seat.agency_id for seat in seats},
            "may_keep": may_keep,
            "may_keep_committee": may_keep and may_keep_committee(request.user, board),
            "may_audit": can_read_audit(request.user),
        },
    )


def agency(request, slug):
    agency = get_object_or_404(Agency.objects.visible_to(request.user), slug=slug)
    day = timezone.localdate()
    reach = request.user.roles.reach
    seats = list(agency.seats.current(day).filter(board__in=reach).select_related("board"))
    return render(
        request,
        "board/agency.html",
        {
            "agency": agency,
            "seats": seats,
            "people": agency.members.current(day).select_related("person").order_by("-role"),
            "sitting": Appointment.objects.current(day)
            .filter(seat__in=seats)
            .select_related("person", "board"),
            "may_keep": can_keep_agency(request.user, [seat.board_id for seat in seats]),
        },
    )
