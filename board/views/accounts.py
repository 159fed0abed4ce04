"""The accounts of a board's people: who can sign in, and what helps whoever cannot."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.forms.people import ReasonForm
from board.forms.setting_up import PersonForm
from board.invitations import remove_second_factor, send_link
from board.models import AgencyMember, User
from board.permissions import can_keep_person
from board.sitting import boards_of
from board.views.shared import correct, keep, kept_board, posted


def accounts(request, slug):
    board = kept_board(request, slug)
    day = timezone.localdate()
    offices = board.appointments.exclude(end__lt=day).select_related("seat__agency")
    works = AgencyMember.objects.exclude(end__lt=day).filter(agency__in=seated(board, day))
    people = {person.pk: person for person in people_of(board)}
    boards = boards_of(people.values())
    for person in people.values():
        person.tasks = []
        person.own = can_keep_person(request.user, boards[person.pk])
    for each in offices:
        where = f" for {each.seat.agency.short}" if each.seat_id else ""
        people[each.person_id].tasks.append(each.get_role_display() + where)
    for each in works.select_related("agency"):
        people[each.person_id].tasks.append(f"{each.get_role_display()}, {each.agency.short}")
    return render(request, "board/accounts.html", {"board": board, "people": people.values()})


def person(request, slug, pk):
    board, person = account_of(request, slug, pk)
    if not can_keep_person(request.user, boards_of([person])[person.pk]):
        raise PermissionDenied
    return correct(
        request,
        person,
        PersonForm,
        act="correct the name or post",
        title=f"Correct the name or post of {person}",
        about=board,
        to=reverse("board:accounts", args=[board.slug]),
    )


@require_POST
def invite(request, slug, pk):
    board, person = account_of(request, slug, pk)
    if not person.is_active:
        messages.error(request, f"Nothing was sent: {person} may not sign in.")
    elif send_link(person, request.build_absolute_uri("/")):
        audit.record("send a link to set a password", person, by=request.user)
        messages.success(request, f"A link to set a password is on its way to {person.email}.")
    else:
        messages.error(request, NOT_SENT)
    return redirect("board:accounts", board.slug)


NOT_SENT = "The e-mail could not be sent: the mail server did not take it. Try again later."


def second_factor(request, slug, pk):
    board, person = account_of(request, slug, pk)
    form = ReasonForm(posted(request))

    def save():
        remove_second_factor(person, by=request.user, note=form.cleaned_data["reason"])
        return f"The second factor of {person} is gone, and the password with it."

    def then():
        sent = send_link(person, request.build_absolute_uri("/"))
        return f"A link to set a new one is on its way to {person.email}." if sent else NOT_SENT

    return keep(
        request,
        form,
        save,
        then=then,
        title=f"Remove the second factor of {person}",
        about=board,
        to=reverse("board:accounts", args=[board.slug]),
        template="board/second_factor.html",
        person=person,
    )


def people_of(board):
    """Who holds an office here or works for an agency with a seat, now or to come."""
    day = timezone.localdate()
    return (
        User.objects.filter(
            Q(pk__in=board.appointments.exclude(end__lt=day).values("person"))
            | Q(
                pk__in=AgencyMember.objects.exclude(end__lt=day)
                .filter(agency__in=seated(board, day))
                .values("person")
            )
        )
        .annotate(
            protected=Exists(
                Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
            )
        )
        .order_by("name")
    )


def seated(board, day):
    return board.seats.exclude(end__lt=day).values("agency")


def account_of(request, slug, pk):
    """The board and one of its people, for its secretary; 404 for anybody else's account."""
    board = kept_board(request, slug)
    return board, get_object_or_404(people_of(board), pk=pk)
