from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from board.models import Appointment
from board.workflow import perform
from priorities.models import Round
from priorities.transitions import OPEN_ROUND


class Command(BaseCommand):
    help = "Open the planned rounds whose quarter contains today, or the one named by --ref."

    def add_arguments(self, parser):
        parser.add_argument("--ref", help="the round's address, as in soc-board-2018-07")

    def handle(self, *args, ref=None, **options):
        today = timezone.localdate()
        rounds = Round.objects.select_related("board").order_by("board__name")
        if ref:
            rounds = rounds.filter(ref=ref)
            if not rounds:
                raise CommandError(f"There is no round {ref}.")
        else:
            rounds = rounds.filter(quarter_start__lte=today, quarter_end__gte=today)
            if not rounds:
                self.stdout.write("No round is planned for this quarter.")
        for round in rounds:
            if round.state != Round.State.PLANNED:
                self.stdout.write(f"{round.ref} is {round.get_state_display().lower()} already.")
                continue
            perform(OPEN_ROUND, round, by=secretary_of(round.board, today), note="by command")
            asked = round.agency_returns.count()
            self.stdout.write(f"{round.ref} is open: {asked} agencies asked, due {round.due}.")


def secretary_of(board, day):
    """Whoever is secretary on that day: a command has no office of its own."""
    office = (
        Appointment.objects.current(day)
        .filter(board=board, role=Appointment.Role.SECRETARY)
        .select_related("person")
        .first()
    )
    if office is None:
        raise CommandError(f"{board} has no secretary today: a round is opened in that name.")
    return office.person
