from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst

from board.models import Appointment, User
from meetings.agenda import people_of
from meetings.models import Absence, Attendance, Declaration, Meeting
from meetings.models.attendance import joined

from .meetings import TimeField

Status = Attendance.Status
THERE = (Status.PRESENT, Status.SUBSTITUTE, Status.IN_ATTENDANCE)


class AttendanceForm(forms.ModelForm):
    """One line of the attendance: a seat, or somebody without one."""

    class Meta:
        model = Attendance
        fields = [
            "status",
            "person",
            "name",
            "capacity",
            "mode",
            "substitute_for",
            "guest",
        ]
        labels = {
            "status": "Attendance",
            "person": "Person",
            "name": "Or a name that is not on the list",
            "capacity": "Post",
            "mode": "How",
            "substitute_for": "In whose place",
            "guest": "May read this meeting's open papers",
        }

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        attendance = self.instance
        seat = attendance.seat_id is not None
        self.summary_label = str(attendance.seat.agency) if seat else attendance.who or "New guest"
        person = self.fields["person"]
        person.queryset, people = choices.people, choices.person_choices
        if attendance.person_id and attendance.person_id not in dict(people):
            person.queryset |= User.objects.filter(pk=attendance.person_id)
            people = [*people, (attendance.person_id, attendance.person.named)]
        person.choices = [("", "Nobody on the list"), *people]
        self.items = {str(item.pk): item for item in choices.items}
        self.away = []
        absences = joined(attendance.absences.all()) if attendance.pk else []
        for place, absence in enumerate([*absences, Absence()]):
            for end, label in (("after", "Left after"), ("back", "Came, or came back, at")):
                name = f"{end}-{place}"
                self.fields[name] = forms.ChoiceField(
                    label=label, required=False, choices=[("", "–"), *choices.item_choices]
                )
                self.initial[name] = str(getattr(absence, f"{end}_id") or "")
            self.away.append((self[f"after-{place}"], self[f"back-{place}"]))
        hidden = [Status.IN_ATTENDANCE] if seat else [Status.SUBSTITUTE, Status.NOT_REPRESENTED]
        self.fields["status"].choices = [
            choice for choice in Status.choices if choice[0] not in hidden
        ]
        del self.fields["guest" if seat else "substitute_for"]
        if not seat and attendance.pk and attendance.status == Status.EXPECTED:
            self.fields["remove"] = forms.BooleanField(
                label="No longer expected: take off the list", required=False
            )

    def clean(self):
        data = super().clean()
        nobody = not data.get("person") and not data.get("name")
        if nobody and (data.get("status") in THERE or not self.instance.seat_id):
            self.add_error("person", "Choose who it is, or write the name")
        self.absences, last = [], None
        for after, back in self.away:
            item, until = (self.items.get(data.get(box.name)) for box in (after, back))
            if not (item or until):
                continue
            absence = Absence(after=item, back=until)
            if absence.ends <= absence.begins:
                self.add_error(back.name, f"Choose an item taken after item {item.number}")
            elif last and (item is None or absence.begins < last.ends):
                self.add_error(after.name, "Give the comings and goings in their order")
            self.absences.append(absence)
            last = absence
        return data

    def save(self):
        if self.cleaned_data.get("remove"):
            self.instance.delete()
            return self.instance
        attendance = super().save()
        if any(box.name in self.changed_data for boxes in self.away for box in boxes):
            attendance.absences.all().delete()
            for absence in self.absences:
                absence.attendance = attendance
            Absence.objects.bulk_create(self.absences)
        return attendance


class DeclarationForm(forms.ModelForm):
    class Meta:
        model = Declaration
        fields = ["attendance", "item", "interest"]
        labels = {"attendance": "Who", "item": "Item", "interest": "Interest declared"}
        error_messages = {
            "attendance": {"required": "Choose who declared it"},
            "interest": {"required": "Enter the interest"},
        }

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["attendance"].queryset = meeting.attendances.filter(
            Q(status__in=THERE)
        ).select_related("person")
        self.fields["attendance"].empty_label = "Choose"
        self.fields["item"].queryset = meeting.items.all()
        self.fields["item"].empty_label = "The whole meeting"


class Choices:
    """What every line of the attendance may choose from, read once for the page."""

    def __init__(self, meeting):
        self.people = people_of(meeting.board, meeting.day)
        self.person_choices = [(person.pk, person.named) for person in self.people]
        self.items = meeting.items.all()
        self.item_choices = [(item.pk, str(item)[:60]) for item in self.items]


class MovesForm(forms.Form):
    """Who comes and goes during an item: one box for each attendance, empty for no change.

    `moved` is [(attendance, what was chosen of `moves`)].
    """

    def __init__(self, data=None, *, rows, item):
        super().__init__(data, prefix="move")
        self.rows, self.item = rows, item
        for row in rows:
            self.fields[str(row.pk)] = forms.ChoiceField(
                label=row.seat.agency.short if row.seat_id else row.who,
                required=False,
                choices=[("", standing(row, item)), *moves(row, item)],
                help_text=capfirst(row.stay) if row.status in THERE else "",
            )

    @property
    def moved(self):
        return [
            (row, self.cleaned_data[str(row.pk)])
            for row in self.rows
            if self.cleaned_data[str(row.pk)]
        ]


PRESENT, FROM, LEFT, STAYED = "present", "from", "left", "stayed"


def moves(row, item):
    """[(value, label)] of what may happen to somebody now."""
    present = "Present" if row.seat_id else "In attendance"
    here = row.status in THERE
    away = list(row.absences.all())
    found = []
    if here and any(absence.covers(item) for absence in away):
        found.append((FROM, f"Back at item {item.number}"))
    elif here and any(absence.after_id == item.pk for absence in away):
        found.append((STAYED, f"Did not leave after item {item.number}"))
    elif here:
        found.append((LEFT, f"Left after item {item.number}"))
    if not here or away:
        found.append((PRESENT, f"{present} throughout"))
    if item.taken > 1 and not here:
        found.append((FROM, f"Here from item {item.number}"))
    if row.status != Status.APOLOGIES:
        found.append((Status.APOLOGIES, Status.APOLOGIES.label))
    if row.seat_id and row.status != Status.NOT_REPRESENTED:
        found.append((Status.NOT_REPRESENTED, Status.NOT_REPRESENTED.label))
    return found


def standing(row, item):
    """Where somebody is at this item: "Present, remote" or "Away at item 5"."""
    status = row.get_status_display()
    if row.status not in THERE:
        return status
    if not row.was_there(item):
        return f"Away at item {item.number}"
    return f"{status}, remote" if row.mode == Attendance.Mode.REMOTE else status


def move(row, what, item):
    """Change an attendance by one of `moves`; inside a transaction. What was recorded of other
    items stays, unless somebody was there throughout or not at all."""
    if what == LEFT:
        row.absences.create(after=item)
        return
    if what == STAYED:
        row.absences.filter(after=item).delete()
        return
    if what == FROM and row.status in THERE:
        for absence in row.absences.all():
            if absence.covers(item):
                absence.back = item
                absence.save(update_fields=["back"])
        return
    row.absences.all().delete()
    if what == FROM:
        row.absences.create(back=item)
    if what not in (PRESENT, FROM):
        row.status = what
    elif row.status not in THERE:
        row.status = Status.PRESENT if row.seat_id else Status.IN_ATTENDANCE
    row.save(update_fields=["status"])


class TimesForm(forms.Form):
    """When a meeting that is typed up afterwards really began and ended."""

    began = TimeField(label="Began", error_messages={"required": "Enter when it began"})
    finished = TimeField(label="Ended", error_messages={"required": "Enter when it ended"})

    def __init__(self, data=None, *, meeting):
        super().__init__(data, prefix="times")
        local = timezone.localtime
        self.day = meeting.day
        self.initial = {
            "began": local(meeting.began_at or meeting.starts_at).time(),
            "finished": local(meeting.finished_at or meeting.ends_at).time(),
        }

    def clean(self):
        data = super().clean()
        began, finished = data.get("began"), data.get("finished")
        if began and finished and finished <= began:
            self.add_error("finished", "It must have ended after it began")
        return data


class PresidingForm(forms.ModelForm):
    """Who has the rights of the chair in this meeting: one of its members."""

    class Meta:
        model = Meeting
        fields = ["presiding"]
        labels = {"presiding": "Who presides"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        meeting = self.instance
        members = (
            Appointment.objects.current(timezone.localdate())
            .filter(board=meeting.board)
            .exclude(role=Appointment.Role.OBSERVER)
        )
        presiding = self.fields["presiding"]
        presiding.queryset = User.objects.filter(
            Q(pk__in=members.values("person")) | Q(pk=meeting.presiding_id)
        )
        presiding.empty_label = "Nobody yet"
        presiding.label_from_instance = lambda person: person.named
        presiding.help_text = "Has the rights of the chair in this meeting, from now on"
