from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.forms import (
    AnswerForm,
    AppointForm,
    EndForm,
    LeavingForm,
    MemberForm,
    NominationForm,
    SignForm,
    TermsForm,
)
from board.models import Agency, AgencyMember, Appointment, Board, SharingSignature
from board.permissions import can_keep_agency, can_keep_board, can_read_audit
from board.sitting import offices, seats_taken

# Pages


def boards(request):
    found = Board.objects.visible_to(request.user).select_related("reports_to")
    return render(request, "board/boards.html", {"boards": found})


def board(request, slug):
    board = visible_board(request, slug)
    day = timezone.localdate()
    sitting = list(
        board.appointments.current(day).select_related("person", "seat__agency").order_by("start")
    )
    seats = board.seats.current(day).select_related("agency").order_by("agency__name")
    versions = list(board.terms_of_reference.order_by("-version"))
    agreement = board.sharing_agreements.order_by("-version").first()
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
            "signatures": agreement.signatures.select_related("agency") if agreement else [],
            "nominations": board.nominations.select_related("put_to"),
            "today": day,
            "may_keep": can_keep_board(request.user, board),
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


# What the secretary keeps


def appoint(request, slug):
    board = kept_board(request, slug)
    initial = {"role": Appointment.Role.MEMBER, "start": timezone.localdate()}
    form = AppointForm(board, posted(request), initial=initial)

    def save():
        data = form.cleaned_data
        person = form.save_person()
        made = Appointment.objects.create(
            person=person, board=board, seat=data["seat"], role=data["role"], start=data["start"]
        )
        audit.record("appoint", made, by=request.user)
        return f"{person} is {made.get_role_display().lower()} from {made.start:%-d %B %Y}." + (
            "" if person.has_usable_password() else FIRST_PASSWORD
        )

    return keep(request, form, save, title="Appoint somebody", about=board)


FIRST_PASSWORD = " A first password is set with “Forgot your password?” on the sign-in page."


def end_appointment(request, slug, pk):
    board = kept_board(request, slug)
    appointment = get_object_or_404(board.appointments.select_related("person"), pk=pk)
    form = EndForm(appointment, posted(request), initial={"end": timezone.localdate()})

    def save():
        appointment.end = form.cleaned_data["end"]
        appointment.save(update_fields=["end"])
        audit.record(
            "end the appointment", appointment, by=request.user, note=form.cleaned_data["reason"]
        )
        return f"The last day of {appointment.person} is {appointment.end:%-d %B %Y}."

    return keep(
        request,
        form,
        save,
        title=f"End the appointment of {appointment.person}",
        about=board,
        template="board/end.html",
        appointment=appointment,
    )


def leaving(request, slug, pk):
    board = kept_board(request, slug)
    appointment = get_object_or_404(board.appointments.select_related("person"), pk=pk)
    initial = {"leaving_announced_on": appointment.leaving_announced_on or timezone.localdate()}
    form = LeavingForm(posted(request), instance=appointment, initial=initial)

    def save():
        form.save()
        audit.record(
            "announce the leaving", appointment, by=request.user, note=appointment.leaving_note
        )
        return f"It is on record that {appointment.person} is to leave."

    return keep(request, form, save, title=f"{appointment.person} is to leave", about=board)


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


def add_member(request, slug):
    agency = kept_agency(request, slug)
    form = MemberForm(agency, posted(request), initial={"start": timezone.localdate()})

    def save():
        data = form.cleaned_data
        person = form.save_person()
        made = AgencyMember.objects.create(
            person=person, agency=agency, role=data["role"], start=data["start"]
        )
        audit.record("add to the agency", person, by=request.user, note=str(made))
        return f"{person} is {made.get_role_display().lower()} for {agency}." + (
            "" if person.has_usable_password() else FIRST_PASSWORD
        )

    return keep(request, form, save, title="Add a lead or contributor", about=agency)


def end_member(request, slug, pk):
    agency = kept_agency(request, slug)
    member = get_object_or_404(agency.members.select_related("person"), pk=pk)
    form = EndForm(member, posted(request), initial={"end": timezone.localdate()})

    def save():
        member.end = form.cleaned_data["end"]
        member.save(update_fields=["end"])
        audit.record(
            "end the work for the agency",
            member.person,
            by=request.user,
            note=f"{member}. {form.cleaned_data['reason']}".strip(),
        )
        return f"The last day of {member.person} is {member.end:%-d %B %Y}."

    return keep(
        request,
        form,
        save,
        title=f"{member.person} no longer works for this agency",
        about=agency,
    )


def posted(request):
    return request.POST if request.method == "POST" else None


def visible_board(request, slug):
    return get_object_or_404(
        Board.objects.visible_to(request.user).select_related("reports_to"), slug=slug
    )


def kept_board(request, slug):
    board = visible_board(request, slug)
    if not can_keep_board(request.user, board):
        raise PermissionDenied
    return board


def kept_agency(request, slug):
    agency = get_object_or_404(Agency.objects.visible_to(request.user), slug=slug)
    if not can_keep_agency(request.user, agency.seats.current().values_list("board", flat=True)):
        raise PermissionDenied
    return agency


def keep(request, form, save, *, title, about, to=None, template="board/form.html", **context):
    """Show one form, and save it: `save` runs in one transaction with its audit event, and
    returns the sentence that tells what was done. Then back to the page of `to`, or `about`."""
    to = to or about
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                done = save()
        except IntegrityError:
            form.add_error(None, "Somebody saved the same a moment ago. Look at the page again.")
        else:
            messages.success(request, done)
            return redirect(to)
    context |= {"form": form, "title": title, "about": about, "to": to}
    return render(request, template, context, status=422 if form.is_bound else 200)
