from functools import partial

from django.shortcuts import get_object_or_404
from django.utils import timezone

from board import audit
from board.forms.people import AppointForm, EndForm, LeavingForm, MemberForm
from board.invitations import send_link
from board.models import AgencyMember, Appointment, User
from board.sitting import after
from board.views.shared import keep, kept_agency, kept_board, posted


def appoint(request, slug):
    board = kept_board(request, slug)
    initial = {"role": Appointment.Role.MEMBER, "start": timezone.localdate()}
    form = AppointForm(board, posted(request), initial=initial)

    def save():
        data = form.cleaned_data
        person = form.save_person(request.user.roles.kept)
        made = Appointment.objects.create(
            person=person, board=board, seat=data["seat"], role=data["role"], start=data["start"]
        )
        audit.record("appoint", made, by=request.user)
        done = f"{person} is {made.get_role_display().lower()} from {made.start:%-d %B %Y}."
        return f"{done} {form.post_stays}".strip()

    return keep(
        request,
        form,
        save,
        then=partial(invite, request, form),
        title="Appoint somebody",
        about=board,
    )


def invite(request, form):
    """Send whoever has no password yet a link to set one, if the form says so; a sentence."""
    person = User.objects.get(email=form.cleaned_data["email"])
    if person.has_usable_password() or not person.is_active:
        return ""
    if not form.cleaned_data["invite"]:
        return "A first password is set with “Forgot your password?” on the sign-in page."
    if send_link(person, request.build_absolute_uri("/")):
        return f"A link to set a password is on its way to {person.email}."
    return "The e-mail with the link to set a password could not be sent: send it again later."


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
        in_turn=after(appointment, board.appointments.current().select_related("person")),
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


def add_member(request, slug):
    agency = kept_agency(request, slug)
    form = MemberForm(agency, posted(request), initial={"start": timezone.localdate()})

    def save():
        data = form.cleaned_data
        person = form.save_person(request.user.roles.kept)
        made = AgencyMember.objects.create(
            person=person, agency=agency, role=data["role"], start=data["start"]
        )
        audit.record("add to the agency", person, by=request.user, note=str(made))
        return (
            f"{person} is {made.get_role_display().lower()} for {agency}. {form.post_stays}".strip()
        )

    return keep(
        request,
        form,
        save,
        then=partial(invite, request, form),
        title="Add a lead or contributor",
        about=agency,
    )


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
        template="board/end_member.html",
        member=member,
    )
