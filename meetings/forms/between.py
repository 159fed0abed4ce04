from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from board.fields import DayField
from board.models import Board
from meetings.models import BetweenMeetings, Reply
from priorities.models import Priority

Route = BetweenMeetings.Route


class BetweenForm(forms.ModelForm):
    """A question put in writing, with its last day; or the chair's action, with its authority."""

    class Meta:
        model = BetweenMeetings
        fields = ["board", "route", "text", "reason", "priority", "deadline", "authority"]
        field_classes = {"deadline": DayField}
        labels = {
            "route": "How",
            "text": "What is to be agreed",
            "reason": "Why it cannot wait for a meeting",
            "deadline": "Last day for replies, for a written procedure",
            "authority": "Authority, for chair’s action",
        }
        help_texts = {
            "text": "Such as: to sign the sharing agreement with the probation service",
            "authority": "Such as: paragraph 6 of the terms of reference",
        }
        widgets = {"route": forms.RadioSelect, "text": forms.Textarea({"rows": 4})}
        error_messages = {
            "text": {"required": "Enter what is to be agreed"},
            "reason": {"required": "Enter why it cannot wait for a meeting"},
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        boards = Board.objects.filter(pk__in=user.roles.keeps).order_by("kind", "name")
        self.fields["board"].queryset = boards
        self.fields["board"].empty_label = None
        above = boards.exclude(reports_to=None).values("reports_to")
        priorities = Priority.objects.filter(board__in=boards) | Priority.objects.filter(
            board__in=above
        )
        self.fields["priority"].queryset = priorities.exclude(state=Priority.State.RETIRED)
        self.fields["priority"].empty_label = "None in particular"
        self.fields["deadline"].required = self.fields["authority"].required = False
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self):
        data = super().clean()
        deadline, priority, board = data.get("deadline"), data.get("priority"), data.get("board")
        if data.get("route") == Route.WRITTEN:
            data["authority"] = ""
            if not deadline and "deadline" not in self.errors:
                self.add_error("deadline", "Enter the last day for replies")
            elif deadline and deadline < timezone.localdate():
                self.add_error("deadline", "Give today or a later day")
        elif data.get("route") == Route.CHAIR:
            data["deadline"] = None
            if not data.get("authority"):
                self.add_error("authority", "Enter by which authority the chair acts")
        if priority and board and priority.board_id not in (board.pk, board.reports_to_id):
            self.add_error("priority", f"This belongs to another board than {board}")
        return data


class ReplyForm(forms.ModelForm):
    """The reply for one seat. The secretary enters those that came by letter or e-mail."""

    class Meta:
        model = Reply
        fields = ["seat", "answer", "comment", "sender"]
        labels = {
            "seat": "For",
            "answer": "Reply",
            "comment": "Remark",
            "sender": "Who sent it, if it came by letter or e-mail",
        }
        widgets = {"answer": forms.RadioSelect}
        error_messages = {
            "seat": {"required": "Choose for which agency"},
            "answer": {"required": "Choose the reply"},
        }

    def __init__(self, *args, seats, own, **kwargs):
        """`seats` are those this person may enter; `own` the keys of those of their own."""
        super().__init__(*args, **kwargs)
        self.own = own
        self.fields["seat"].queryset = seats
        self.fields["seat"].label_from_instance = lambda seat: seat.agency.name
        self.fields["seat"].empty_label = "Choose" if len(seats) > 1 else None
        self.fields["answer"].choices = Reply.Answer.choices
        if not set(seats.values_list("pk", flat=True)) - own:
            del self.fields["sender"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self):
        data = super().clean()
        seat = data.get("seat")
        if seat and seat.pk not in self.own and not data.get("sender"):
            self.add_error("sender", "Enter who sent it: it is not your own reply")
        return data
