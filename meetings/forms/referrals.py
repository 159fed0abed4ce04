from django import forms
from django.db.models import Q

from board.fields import DayField
from board.models import Agency, Board, Seat
from meetings.models import Referral
from priorities.models import Priority

from .versioned import VersionedForm


class ReferralForm(VersionedForm):
    """What the parent committee asked or resolved, who answers, and by when."""

    class Meta:
        model = Referral
        fields = ["board", "kind", "text", "asked_on", "due", "agency", "priority"]
        field_classes = {"asked_on": DayField, "due": DayField}
        labels = {
            "board": "Asked of",
            "kind": "What it is",
            "text": "Its words",
            "asked_on": "Day of the committee",
            "due": "To be answered by",
            "agency": "Who answers",
        }
        help_texts = {"text": "As the committee’s minutes have them", "agency": ""}
        widgets = {"text": forms.Textarea({"rows": 5}), "kind": forms.RadioSelect}
        error_messages = {
            "text": {"required": "Enter the words of the question or resolution"},
            "asked_on": {"required": "Enter the day of the committee"},
            "due": {"required": "Enter the day by which it is to be answered"},
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        boards = Board.objects.filter(pk__in=user.roles.kept).exclude(reports_to=None)
        self.fields["board"].queryset = boards.order_by("kind", "name")
        self.fields["board"].empty_label = None
        seats = Seat.objects.current().filter(board__in=boards)
        self.fields["agency"].queryset = Agency.objects.filter(
            Q(pk__in=seats.values("agency")) | Q(pk=self.instance.agency_id)
        )
        self.fields["agency"].empty_label = "The Board itself"
        self.fields["priority"].queryset = Priority.objects.filter(
            board__in=boards
        ) | Priority.objects.filter(board__in=boards.values("reports_to"))
        self.fields["priority"].empty_label = "None in particular"
        if self.instance.pk:
            del self.fields["board"]

    def clean(self):
        data = super().clean()
        asked_on, due = data.get("asked_on"), data.get("due")
        if asked_on and due and due < asked_on:
            self.add_error("due", "Give a day that is not before the committee’s")
        board = data.get("board") or (self.instance.board if self.instance.pk else None)
        priority, agency = data.get("priority"), data.get("agency")
        if board and priority and priority.board_id not in (board.pk, board.reports_to_id):
            self.add_error("priority", f"This belongs to another board than {board}")
        if board and agency and not board.seats.filter(agency=agency).exists():
            self.add_error("agency", f"It has no seat on {board}: choose another, or the Board")
        if board:
            self.instance.from_board = board.reports_to
        return data
