from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from board.models import Board
from reports.earlier import import_lines
from reports.reading import NotAReport, read_report_file


class Command(BaseCommand):
    help = (
        "Read an earlier report (plain text, Markdown or .docx) and keep it as a draft. "
        "Prints what found no place, and as its last line the draft's address."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--board", help="whose report it is, by its slug")

    def handle(self, *, file, board, **options):
        board = the_board(board)
        try:
            report = import_lines(read_report_file(file), board=board, by=None, name=file.name)
        except NotAReport as error:
            raise CommandError(str(error)) from error
        if report.leftovers:
            self.stdout.write("Kept aside, because it found no place:")
            for line in report.leftovers.split("\n"):
                self.stdout.write(f"  {line}")
        self.stdout.write(report.get_absolute_url())


def the_board(slug):
    """The board named, or the installation's only one that reports to a committee."""
    boards = Board.objects.filter(kind=Board.Kind.BOARD).select_related("reports_to")
    if slug:
        board = boards.filter(slug=slug).first()
        if board is None:
            known = ", ".join(boards.values_list("slug", flat=True)) or "there is none yet"
            raise CommandError(f"No board has the slug {slug}. Boards: {known}.")
        return board
    if not boards:
        raise CommandError(
            "There is no board yet: load the demo (manage.py demo) or make a board first."
        )
    if len(boards) > 1:
        slugs = ", ".join(board.slug for board in boards)
        raise CommandError(f"There are several boards: choose one with --board. Boards: {slugs}.")
    return boards[0]
