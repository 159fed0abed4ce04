from django.shortcuts import get_object_or_404, render

from board.models import Agency, Board


def boards(request):
    return render(
        request, "board/boards.html", {"boards": Board.objects.visible_to(request.user)}
    )


def board(request, slug):
    board = get_object_or_404(Board.objects.visible_to(request.user), slug=slug)
    return render(request, "board/board.html", {"board": board})


def agency(request, slug):
    agency = get_object_or_404(Agency.objects.visible_to(request.user), slug=slug)
    return render(request, "board/agency.html", {"agency": agency})
