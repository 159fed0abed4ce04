"""What a person is, on one day: which boards, which offices, which agencies.

Permissions and `visible_to` read this and nothing else. Access follows present appointments.
"""

from django.db.models import FilteredRelation, Q
from django.utils import timezone

# "Chair" in a rule means the first of these offices that is filled.
CHAIRS = ("chair", "acting_chair", "deputy_chair")


class Roles:
    """The roles of `user` on the London day of `at` (aware; now when none is given).

    Two queries. Sets of board ids:
      boards      holds an office other than observer: reads what members read
      observed    is an observer: is told of meetings, reads no returns
      seated      belongs to an agency with a seat
      kept        secretary
      chaired     chair, or next in line while that office is vacant
    and `agencies`, {agency id: "lead" or "contributor"}.
    """

    def __init__(self, user, at=None):
        self.day = timezone.localdate(at) if at else timezone.localdate()
        self.boards, self.observed, self.kept = set(), set(), set()
        self.titles = {}  # of the boards in reach, for headings: {id: (kind, name)}
        filled = {}
        # Every office of the boards this person sits on: who is chair depends on the others.
        offices = user.appointments.model.objects.current(self.day).filter(
            board__in=user.appointments.current(self.day).values("board")
        )
        for board, person, role, *title in offices.values_list(
            "board_id", "person_id", "role", "board__kind", "board__name"
        ):
            self.titles[board] = tuple(title)
            if role in CHAIRS:
                filled.setdefault(board, {}).setdefault(role, set()).add(person)
            if person == user.pk:
                (self.observed if role == "observer" else self.boards).add(board)
                if role == "secretary":
                    self.kept.add(board)
        self.chaired = {
            board
            for board, chairs in filled.items()
            if user.pk in next(chairs[role] for role in CHAIRS if role in chairs)
        }
        self.agencies, self.seated = {}, set()
        seats = Q(agency__seats__start__lte=self.day) & (
            Q(agency__seats__end__isnull=True) | Q(agency__seats__end__gte=self.day)
        )
        memberships = user.agency_memberships.current(self.day).annotate(
            seat=FilteredRelation("agency__seats", condition=seats)
        )
        for agency, role, board, *title in memberships.values_list(
            "agency_id", "role", "seat__board_id", "seat__board__kind", "seat__board__name"
        ):
            if self.agencies.get(agency) != "lead":
                self.agencies[agency] = role
            if board:
                self.seated.add(board)
                self.titles[board] = tuple(title)

    @property
    def keeps(self):
        """Boards of which secretary or chair."""
        return self.kept | self.chaired

    @property
    def reach(self):
        """Boards whose plain facts (who sits, which priorities) this person may read."""
        return self.boards | self.observed | self.seated

    def secretary(self, board_id):
        return board_id in self.kept

    def chair(self, board_id):
        return board_id in self.chaired

    def keeper(self, board_id):
        return board_id in self.kept or board_id in self.chaired

    def member(self, board_id):
        return board_id in self.boards

    def lead(self, agency_id):
        return self.agencies.get(agency_id) == "lead"

    def belongs(self, agency_id):
        return agency_id in self.agencies
