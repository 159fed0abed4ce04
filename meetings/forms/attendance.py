from django import forms
from django.db.models import Q

from board.models import User
from meetings.agenda import people_of
from meetings.models import Attendance, Declaration

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
            "arrived_item",
            "left_item",
            "guest",
        ]
        labels = {
            "status": "Attendance",
            "person": "Person",
            "name": "Or a name that is not on the list",
            "capacity": "Post",
            "mode": "How",
            "substitute_for": "In whose place",
            "arrived_item": "Arrived during",
            "left_item": "Left after",
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
        for name in ("arrived_item", "left_item"):
            self.fields[name].queryset = choices.items
            self.fields[name].choices = [("", "–"), *choices.item_choices]
        hidden = [Status.IN_ATTENDANCE] if seat else [Status.SUBSTITUTE, Status.NOT_REPRESENTED]
        self.fields["status"].choices = [
            choice for choice in Status.choices if choice[0] not in hidden
        ]
        del self.fields["guest" if seat else "substitute_for"]

    def clean(self):
        data = super().clean()
        nobody = not data.get("person") and not data.get("name")
        if nobody and (data.get("status") in THERE or not self.instance.seat_id):
            self.add_error("person", "Choose who it is, or write the name")
        arrived, left = data.get("arrived_item"), data.get("left_item")
        if arrived and left and left.number < arrived.number:
            self.add_error("left_item", "Choose an item that is not before the arrival")
        return data


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
